import type { OrderCard, OrderView } from '@huaxin/sync'

/** Full-width figures, capitals and spaces make no difference. */
const plain = (text: string): string => text.normalize('NFKC').toLowerCase().replaceAll(/[\s\-()]/g, '')

const words = new WeakMap<OrderView, string[]>()

/** Everything an order can be found by; kept per order view, which is never edited in place. */
function wordsOf(order: OrderView): string[] {
  let known = words.get(order)
  if (!known) {
    known = [
      order.recipient?.name,
      order.recipient?.phone,
      order.buyer?.name,
      order.buyer?.phone,
      order.courier?.name,
      order.address?.text,
      order.address?.detail,
      order.address && order.address.text + order.address.detail,
      ...(order.lines ?? []).flatMap((line) => [line.name, line.name_en]),
    ]
      .filter((word): word is string => Boolean(word))
      .map(plain)
    words.set(order, known)
  }
  return known
}

/** Does the order match every word of the search: number, names, phones, address, flowers? */
export function matches(order: OrderView, query: string): boolean {
  const terms = query.split(/\s+/).map(plain).filter(Boolean)
  return terms.every((term) => {
    const number = term.replace(/^#/, '')
    if (/^\d+$/.test(number) && String(order.number).endsWith(number)) return true
    return !term.startsWith('#') && wordsOf(order).some((word) => word.includes(term))
  })
}

/** What was searched for, exact numbers first, then by promise. */
export function search(cards: OrderCard[], query: string): OrderCard[] {
  const number = query.trim().replace(/^#/, '')
  const exact = (card: OrderCard): number => (String(card.order.number) === number ? 0 : 1)
  return cards
    .filter((card) => matches(card.order, query))
    .sort((a, b) => exact(a) - exact(b) || a.order.promise.end - b.order.promise.end)
}
