import type { EventView } from '@huaxin/sync'
import { bodyOf } from '../chat/timeline'
import { useWords } from '../words/useWords'
import { useCare } from './useCare'

/** What happened between the recipient, the buyer and the shop, each in one short line; '' for anything else. */
export function useCareFacts() {
  const { t } = useWords()
  const { remedy } = useCare()

  function careFact(event: EventView): string {
    switch (event.type) {
      case 'contact_changed':
      case 'contact_opened':
      case 'preference_asked':
      case 'gate_helped':
      case 'thanked':
      case 'complaint_withdrawn':
      case 'rating_answered':
        return t(`care.event.${event.type}`)
      case 'preference_answered':
        return t(`care.event.preference_${bodyOf(event, 'preference_answered').preference.status}`)
      case 'complaint_made':
        return t('care.event.complaint_made', { fault: t(`care.fault.${bodyOf(event, 'complaint_made').complaint.fault}`) })
      case 'remedy_proposed':
        return t('care.event.remedy_proposed', { what: remedy(bodyOf(event, 'remedy_proposed').remedy, 0) })
      case 'remedy_answered': {
        const one = bodyOf(event, 'remedy_answered').remedy
        return t(`care.event.remedy_${one.status}`, { what: remedy(one, 0) })
      }
      default:
        return ''
    }
  }

  return { careFact }
}
