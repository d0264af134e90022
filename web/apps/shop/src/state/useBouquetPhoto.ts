import { useHuaxin } from '@huaxin/sync'
import { objection, parcelOf, showNote, useWords } from '@huaxin/ui'
import { ref } from 'vue'

/** A picture of the finished flowers, taken or chosen; with it the order is ready, if it was not. */
export function useBouquetPhoto() {
  const huaxin = useHuaxin()
  const { t } = useWords()
  const busy = ref('')

  async function taken(order: string, ready: boolean, event: Event): Promise<void> {
    const input = event.target as HTMLInputElement
    const file = input.files?.[0]
    input.value = ''
    if (!file || busy.value) return
    const why = objection(file, 'proof')
    if (why) return showNote(t(why.key, { n: why.n }), 'trouble')
    busy.value = order
    try {
      const picture = await huaxin.uploads.add(order, await parcelOf(file, 'proof', true))
      await huaxin.send(ready ? 'mark_ready' : 'show_bouquet', order, { picture })
    } catch {
      showNote(t('media.device_full'), 'trouble')
    } finally {
      busy.value = ''
    }
  }

  return { busy, taken }
}
