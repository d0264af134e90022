import type { OrderCard, OrderView, Status } from '@huaxin/sync'

/** The lists of the board, in the order in which an order walks through them. */
export const GROUPS = [
  'placed',
  'confirmed',
  'making',
  'ready',
  'assigned',
  'road',
  'back',
  'done',
  'closed',
] as const
export type Group = (typeof GROUPS)[number]

const GROUP: Record<Status, Group> = {
  placed: 'placed',
  confirmed: 'confirmed',
  making: 'making',
  ready: 'ready',
  assigned: 'assigned',
  picked_up: 'road',
  delivering: 'road',
  arriving: 'road',
  arrived: 'road',
  failed: 'back',
  returning: 'back',
  delivered: 'done',
  rated: 'done',
  cancelled: 'closed',
  returned: 'closed',
}

export const groupOf = (order: OrderView): Group => GROUP[order.status] ?? 'closed'
export const onTheRoad = (order: OrderView): boolean => groupOf(order) === 'road'
export const isOpen = (order: OrderView): boolean => !['done', 'closed'].includes(groupOf(order))

/** Every order in its list: open ones by their promise, finished ones newest first. */
export function grouped(cards: OrderCard[]): Record<Group, OrderCard[]> {
  const found = Object.fromEntries(GROUPS.map((group) => [group, [] as OrderCard[]])) as Record<Group, OrderCard[]>
  for (const card of cards) found[groupOf(card.order)].push(card)
  for (const group of GROUPS) found[group].sort(group === 'done' || group === 'closed' ? byEnd : byPromise)
  return found
}

const byPromise = (a: OrderCard, b: OrderCard): number =>
  a.order.promise.end - b.order.promise.end || a.order.number - b.order.number

const byEnd = (a: OrderCard, b: OrderCard): number => lastMove(b.order) - lastMove(a.order)

/** When something last happened to it. */
export const lastMove = (order: OrderView): number => Math.max(order.placed_at, ...Object.values(order.times ?? {}))
