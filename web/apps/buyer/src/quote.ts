import { asTrouble, useHuaxin, type Point, type Quote, type Trouble } from '@huaxin/sync'
import { onScopeDispose, shallowRef, watch } from 'vue'

export interface QuoteWish {
  shop: string
  point: Point | null
  note: string
}

/** Can it be delivered there, and when: asked again whenever the wish changes, the newest answer wins. */
export function useQuote(wish: () => QuoteWish) {
  const { api } = useHuaxin()
  const quote = shallowRef<Quote | null>(null)
  /** The note that `quote.note` was read from. */
  const readFrom = shallowRef('')
  const asking = shallowRef(false)
  const trouble = shallowRef<Trouble | null>(null)
  let round = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  async function ask({ shop, point, note }: QuoteWish): Promise<void> {
    if (!shop || !point) return
    const mine = ++round
    asking.value = true
    try {
      const answer = await api.query('quote', note.trim() ? { shop, point, note: note.trim() } : { shop, point })
      if (mine !== round) return
      quote.value = answer
      readFrom.value = note.trim()
      trouble.value = null
    } catch (error) {
      if (mine === round) trouble.value = asTrouble(error)
    } finally {
      if (mine === round) asking.value = false
    }
  }

  watch(
    wish,
    (now, before) => {
      clearTimeout(timer)
      const typing = before !== undefined && now.note !== before.note
      timer = setTimeout(() => void ask(now), typing ? 350 : 0)
    },
    { immediate: true, deep: true },
  )
  onScopeDispose(() => {
    clearTimeout(timer)
    round += 1
  })
  return { quote, readFrom, asking, trouble, again: () => ask(wish()) }
}
