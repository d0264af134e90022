import type { OrderView, Role } from '@huaxin/sync'

export interface Callable {
  role: Role
  name: string
}

const ROLES = ['buyer', 'courier', 'recipient', 'shop'] as const

export const mayRing = (actions: readonly string[]): boolean => ROLES.some((one) => actions.includes(`ring_${one}`))

/** Whom one may ring on this order now; only trying tells whether they are busy. */
export function callable(order: OrderView, actions: readonly string[]): Callable[] {
  const name: Record<string, string | undefined> = {
    buyer: order.buyer?.name,
    courier: order.courier?.name,
    recipient: order.recipient?.name,
  }
  return ROLES.filter((one) => actions.includes(`ring_${one}`)).map((one) => ({ role: one, name: name[one] ?? '' }))
}
