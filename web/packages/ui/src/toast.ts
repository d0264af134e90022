import { reactive } from 'vue'

export interface Note {
  id: number
  words: string
  tone: 'info' | 'trouble'
}

/** Short notes at the foot of the screen; `<ToastHost>` shows them and reads them out. */
export const notes = reactive<Note[]>([])
let last = 0

export function showNote(words: string, tone: Note['tone'] = 'info', ms = 4_000): void {
  if (!words || notes.some((note) => note.words === words)) return
  const id = ++last
  notes.push({ id, words, tone })
  if (notes.length > 3) notes.shift()
  setTimeout(() => {
    const at = notes.findIndex((note) => note.id === id)
    if (at >= 0) notes.splice(at, 1)
  }, ms)
}
