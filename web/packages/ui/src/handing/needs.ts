import type { Bouquet, Gates } from '@huaxin/sync'

/** With whom flowers may be left, or who takes them; as the server knows them (orders/gates.py). */
export const TAKERS = ['self', 'family', 'desk', 'guard', 'neighbour', 'locker', 'door', 'other'] as const
export type Taker = (typeof TAKERS)[number]
const LEFT: ReadonlySet<string> = new Set(['desk', 'guard', 'neighbour', 'locker', 'door'])
const NAMED: ReadonlySet<string> = new Set(['guard', 'neighbour', 'locker'])

export type Need = 'picture' | 'signature' | 'code'
const NEEDS: readonly Need[] = ['picture', 'signature', 'code']

/** What the shop asks for when flowers go to this taker. An older snapshot has no gates: nothing is asked. */
export function needed(gates: Gates | null | undefined, taker: string, hasCode: boolean): Need[] {
  const asked = NEEDS.filter((name) => gates?.[name] && (name !== 'code' || hasCode))
  return asked.length > 0 && LEFT.has(taker) ? ['picture'] : asked
}

export const isLeft = (taker: string): boolean => LEFT.has(taker)
export const needsName = (taker: string): boolean => NAMED.has(taker)

/** Whether the buyer may still say something to the picture. */
export const isAsked = (bouquet: Bouquet | null | undefined, now: number): boolean =>
  bouquet?.status === 'asked' && now <= bouquet.answer_by

/** asked | lapsed (no answer is a yes) | approved | fix | fixed | shown */
export function standing(bouquet: Bouquet, now: number): string {
  if (bouquet.status === 'asked') return now <= bouquet.answer_by ? 'asked' : 'lapsed'
  return bouquet.status === 'shown' && bouquet.fix ? 'fixed' : bouquet.status
}

/** Straight, in metres; for a warning before the tap. The server counts for itself. */
export function metresBetween(a: { lat: number; lon: number }, b: { lat: number; lon: number }): number {
  const x = (b.lon - a.lon) * Math.cos((a.lat * Math.PI) / 180)
  return Math.hypot(x, b.lat - a.lat) * 111_320
}
/** Beyond what the fix is exact to; the same as the server's. */
export const FAR_M = 300
