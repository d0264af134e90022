import type { CourierView, EtaView, OrderCard } from '@huaxin/sync'
import { isOpen } from './groups'
import { markTone, type Tone } from './needs'

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

/** A piece of the axis, in shares of it: 0…1. */
export interface Span {
  x: number
  width: number
}

/** One stop on a courier's line. */
export interface LaneStop {
  id: string
  number: number
  rank: number
  tone: Tone
  /** When it is expected; the promise's end while nothing is predicted. */
  at: number
  /** The mark itself: on its time, but never beyond the lane. */
  mark: Span
  /** Mark, promise and likely time together: what nothing else on the same line may cover. */
  covers: Span
  /** From the probable to the nearly certain arrival. */
  likely: Span | null
  /** The promised window. */
  promise: Span
  /** The part of the likely time that lies after the promise. */
  late: Span | null
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
  /** Share of the axis that one mark covers. */
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
    const stops = inOrder(mine, courier, etas).map((card, rank) =>
      stopOf(card, rank, etas[card.order.id], axis, now, markWidth),
    )
    return { courier, stops, rows: pack(stops) }
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

function stopOf(
  card: OrderCard,
  rank: number,
  eta: EtaView | undefined,
  axis: Axis,
  now: number,
  markWidth: number,
): LaneStop {
  const { order } = card
  const at = eta?.p50_at ?? order.promise.end
  const from = order.promise.start || order.promise.end - 30 * MINUTE
  const promise = span(axis, from, order.promise.end)
  const mark = { x: Math.max(0, Math.min(1 - markWidth, share(axis, at) - markWidth / 2)), width: markWidth }
  return {
    id: order.id,
    number: order.number,
    rank: rank + 1,
    tone: markTone(order, eta, now),
    at,
    mark,
    covers: union(promise, eta ? union(mark, span(axis, eta.p50_at, eta.p90_at)) : mark),
    likely: eta ? span(axis, eta.p50_at, eta.p90_at) : null,
    promise,
    late: eta && eta.p90_at > order.promise.end ? span(axis, Math.max(order.promise.end, eta.p50_at), eta.p90_at) : null,
    row: 0,
  }
}

function union(a: Span, b: Span): Span {
  const x = Math.min(a.x, b.x)
  return { x, width: Math.max(a.x + a.width, b.x + b.width) - x }
}

function span(axis: Axis, from: number, to: number): Span {
  const x = share(axis, from)
  return { x, width: Math.max(0, share(axis, to) - x) }
}

/** Gives every stop the first line that is free there. Answers how many lines it took. */
export function pack(stops: Pick<LaneStop, 'covers' | 'row'>[]): number {
  const taken: number[] = []
  for (const stop of [...stops].sort((a, b) => a.covers.x - b.covers.x)) {
    const free = taken.findIndex((end) => end <= stop.covers.x + 1e-9)
    const row = free < 0 ? taken.length : free
    stop.row = row
    taken[row] = stop.covers.x + stop.covers.width
  }
  return Math.max(1, taken.length)
}
