import { onScopeDispose, reactive } from 'vue'

export interface Dragging {
  /** Order in hand; empty: none. */
  order: string
  x: number
  y: number
  /** Courier under the pointer. */
  over: string
}

const SLOP = 6
const HOLD_MS = 350

/**
 * An order taken by its row and let go on anything marked `data-courier`. A mouse drags at once; a finger holds first,
 * so that lists still scroll. The keyboard has the palette (`a`).
 */
export function useDrag(options: { begin: (order: string) => void; drop: (order: string, courier: string) => void }) {
  const drag = reactive<Dragging>({ order: '', x: 0, y: 0, over: '' })
  let wanted = ''
  let from = { x: 0, y: 0 }
  let timer: ReturnType<typeof setTimeout> | undefined
  /** A drag ends with a click on whatever is below: that one is not meant. */
  let swallow = false

  function start(): void {
    clearTimeout(timer)
    if (!wanted) return
    drag.order = wanted
    document.body.classList.add('dragging')
    getSelection()?.removeAllRanges()
    options.begin(wanted)
  }

  function down(event: PointerEvent, order: string): void {
    if (event.button !== 0) return
    wanted = order
    from = { x: event.clientX, y: event.clientY }
    place(event)
    if (event.pointerType === 'touch') timer = setTimeout(start, HOLD_MS)
    addEventListener('pointermove', move)
    addEventListener('pointerup', up)
    addEventListener('pointercancel', cancel)
    addEventListener('keydown', keyed, true)
    addEventListener('touchmove', hold, { passive: false })
  }

  function move(event: PointerEvent): void {
    const far = Math.hypot(event.clientX - from.x, event.clientY - from.y) > SLOP
    if (!drag.order) {
      if (!far) return
      if (event.pointerType === 'touch') return end()
      start()
    }
    event.preventDefault()
    place(event)
    const below = document.elementFromPoint(event.clientX, event.clientY)
    drag.over = below?.closest<HTMLElement>('[data-courier]')?.dataset['courier'] ?? ''
  }

  function place(event: PointerEvent): void {
    drag.x = event.clientX
    drag.y = event.clientY
  }

  function up(): void {
    const { order, over } = drag
    swallow = order !== ''
    if (swallow) setTimeout(() => (swallow = false), 50)
    end()
    if (order && over) options.drop(order, over)
  }

  const cancel = (): void => end()

  function keyed(event: KeyboardEvent): void {
    if (event.key !== 'Escape' || !drag.order) return
    event.preventDefault()
    event.stopPropagation()
    end()
  }

  function hold(event: TouchEvent): void {
    if (drag.order) event.preventDefault()
  }

  function end(): void {
    clearTimeout(timer)
    wanted = ''
    drag.order = ''
    drag.over = ''
    document.body.classList.remove('dragging')
    removeEventListener('pointermove', move)
    removeEventListener('pointerup', up)
    removeEventListener('pointercancel', cancel)
    removeEventListener('keydown', keyed, true)
    removeEventListener('touchmove', hold)
  }

  function clicked(event: Event): void {
    if (!swallow) return
    event.preventDefault()
    event.stopPropagation()
  }
  addEventListener('click', clicked, true)
  onScopeDispose(() => {
    end()
    removeEventListener('click', clicked, true)
  })

  return { drag, down }
}
