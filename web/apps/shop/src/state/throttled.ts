import { onScopeDispose, shallowRef, watch, type ShallowRef } from 'vue'

/**
 * Follows a source, but at most every `ms`: on Valentine's Day hundreds of signals a second arrive, and nobody reads
 * faster than this. The first change shows at once, the last always.
 */
export function throttled<T>(source: () => T, ms: number): Readonly<ShallowRef<T>> {
  const shown = shallowRef(source()) as ShallowRef<T>
  let last = 0
  let timer: ReturnType<typeof setTimeout> | undefined
  watch(source, (next) => {
    clearTimeout(timer)
    const wait = last + ms - Date.now()
    if (wait <= 0) {
      last = Date.now()
      shown.value = next
    } else {
      timer = setTimeout(() => {
        last = Date.now()
        shown.value = source()
      }, wait)
    }
  })
  onScopeDispose(() => clearTimeout(timer))
  return shown
}
