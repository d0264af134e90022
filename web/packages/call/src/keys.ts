/** Single keys belong to whoever types. */
export function isTyping(event: KeyboardEvent): boolean {
  const target = event.target as HTMLElement | null
  return event.isComposing || (target?.matches?.('input, textarea, select, [contenteditable]') ?? false)
}
