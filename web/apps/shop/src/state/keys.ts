import { onScopeDispose } from 'vue'

/** Single keys, as long as nobody is typing and nothing lies on top. */
export function useKeys(keys: Record<string, (event: KeyboardEvent) => void>): void {
  function pressed(event: KeyboardEvent): void {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return
    if (document.querySelector('dialog[open]:not([data-beside])')) return
    const target = event.target as HTMLElement | null
    const typing = target?.matches('input, textarea, select, [contenteditable]') ?? false
    if (typing && event.key !== 'Escape') return
    const act = keys[event.key]
    if (!act) return
    event.preventDefault()
    act(event)
  }
  addEventListener('keydown', pressed)
  onScopeDispose(() => removeEventListener('keydown', pressed))
}

/** Moves the focus among the rows of the lists, in the order they stand. */
export function moveRow(step: 1 | -1): void {
  const rows = [...document.querySelectorAll<HTMLElement>('[data-row]')]
  if (rows.length === 0) return
  const current = rows.indexOf(document.activeElement as HTMLElement)
  const chosen = rows.findIndex((row) => row.getAttribute('aria-current') === 'true')
  const from = current >= 0 ? current : chosen
  const next = from < 0 ? (step > 0 ? 0 : rows.length - 1) : Math.max(0, Math.min(rows.length - 1, from + step))
  rows[next]?.focus()
  rows[next]?.scrollIntoView({ block: 'nearest' })
}

/** The order whose row has the focus. */
export const focusedOrder = (): string =>
  document.activeElement?.closest<HTMLElement>('[data-row]')?.dataset['row'] ?? ''
