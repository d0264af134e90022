import { onScopeDispose, ref } from 'vue'

const ROWS = '[data-product]'

/** Rows moved by a grabbed handle, with a mouse or a finger. `put` is told once, when it is let go. */
export function useReorder(put: (from: number, to: number) => Promise<void>) {
  const held = ref(-1)
  let over = -1
  let offset = 0

  const rows = (): HTMLElement[] => [...document.querySelectorAll<HTMLElement>(ROWS)]

  function shift(event: PointerEvent): void {
    const all = rows()
    const row = all[held.value]
    if (!row) return
    row.style.transform = `translateY(${event.clientY - offset}px)`
    const middles = all.map((one, n) => {
      const box = one.getBoundingClientRect()
      return n === held.value ? Number.NaN : box.top + box.height / 2
    })
    over = middles.filter((middle) => middle < event.clientY).length
  }

  function end(event: PointerEvent): void {
    const from = held.value
    const row = rows()[from]
    if (row) row.style.transform = ''
    stop()
    if (event.type === 'pointerup' && over >= 0 && over !== from) void put(from, over)
  }

  function stop(): void {
    held.value = -1
    document.body.classList.remove('dragging')
    removeEventListener('pointermove', shift)
    removeEventListener('pointerup', end)
    removeEventListener('pointercancel', end)
  }

  function grab(event: PointerEvent, n: number): void {
    if (event.button !== 0) return
    held.value = over = n
    offset = event.clientY
    document.body.classList.add('dragging')
    addEventListener('pointermove', shift)
    addEventListener('pointerup', end)
    addEventListener('pointercancel', end)
  }

  onScopeDispose(stop)
  return { held, grab }
}
