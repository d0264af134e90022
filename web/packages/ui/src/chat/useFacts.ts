import type { CallEnded, EventView, Substitution } from '@huaxin/sync'
import { lengthOf, lineOf } from '../call/lines'
import { useWords } from '../words/useWords'
import { useCareFacts } from '../care/useCareFacts'
import { bodyOf } from './timeline'

/** A fact in one short line, for conversations and histories. */
export function useFacts() {
  const words = useWords()
  const { t } = words
  const { careFact } = useCareFacts()

  /** Other flowers than ordered, in the language of the screen. */
  const substitute = (one: Substitution) => ({
    name: words.name(one),
    stem: words.name({ name: one.stem, name_en: one.stem_en }),
  })
  /** One yes of several leaves it asked. */
  const answered = (status: string): string => (status === 'asked' ? 'asked_still' : status)

  function call(ended: CallEnded): string {
    const media = t(`call.${ended.media}`)
    const key = lineOf(ended, ended.by_person)
    const line = t(`call.line.${key}`, { media, length: lengthOf(ended.duration_ms ?? 0) })
    return key === 'talked' ? line : `${media} · ${line}`
  }

  function fact(event: EventView): string {
    switch (event.type) {
      case 'order_placed':
        return t('event.order_placed', { number: bodyOf(event, 'order_placed').number })
      case 'status_changed':
        return words.status(bodyOf(event, 'status_changed').after)
      case 'courier_assigned': {
        const { courier, courier_name = '' } = bodyOf(event, 'courier_assigned')
        return courier ? t('event.courier_assigned', { name: courier_name }) : t('event.courier_taken_back')
      }
      case 'time_agreed':
        return t('event.time_agreed', { at: words.moment(bodyOf(event, 'time_agreed').at) })
      case 'change_asked':
        return t('event.change_asked', { what: words.change(bodyOf(event, 'change_asked').change) })
      case 'change_answered':
        return t(`event.change_${answered(bodyOf(event, 'change_answered').change.status)}`)
      case 'substitute_proposed':
        return t('event.substitute_proposed', substitute(bodyOf(event, 'substitute_proposed').substitution))
      case 'substitute_answered': {
        const { substitution } = bodyOf(event, 'substitute_answered')
        const late = substitution.overdue && substitution.status === 'asked'
        return t(`event.substitute_${late ? 'overdue' : substitution.status}`, substitute(substitution))
      }
      case 'line_refunded': {
        const { line, amount } = bodyOf(event, 'line_refunded')
        return t('event.line_refunded', { name: words.name(line), amount: words.money(amount) })
      }
      case 'payment_recorded': {
        const { amount } = bodyOf(event, 'payment_recorded')
        return t(amount < 0 ? 'event.given_back' : 'event.paid', { sum: words.money(Math.abs(amount)) })
      }
      case 'incident_reported':
        return t('event.incident_reported', { reason: words.reason(bodyOf(event, 'incident_reported').incident.reason) })
      case 'incident_joined':
        return t('event.incident_joined', { reason: words.reason(bodyOf(event, 'incident_joined').incident.reason) })
      case 'incident_decided': {
        const last = bodyOf(event, 'incident_decided').incident.decided.at(-1)
        return t('event.incident_decided', { choice: words.known(`negotiate.choice.${last?.choice ?? ''}`, last?.choice ?? '') })
      }
      case 'incident_resolved':
        return t('event.incident_resolved')
      case 'promise_slipping':
        return t('event.promise_slipping', { at: words.moment(bodyOf(event, 'promise_slipping').eta_at) })
      case 'stop_confirmed':
        return t('event.stop_confirmed')
      case 'alert_raised':
      case 'alert_escalated':
        return words.text(bodyOf(event, event.type).alert.text)
      case 'alert_answered':
        return t(`event.alert_${bodyOf(event, 'alert_answered').alert.answer || 'fine'}`)
      case 'alert_closed':
        return t('event.alert_closed', { what: words.text(bodyOf(event, 'alert_closed').alert.text) })
      case 'bouquet_shown':
        return t('handing.shown')
      case 'bouquet_answered': {
        const { status, fix } = bodyOf(event, 'bouquet_answered').bouquet
        return status === 'fix' ? t('event.bouquet_fix', { what: fix }) : t('event.bouquet_approved')
      }
      case 'order_rated':
        return t('event.order_rated', { stars: bodyOf(event, 'order_rated').rating.stars })
      case 'action_undone':
        return t('event.action_undone', { what: words.command(bodyOf(event, 'action_undone').command) })
      case 'member_blocked': {
        const { by, role, on } = bodyOf(event, 'member_blocked')
        return t(on ? 'event.member_blocked' : 'event.member_unblocked', { by: words.role(by), role: words.role(role) })
      }
      case 'message_reported':
        return t('event.message_reported', { reason: bodyOf(event, 'message_reported').reason ?? '' })
      case 'report_resolved':
      case 'talk_expired':
        return t(`event.${event.type}`)
      case 'masked_call_ended':
        return words.text(bodyOf(event, 'masked_call_ended').text)
      case 'call_ended':
        return call(bodyOf(event, 'call_ended'))
      default:
        return careFact(event)
    }
  }

  return { fact }
}
