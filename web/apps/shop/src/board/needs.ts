import type { EtaView, OrderCard, OrderView } from '@huaxin/sync'
import { groupOf, isOpen, lastMove, onTheRoad } from './groups'

export type Level = 'alarm' | 'warn' | 'ask'

/** One reason why an order needs a person of the shop. */
export interface Need {
  kind: string
  level: Level
  /** ms; since when it waits. */
  since: number
}

/** An order that needs somebody, with its reasons, worst first. */
export interface NeedyCard {
  card: OrderCard
  worst: Need
  needs: Need[]
}

/** An order that runs by itself, but not for long if nobody looks. */
export interface TightCard {
  card: OrderCard
  kind: 'eta' | 'unmade' | 'unassigned' | 'not_picked'
  /** ms left until the promise; negative: predicted to be so late. */
  left: number
}

const LEVELS: Record<string, number> = { alarm: 0, warn: 1, ask: 2 }
const KINDS = [
  'complaint', 'incident', 'failed', 'late', 'silent', 'slipping', 'standstill', 'battery', 'off_route', 'shifted', 'not_picked_up', 'not_made', 'unassigned',
  'unread', 'unanswered', 'declined', 'change', 'fix', 'preference', 'report', 'message', 'not_accepted', 'confirm',
]
const AFTERWARDS: ReadonlySet<string> = new Set(['complaint', 'report'])
/** A bouquet takes about this long to make, and so long to ride: later than that it becomes tight. */
const MAKE_MS = 60 * 60_000
const RIDE_MS = 35 * 60_000

const rank = (need: Need): number => (LEVELS[need.level] ?? 3) * 100 + Math.max(0, KINDS.indexOf(need.kind))

/**
 * Why this order needs a person now: what the server said, what the clock says since (a promise that has passed
 * without any event), and words that nobody has read.
 */
export function needsOf(card: OrderCard, now: number): Need[] {
  const { order } = card
  if (!isOpen(order)) return [...afterwards(card), ...unread(card)]
  const found: Need[] = card.attention.map(({ kind, level, since }) => ({ kind, level: level as Level, since }))
  const late = now > order.promise.end && order.status !== 'returning'
  if (late && !found.some((need) => need.kind === 'late')) {
    found.push({ kind: 'late', level: 'alarm', since: order.promise.end })
  }
  return [...found, ...unread(card)]
    .filter((need) => !(late && need.kind === 'slipping'))
    .map((need) => (need.since <= now ? need : { ...need, since: lastMove(order) }))
    .sort((a, b) => rank(a) - rank(b) || a.since - b.since)
}

/** What still needs somebody when the flowers are there. */
function afterwards(card: OrderCard): Need[] {
  return card.attention.filter((one) => AFTERWARDS.has(one.kind)).map(({ kind, level, since }) => ({ kind, level: level as Level, since }))
}

/** Somebody wrote and nobody of the shop has read it. */
function unread(card: OrderCard): Need[] {
  const { last } = card
  if (card.unread === 0 || (last?.type === 'message_sent' && last.actor.role === 'shop')) return []
  return [{ kind: 'message', level: 'ask', since: last?.at ?? card.order.placed_at }]
}

/** Everything that needs somebody: worst first, and of the same kind whoever has waited longest. */
export function needy(cards: OrderCard[], now: number): NeedyCard[] {
  const found: NeedyCard[] = []
  for (const card of cards) {
    const needs = needsOf(card, now)
    const worst = needs[0]
    if (worst) found.push({ card, worst, needs })
  }
  return found.sort(
    (a, b) => rank(a.worst) - rank(b.worst) || urgency(a) - urgency(b) || a.card.order.number - b.card.order.number,
  )
}

/** Whoever has waited longest; of those that may be late, whose promise ends first (that is predicted anew all the time). */
const urgency = ({ worst, card }: NeedyCard): number =>
  worst.kind === 'slipping' ? card.order.promise.end : worst.since

/** What will be trouble: nearest first. Orders that already need somebody are not said twice. */
export function tight(
  cards: OrderCard[],
  etas: Record<string, EtaView>,
  now: number,
  already: ReadonlySet<string>,
): TightCard[] {
  const found: TightCard[] = []
  for (const card of cards) {
    if (already.has(card.order.id) || !isOpen(card.order)) continue
    const one = tightness(card, etas[card.order.id], now)
    if (one) found.push(one)
  }
  return found.sort((a, b) => a.left - b.left)
}

function tightness(card: OrderCard, eta: EtaView | undefined, now: number): TightCard | null {
  const { order } = card
  const left = order.promise.end - now
  if (eta && onTheRoad(order) && (eta.verdict === 'slipping' || eta.verdict === 'late')) {
    return { card, kind: 'eta', left: order.promise.end - eta.p90_at }
  }
  const group = groupOf(order)
  if ((group === 'confirmed' || group === 'making') && left < MAKE_MS) return { card, kind: 'unmade', left }
  if (group === 'ready' && left < MAKE_MS) return { card, kind: 'unassigned', left }
  if (group === 'assigned' && left < RIDE_MS) return { card, kind: 'not_picked', left }
  return null
}

/** How sure it is that the promise is kept. */
export type Tone = 'leaf' | 'amber' | 'cinnabar' | 'ink'

/** The colour of a time: kept, in danger, broken, or nobody knows yet. */
export function toneOf(order: OrderView, eta: EtaView | undefined, now: number): Tone {
  const { end } = order.promise
  if (!isOpen(order)) return (order.times?.['delivered'] ?? 0) > end ? 'cinnabar' : 'ink'
  if (now > end || eta?.verdict === 'late') return 'cinnabar'
  if (eta?.verdict === 'unknown' && eta.p50_at > end) return 'cinnabar'
  if (order.slipping || eta?.verdict === 'slipping' || (eta && eta.p90_at > end)) return 'amber'
  return eta && eta.verdict !== 'unknown' ? 'leaf' : 'ink'
}

/** The colour of an order's mark on map and timeline: trouble of any kind counts, not the clock alone. */
export function markTone(order: OrderView, eta: EtaView | undefined, now: number): Tone {
  const trouble = order.status === 'failed' || (order.incidents ?? []).some((one) => one.status === 'open')
  return trouble ? 'cinnabar' : toneOf(order, eta, now)
}
