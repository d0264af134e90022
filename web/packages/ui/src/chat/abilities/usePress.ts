import { onScopeDispose } from 'vue'

const HOLD_MS = 450
const SLIP_PX = 10

/**
 * A long press, a right click or a key on something, as one wish: its menu. `open(x, y, beside)`: beside the pointer
 * with a mouse or keys, as a sheet under a finger. What is selected, and links, keep the browser's own menu.
 */
export function usePress(open: (x: number, y: number, beside: boolean) => void) {
  let timer: ReturnType<typeof setTimeout> | undefined
  let start: { x: number; y: number } | null = null
  let held = false
  let touch = false

  function stop(): void {
    clearTimeout(timer)
    timer = undefined
    start = null
  }
  onScopeDispose(stop)

  function down(event: PointerEvent): void {
    touch = event.pointerType !== 'mouse'
    held = false
    if (!touch || !event.isPrimary || inControl(event)) return
    start = { x: event.clientX, y: event.clientY }
    timer = setTimeout(() => {
      held = true
      stop()
      navigator.vibrate?.(12)
      open(event.clientX, event.clientY, false)
    }, HOLD_MS)
  }

  function move(event: PointerEvent): void {
    if (start && Math.hypot(event.clientX - start.x, event.clientY - start.y) > SLIP_PX) stop()
  }

  function menu(event: MouseEvent): void {
    const onLink = (event.target as HTMLElement).closest('a')
    if (!touch && (onLink || String(getSelection() ?? ''))) return
    event.preventDefault()
    stop()
    // Android says it once more after our own hold.
    if (touch && held) return
    held = touch
    open(event.clientX, event.clientY, !touch)
  }

  /** The finger that held comes up: that is no tap on what lies under it. */
  function click(event: MouseEvent): void {
    if (!held) return
    held = false
    event.preventDefault()
    event.stopPropagation()
  }

  function key(event: KeyboardEvent): void {
    const asks = event.key === 'ContextMenu' || (event.key === 'F10' && event.shiftKey)
    const own = event.target === event.currentTarget
    if (!asks && !(own && (event.key === 'Enter' || event.key === ' '))) return
    event.preventDefault()
    event.stopPropagation()
    const box = (event.currentTarget as HTMLElement).getBoundingClientRect()
    touch = false
    open(box.left + Math.min(box.width / 2, 160), box.top + Math.min(box.height, 48), true)
  }

  return { down, move, up: stop, menu, click, key }
}

const inControl = (event: Event): boolean =>
  (event.target as HTMLElement).closest('button:not(.quote), input, textarea, audio, video') !== null
