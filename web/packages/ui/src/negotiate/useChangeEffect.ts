import { asTrouble, useHuaxin, type ChangePreview, type PreviewChange, type Trouble } from '@huaxin/sync'
import { onScopeDispose, shallowRef, watch } from 'vue'

const TYPING_MS = 350

/** What a change would do: asked again whenever the wish changes, the newest answer wins. null: nothing to ask. */
export function useChangeEffect(wish: () => PreviewChange | null) {
  const { api } = useHuaxin()
  const effect = shallowRef<ChangePreview | null>(null)
  const asking = shallowRef(false)
  const trouble = shallowRef<Trouble | null>(null)
  let round = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  async function ask(now: PreviewChange): Promise<void> {
    const mine = ++round
    asking.value = true
    try {
      const answer = await api.query('preview_change', now)
      if (mine !== round) return
      effect.value = answer
      trouble.value = null
    } catch (error) {
      if (mine !== round) return
      effect.value = null
      trouble.value = asTrouble(error)
    } finally {
      if (mine === round) asking.value = false
    }
  }

  watch(
    () => JSON.stringify(wish()),
    (_, before) => {
      clearTimeout(timer)
      round += 1
      const now = wish()
      asking.value = now !== null
      if (now === null) effect.value = trouble.value = null
      else timer = setTimeout(() => void ask(now), before === undefined ? 0 : TYPING_MS)
    },
    { immediate: true },
  )
  onScopeDispose(() => {
    clearTimeout(timer)
    round += 1
  })
  return { effect, asking, trouble, again: () => { const now = wish(); if (now) void ask(now) } }
}
