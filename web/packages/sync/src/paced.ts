import { customRef, type ShallowRef } from 'vue'

/** As often as a screen can show something new, and an eye can see it. */
const FRAME_MS = 32

/**
 * A shallow ref whose value is always the newest, and whose watchers are told at once of the first change and
 * then once per frame: after an hour without network hundreds of events come in one burst, and drawing each
 * of them would hold up the rest.
 */
export function pacedRef<T>(first: T, everyMs = FRAME_MS): ShallowRef<T> {
  let value = first
  let timer: ReturnType<typeof setTimeout> | undefined
  let stale = false
  return customRef<T>((track, trigger) => {
    const tell = (): void => {
      stale = false
      timer = setTimeout(() => {
        timer = undefined
        if (stale) tell()
      }, everyMs)
      trigger()
    }
    return {
      get() {
        track()
        return value
      },
      set(next) {
        if (Object.is(next, value)) return
        value = next
        stale = true
        if (timer === undefined) tell()
      },
    }
  }) as ShallowRef<T>
}
