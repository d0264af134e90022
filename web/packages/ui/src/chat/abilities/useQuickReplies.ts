import { computed, onScopeDispose, shallowRef, watch } from 'vue'
import { useHuaxin, type QuickReply } from '@huaxin/sync'
import { useWords } from '../../words/useWords'
import type { Talk } from './talk'

const CHANGED = 'huaxin:quick'

/** Told after the shop's quick replies were edited here. */
export const quickChanged = (): void => void globalThis.dispatchEvent(new Event(CHANGED))

/** The shop's own sentences for one's role; what this device knew last until the server has answered. */
export function useQuickReplies(talk: Talk, wanted: () => { key: string; text: string }[]) {
  const huaxin = useHuaxin()
  const words = useWords()
  const known = shallowRef<QuickReply[] | null>(null)
  const shop = computed(() => talk.order.order.value?.shop ?? '')
  const name = computed(() => (shop.value && talk.role.value ? `quick:${shop.value}:${talk.role.value}` : ''))

  async function load(): Promise<void> {
    const [key, order] = [name.value, talk.order.room.value?.id]
    if (!key || !order) return
    const person = huaxin.session.person
    known.value ??= await huaxin.store.recall<QuickReply[]>(key, person).catch(() => null)
    const found = await huaxin.api.query('get_quick_replies', { shop: shop.value, order }).catch(() => null)
    if (!found || key !== name.value) return
    known.value = found
    await huaxin.store.keep(key, person, found, huaxin.clock.now()).catch(() => undefined)
  }

  watch(
    name,
    () => {
      known.value = null
      void load()
    },
    { immediate: true },
  )
  const again = (): void => void load()
  globalThis.addEventListener?.(CHANGED, again)
  onScopeDispose(() => globalThis.removeEventListener?.(CHANGED, again))

  return computed(() => {
    if (wanted().length === 0) return []
    return known.value?.map(({ key, text }) => ({ key, text: words.text(text) })) ?? wanted()
  })
}
