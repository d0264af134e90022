import { asTrouble, useHuaxin, type ImportPreview, type ImportView } from '@huaxin/sync'
import { useWords } from '@huaxin/ui'
import { onScopeDispose, ref, shallowRef } from 'vue'

const POLL_MS = 400

/** A table of orders: chosen, looked at, imported. */
export function useImport(shop: () => string) {
  const { api } = useHuaxin()
  const words = useWords()
  const file = shallowRef<File | null>(null)
  const preview = shallowRef<ImportPreview | null>(null)
  const job = shallowRef<ImportView | null>(null)
  const busy = ref<'' | 'looking' | 'importing'>('')
  const wrong = ref('')
  /** How far it is cannot be asked now. */
  const away = ref(false)
  let timer: ReturnType<typeof setTimeout> | undefined
  let over = false
  onScopeDispose(() => {
    over = true
    clearTimeout(timer)
  })

  async function attempt(what: 'looking' | 'importing', work: () => Promise<void>): Promise<void> {
    busy.value = what
    wrong.value = ''
    try {
      await work()
    } catch (error) {
      wrong.value = words.trouble(asTrouble(error))
    } finally {
      busy.value = ''
    }
  }

  async function look(chosen: File): Promise<void> {
    file.value = chosen
    preview.value = job.value = null
    await attempt('looking', async () => {
      preview.value = await api.lookAtTable(shop(), chosen)
    })
  }

  async function follow(id: string): Promise<void> {
    if (over) return
    try {
      job.value = await api.query('get_import', { shop: shop(), id })
      away.value = false
    } catch {
      // Asked again: the import goes on whether it is watched or not.
      away.value = true
    }
    if (job.value?.state !== 'done') timer = setTimeout(() => void follow(id), POLL_MS)
  }

  async function importAll(): Promise<void> {
    const chosen = file.value
    const seen = preview.value
    if (!chosen || !seen || busy.value) return
    timer = setTimeout(() => void follow(seen.id), POLL_MS)
    await attempt('importing', async () => {
      job.value = await api.importTable(shop(), chosen)
    })
    clearTimeout(timer)
    if (wrong.value) job.value = null
    else if (job.value?.state !== 'done') void follow(seen.id)
  }

  function again(): void {
    file.value = preview.value = job.value = null
    wrong.value = ''
  }

  async function template(): Promise<void> {
    try {
      const blob = await api.tableTemplate(shop(), words.language.value)
      const link = document.createElement('a')
      link.href = URL.createObjectURL(blob)
      link.download = words.language.value === 'en' ? 'orders.csv' : '订单模板.csv'
      link.click()
      setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
    } catch (error) {
      wrong.value = words.trouble(asTrouble(error))
    }
  }

  return { file, preview, job, busy, wrong, away, look, importAll, again, template }
}
