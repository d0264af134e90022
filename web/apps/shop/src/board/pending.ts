import { overlay, type CourierView, type OrderCard, type Pending } from '@huaxin/sync'

/** The board as its person has just left it: own unanswered taps are laid over the cards they belong to. */
export function withPending(cards: OrderCard[], waiting: Pending[], couriers: CourierView[]): OrderCard[] {
  if (waiting.length === 0) return cards
  const byOrder = new Map<string, Pending[]>()
  for (const row of waiting) byOrder.set(row.order, [...(byOrder.get(row.order) ?? []), row])
  return cards.map((card) => {
    const rows = byOrder.get(card.order.id)
    if (!rows) return card
    const shown = overlay(card.order, card.actions, 'shop', rows)
    const order = rows.reduce((now, row) => {
      if (row.name !== 'assign_courier') return now
      const courier = couriers.find((one) => one.person === row.fields['courier'])
      return { ...now, courier: courier ? { person: courier.person, name: courier.name } : null }
    }, shown.order)
    return { ...card, order, actions: shown.actions }
  })
}
