import { useHuaxin, type OrderCard } from '@huaxin/sync'
import { computed, onScopeDispose, shallowRef, watch } from 'vue'
import { askedFor } from '../board/making'

const WAIT_MS = 400
const AGAIN_MS = 30_000

/** By when each bouquet must be ready; asked again when an order comes, moves or is promised anew. */
export function useReadyBy(shop: () => string, cards: () => OrderCard[]) {
  const huaxin = useHuaxin()
  const readyBy = shallowRef<Record<string, number>>({})
  const key = computed(() => `${shop()} ${askedFor(cards())}`)
  let timer: ReturnType<typeof setTimeout> | undefined

  async function ask(): Promise<void> {
    const asked = key.value
    try {
      const found = await huaxin.api.query('get_making', { shop: shop() })
      readyBy.value = found.ready_by
    } catch {
      // The usual times stand in meanwhile; the state of the line is said elsewhere.
      if (asked === key.value) timer = setTimeout(() => void ask(), AGAIN_MS)
    }
  }

  watch(
    key,
    () => {
      clearTimeout(timer)
      timer = setTimeout(() => void ask(), WAIT_MS)
    },
    { immediate: true },
  )
  onScopeDispose(() => clearTimeout(timer))
  return readyBy
}
