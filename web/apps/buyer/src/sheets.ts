import { computed, type ComputedRef } from 'vue'
import { useRoute, useRouter } from 'vue-router'

export interface SheetHandle {
  open: ComputedRef<boolean>
  show: () => Promise<void>
  hide: () => Promise<void>
}

/**
 * A sheet that is part of the address (`?sheet=name`): the phone's back button closes it, a reload keeps it open.
 * At most one is open; showing another takes its place.
 */
export function useSheet(name: string): SheetHandle {
  const route = useRoute()
  const router = useRouter()
  const open = computed(() => route.query['sheet'] === name)

  async function show(): Promise<void> {
    const target = { query: { ...route.query, sheet: name } }
    await (route.query['sheet'] ? router.replace(target) : router.push(target))
  }

  async function hide(): Promise<void> {
    if (!open.value) return
    const behind: unknown = window.history.state?.back
    const mine = router.resolve({ query: {} }).path
    if (typeof behind === 'string' && behind.split('?')[0] === mine && !behind.includes('sheet=')) {
      const gone = new Promise<void>((done) => {
        const stop = router.afterEach(() => {
          stop()
          done()
        })
      })
      router.back()
      await gone
    } else {
      const { sheet: _sheet, ...query } = route.query
      await router.replace({ query })
    }
  }

  return { open, show, hide }
}
