import type { Contact, ContactWish, OrderView, Preference, Remedy } from '@huaxin/sync'
import { useWords } from '../words/useWords'

export type Policy = Exclude<Contact['policy'], ''>
export const POLICIES: Policy[] = ['free', 'door', 'after', 'never']

/** What holds now: an order placed as a surprise with no word about contact means "not before the door". */
export function policyOf(order: OrderView): Policy {
  return order.contact?.policy || (order.surprise ? 'door' : 'free')
}

/** Whether the recipient may be called now, by what this screen was told. The server decides. */
export function mayCall(order: OrderView): boolean {
  const policy = policyOf(order)
  if (policy === 'never') return false
  if (order.status === 'delivered' || order.status === 'rated') return true
  if (policy === 'door') return order.status === 'arrived'
  return policy === 'free' || Boolean(order.contact?.opened_at)
}

/** The words for how a recipient may be reached, what they wish, and what is offered to make it good. */
export function useCare() {
  const words = useWords()
  const { t } = words

  function policy(order: OrderView): string {
    const kind = policyOf(order)
    if (kind !== 'after') return t(`care.policy.line_${kind}`)
    const contact = order.contact
    return contact?.opened_at ? t('care.policy.line_opened') : t('care.policy.line_after', { at: words.moment(contact?.after ?? 0) })
  }

  function wished(preference: Preference): string {
    const time = preference.window ? words.promise({ ...preference.window, source: 'change' }) : ''
    return [time, preference.text].filter(Boolean).join(' · ')
  }

  function remedy(one: Remedy, total: number): string {
    const sum = words.money(one.amount)
    if (one.kind === 'remake') return t('care.complain.remake_of')
    if (one.kind === 'voucher') return t('care.complain.voucher_of', { sum })
    const n = total ? Math.round((one.amount * 100) / total) : 0
    return n > 0 ? t('care.complain.refund_part', { sum, n }) : t('care.complain.refund_of', { sum })
  }

  return { policy, wished, remedy }
}

/** As it is sent: no time where none is meant. */
export const contactWish = (policy: Policy, after: number): ContactWish => ({ policy, after: policy === 'after' ? after : 0 })
