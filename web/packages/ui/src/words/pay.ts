import type { OrderView, Payment, Refund } from '@huaxin/sync'
import { money } from './measure'
import type { useWords } from './useWords'

/** What an order costs by now, how much of that is still to be paid and how much of what was paid is held; fen. */
export function sumsOf(order: Pick<OrderView, 'payment' | 'total'>): { due: number; left: number; held: number } {
  const { payment } = order
  const due = payment && payment.due >= 0 ? payment.due : (order.total ?? 0)
  const held = (payment?.paid ?? 0) - (payment?.refunded ?? 0)
  return { due, left: Math.max(0, due - held), held }
}

/** How an order stands with money: a key of `pay.*` and what it says. */
export function payState(order: Pick<OrderView, 'payment' | 'total'>): { key: string; sum: string; back: string } | null {
  const { payment } = order
  if (!payment || order.total == null) return null
  const said = { sum: money(payment.paid), back: money(payment.refunded) }
  if (payment.refunded > 0) return { key: payment.refunded >= payment.paid ? 'refunded' : 'refunded_part', ...said }
  const { due, left } = sumsOf(order)
  if (payment.paid === 0) return { key: due === 0 ? 'free' : 'unpaid', ...said }
  return { key: left > 0 ? 'part' : 'paid', ...said }
}

/** What is to be given back for this entry now; what was never paid is not given back. */
export const leftOf = (one: Refund, payment: Payment): number => Math.max(0, Math.min(one.amount - one.back, payment.owed))

/** Why an order costs less: where it comes from, and the reason in words. */
export function refundWords({ t, reason, known }: ReturnType<typeof useWords>, one: Refund): string {
  const why = one.source === 'incident' ? reason(one.reason) : one.source === 'remedy' ? known(`care.fault.${one.reason}`, one.reason) : one.reason
  const said = t(`pay.source.${one.source}`)
  return why ? t('pay.because', { said, why }) : said
}
