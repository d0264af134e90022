import type { OrderCard, OrderView } from '@huaxin/sync'

/** Where a bouquet is on the florists' bench. */
export const STAGES = ['todo', 'making', 'ready'] as const
export type Stage = (typeof STAGES)[number]

export interface BenchRow {
  card: OrderCard
  stage: Stage
  /** ms by which it must be ready. */
  readyBy: number
  /** What the buyer wants changed, and nobody has done yet. */
  fix: string
}

/** Until the server has said how far it is: so long before the promise. */
const USUAL_MS = 40 * 60_000

/** A change that was asked for puts the bouquet back to the beginning; what has left the shop is not here. */
export function stageOf(order: OrderView): Stage | null {
  const fix = order.bouquet?.status === 'fix'
  switch (order.status) {
    case 'confirmed':
      return 'todo'
    case 'making':
      return fix ? 'todo' : 'making'
    case 'ready':
    case 'assigned':
      return fix ? 'todo' : 'ready'
    default:
      return null
  }
}

/** Everything on the bench, what must be ready first at the top. */
export function bench(cards: OrderCard[], readyBy: Record<string, number>): BenchRow[] {
  return cards
    .flatMap((card) => {
      const stage = stageOf(card.order)
      if (!stage) return []
      const at = readyBy[card.order.id] ?? card.order.promise.end - USUAL_MS
      const fix = card.order.bouquet?.status === 'fix' ? card.order.bouquet.fix : ''
      return [{ card, stage, readyBy: at, fix }]
    })
    .sort((a, b) => a.readyBy - b.readyBy || a.card.order.number - b.card.order.number)
}

export type Haste = 'late' | 'soon' | 'calm'
/** A bouquet takes about so long: less than that is left. */
const SOON_MS = 30 * 60_000

export function hasteOf(row: BenchRow, now: number): Haste {
  if (row.stage === 'ready') return 'calm'
  if (row.readyBy <= now) return 'late'
  return row.readyBy - now < SOON_MS ? 'soon' : 'calm'
}

/** What decides the answer to "ready by when": when it changes, the server is asked again. */
export const askedFor = (cards: OrderCard[]): string =>
  cards
    .filter(({ order }) => stageOf(order))
    .map(({ order }) => [order.id, order.promise.end, order.agreed_at ?? 0, order.address?.point.lat, order.address?.point.lon].join())
    .sort()
    .join(' ')
