/** Where a long text may be broken, best first: after a paragraph, a line, a sentence, a clause, a word. */
const BREAKS = [/\n\s*\n/g, /\n/g, /[。!?!?…]+["”』」)]*|[.](?=\s)/g, /[,;:,;、:]/g, /\s/g]
/** A part shorter than this share of the limit is broken at something smaller instead. */
const LEAST = 0.5

/** A text in parts of at most `most` characters, in order; nothing but white space at the breaks is left out. */
export function inParts(text: string, most: number): string[] {
  const parts: string[] = []
  let rest = [...text.trim()]
  while (rest.length > most) {
    const end = breakIn(rest.slice(0, most + 1).join(''), most)
    const part = rest.slice(0, end).join('').trim()
    if (part) parts.push(part)
    rest = [...rest.slice(end).join('').trimStart()]
  }
  if (rest.length > 0) parts.push(rest.join(''))
  return parts
}

/** Characters of the first part of a window that is one character longer than a part may be. */
function breakIn(window: string, most: number): number {
  for (const kind of BREAKS) {
    let end = 0
    for (const found of window.matchAll(kind)) {
      const at = [...window.slice(0, found.index + found[0].length)].length
      if (at <= most) end = at
    }
    if (end >= most * LEAST) return end
  }
  return most
}
