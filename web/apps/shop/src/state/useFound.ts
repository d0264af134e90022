import { asTrouble, type Huaxin, type OrderHit, type Trouble } from '@huaxin/sync'
import { onScopeDispose, shallowRef, watch } from 'vue'

const AFTER_MS = 250

/** What is found over all orders of the shop, also those of other days and what was said on them. */
export function useFound(huaxin: Huaxin, shop: () => string, query: () => string) {
  const hits = shallowRef<OrderHit[]>([])
  const looking = shallowRef(false)
  const trouble = shallowRef<Trouble | null>(null)
  let timer: ReturnType<typeof setTimeout> | undefined
  let round = 0

  async function look(text: string): Promise<void> {
    const mine = ++round
    looking.value = true
    try {
      const found = await huaxin.api.query('search_orders', { shop: shop(), text, limit: 30 })
      if (mine !== round) return
      hits.value = found.hits
      trouble.value = null
    } catch (error) {
      if (mine !== round) return
      hits.value = []
      trouble.value = asTrouble(error)
    } finally {
      if (mine === round) looking.value = false
    }
  }

  watch(
    () => [shop(), query().trim()] as const,
    ([, text]) => {
      clearTimeout(timer)
      if (!text) {
        round += 1
        hits.value = []
        looking.value = false
        trouble.value = null
        return
      }
      looking.value = true
      timer = setTimeout(() => void look(text), AFTER_MS)
    },
  )
  onScopeDispose(() => clearTimeout(timer))
  return { hits, looking, trouble }
}
