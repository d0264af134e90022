import type { CourierView, EtaView, OrderCard } from '@huaxin/sync'
import { isOpen } from './groups'
import { toneOf, type Tone } from './needs'

const MINUTE = 60_000
const QUARTER = 15 * MINUTE
const LONGEST = 6 * 60 * MINUTE

/** The time axis: from a little before now to the last thing that matters. */
export interface Axis {
  start: number
  end: number
  /** Every half hour, or every hour when the axis is long. */
  ticks: number[]
}

/** One stop on a courier's line; shares are 0…1 of the axis. */
export interface LaneStop {
  id: string
  number: number
  rank: number
  tone: Tone
  /** When it is expected; the promise's end while nothing is predicted. */
  at: number
  x: number
  /** From the probable to the nearly certain arrival. */
  likely: { x: number; width: number } | null
  /** The promised window. */
  promise: { x: number; width: number }
  /** The part of the likely time that lies after the promise. */
  late: { x: number; width: number } | null
  /** Which line of the lane, so that no two marks cover each other. */
  row: number
}

export interface Lane {
  courier: CourierView
  stops: LaneStop[]
  rows: number
}

export function axisOf(now: number, moments: number[]): Axis {
  const start = Math.floor((now - QUARTER) / QUARTER) * QUARTER
  const last = Math.min(Math.max(now + 2 * 60 * MINUTE, ...moments) + QUARTER, now + LONGEST)
  const end = Math.ceil(last / QUARTER) * QUARTER
  const step = end - start > 4 * 60 * MINUTE ? 60 * MINUTE : 30 * MINUTE
  const ticks: number[] = []
  for (let at = Math.ceil(start / step) * step; at < end; at += step) ticks.push(at)
  return { start, end, ticks }
}

/** Where on the axis, 0…1. What lies outside stands at the edge. */
export const share = (axis: Axis, at: number): number =>
  Math.max(0, Math.min(1, (at - axis.start) / (axis.end - axis.start)))

export interface LaneInput {
  couriers: CourierView[]
  cards: OrderCard[]
  etas: Record<string, EtaView>
  now: number
  /** Share of the axis that one mark covers: decides when two need lines of their own. */
  markWidth: number
}

/** A lane for every courier with what is in their hands, in visiting order. */
export function lanesOf({ couriers, cards, etas, now, markWidth }: LaneInput): { axis: Axis; lanes: Lane[] } {
  const open = cards.filter((card) => isOpen(card.order) && card.order.courier?.person)
  const axis = axisOf(
    now,
    open.map((card) => etas[card.order.id]?.p90_at ?? card.order.promise.end),
  )
  const lanes = couriers.map((courier) => {
    const mine = open.filter((card) => card.order.courier?.person === courier.person)
    const stops = inOrder(mine, courier, etas).map((card, rank) => stopOf(card, rank, etas[card.order.id], axis, now))
    return { courier, stops, rows: pack(stops, markWidth) }
  })
  return { axis, lanes }
}

/** As the server plans the visits; what it has not planned yet comes after, by time. */
function inOrder(cards: OrderCard[], courier: CourierView, etas: Record<string, EtaView>): OrderCard[] {
  const place = new Map((courier.orders ?? []).map((id, index) => [id, index]))
  const when = (card: OrderCard): number => etas[card.order.id]?.p50_at ?? card.order.promise.end
  return [...cards].sort(
    (a, b) => (place.get(a.order.id) ?? 999) - (place.get(b.order.id) ?? 999) || when(a) - when(b),
  )
}

function stopOf(card: OrderCard, rank: number, eta: EtaView | undefined, axis: Axis, now: number): LaneStop {
  const { order } = card
  const at = eta?.p50_at ?? order.promise.end
  const from = order.promise.start || order.promise.end - 30 * MINUTE
  return {
    id: order.id,
    number: order.number,
    rank: rank + 1,
    tone: toneOf(order, eta, now),
    at,
    x: share(axis, at),
    likely: eta ? span(axis, eta.p50_at, eta.p90_at) : null,
    promise: span(axis, from, order.promise.end),
    late: eta && eta.p90_at > order.promise.end ? span(axis, Math.max(order.promise.end, eta.p50_at), eta.p90_at) : null,
    row: 0,
  }
}

function span(axis: Axis, from: number, to: number): { x: number; width: number } {
  const x = share(axis, from)
  return { x, width: Math.max(0, share(axis, to) - x) }
}

/** Gives every mark the first line that is free there. Answers how many lines it took. */
export function pack(stops: { x: number; row: number }[], markWidth: number): number {
  const taken: number[] = []
  for (const stop of [...stops].sort((a, b) => a.x - b.x)) {
    const free = taken.findIndex((end) => end <= stop.x + 1e-9)
    const row = free < 0 ? taken.length : free
    stop.row = row
    taken[row] = stop.x + markWidth
  }
  return Math.max(1, taken.length)
}
