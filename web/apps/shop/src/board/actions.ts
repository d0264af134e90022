import type { CommandName, OrderView, Status } from '@huaxin/sync'

/** The next sensible step of each status, if it is the shop's to take. */
const NEXT: Partial<Record<Status, CommandName[]>> = {
  placed: ['confirm_order'],
  confirmed: ['start_making', 'mark_ready'],
  making: ['mark_ready'],
  ready: ['assign_courier'],
  failed: ['retry_delivery', 'assign_courier'],
  returning: ['confirm_return'],
}

/** What concerns the recipient and complaints: answered on their own cards. */
const IN_CARDS = ['set_contact', 'answer_preference', 'propose_remedy', 'answer_remedy', 'answer_rating']
/** These have cards of their own or live in the conversation. */
const ELSEWHERE = new Set(['say', 'send_place', 'answer_change', 'counter_change', 'decide_incident', 'resolve_incident', 'withdraw_change', 'undo', 'answer_substitute', 'withdraw_substitute', 'decide_substitute', 'refund_line', 'show_bouquet', 'answer_bouquet', 'record_payment', 'record_refund', ...IN_CARDS])
/** Seldom, or not to be taken back: behind 「更多」. */
const RARE = new Set(['ask_change', 'cancel_order', 'deliver', 'fail_delivery', 'report_incident', 'agree_time', 'start_return', 'propose_substitute'])
/** These ask something first. */
export const ASKS: ReadonlySet<string> = new Set([
  'ask_change',
  'assign_courier',
  'cancel_order',
  'report_incident',
  'fail_delivery',
  'agree_time',
  'deliver',
])

export interface Offered {
  primary: CommandName | null
  usual: CommandName[]
  rare: CommandName[]
}

/** What the shop may do now, sorted into the one next step, the usual and the rare. */
export function offered(order: OrderView, actions: string[]): Offered {
  // Whom one may call (ring, ring_buyer, …) is offered where the person is.
  const allowed = actions.filter((name) => !ELSEWHERE.has(name) && !/^ring(_|$)/.test(name)) as CommandName[]
  const primary = (NEXT[order.status] ?? []).find((name) => allowed.includes(name)) ?? null
  const rest = allowed.filter((name) => name !== primary)
  return { primary, usual: rest.filter((name) => !RARE.has(name)), rare: rest.filter((name) => RARE.has(name)) }
}
