import { promiseNoted, type Noted, type OrderDraft } from './model'

/** What the buyer is told before placing: which promise this draft will get. */
export type PromiseShown =
  | { kind: 'window'; start: number; end: number }
  | { kind: 'deadline'; end: number }
  | { kind: 'soon' }
  /** The note is still being read (or no network): nothing is claimed. */
  | { kind: 'reading' }
  /** The note may mean one of a few times. */
  | { kind: 'asked' }
  /** The note says nothing of a time: as soon as possible. */
  | { kind: 'unread' }

export function promiseShown(draft: OrderDraft, noted: Noted | null): PromiseShown {
  if (draft.when === 'slot') return draft.slot ? { kind: 'window', ...draft.slot } : { kind: 'soon' }
  const note = draft.note.trim()
  if (!note) return { kind: 'soon' }
  if (!noted || noted.note !== note) return { kind: 'reading' }
  const promise = promiseNoted(noted)
  if (!promise) return { kind: noted.reading.doubt ? 'asked' : 'unread' }
  return promise.start ? { kind: 'window', start: promise.start, end: promise.end } : { kind: 'deadline', end: promise.end }
}
