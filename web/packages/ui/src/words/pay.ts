import type { OrderView } from '@huaxin/sync'
import { money } from './measure'

/** How an order stands with money: a key of `pay.*` and what it says. */
export function payState(order: Pick<OrderView, 'payment' | 'total'>): { key: string; sum: string; back: string } | null {
  const { payment, total } = order
  if (!payment || total == null) return null
  const said = { sum: money(payment.paid), back: money(payment.refunded) }
  if (payment.refunded > 0) return { key: payment.refunded >= payment.paid ? 'refunded' : 'refunded_part', ...said }
  if (payment.paid === 0) return { key: 'unpaid', ...said }
  return { key: payment.paid < total ? 'part' : 'paid', ...said }
}
