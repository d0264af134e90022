import type { OrderDraft } from './model'

/** What the buyer is told before placing: which promise this draft will get. */
export type PromiseShown =
  | { kind: 'window'; start: number; end: number }
  | { kind: 'deadline'; end: number }
  | { kind: 'soon' }
  /** The note is still being read (or no network): nothing is claimed. */
  | { kind: 'reading' }
  /** The note says nothing of a time: as soon as possible. */
  | { kind: 'unread' }

export interface NoteReading {
  /** The note that was read. */
  note: string
  /** End of the promise found in it; 0: none. */
  end: number
}

export function promiseShown(draft: OrderDraft, reading: NoteReading | null): PromiseShown {
  if (draft.when === 'slot') return draft.slot ? { kind: 'window', ...draft.slot } : { kind: 'soon' }
  const note = draft.note.trim()
  if (!note) return { kind: 'soon' }
  if (!reading || reading.note !== note) return { kind: 'reading' }
  return reading.end > 0 ? { kind: 'deadline', end: reading.end } : { kind: 'unread' }
}
