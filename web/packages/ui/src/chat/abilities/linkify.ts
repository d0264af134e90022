/** A stretch of a text: plain, a link whose words say where it goes, or a role that is spoken to. */
export type Part =
  | { kind: 'text'; text: string }
  | { kind: 'link'; text: string; href: string }
  | { kind: 'mention'; text: string; role: string }

/** What may stand in an address; CJK punctuation ends one, since nobody puts a space before 「,」. */
const ADDRESS = /https?:\/\/[^\s<>"'`\u3000-\u303f\uff00-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65「」]+/giu
const LAST = /[.,;:!?*~]+$/
const SHOWN = 56

/**
 * Only http and https become links, and what is shown is where they go: the address as the browser understands it,
 * so that look-alike letters are seen as what they are. Addresses with a name before an @ are left alone.
 */
export function linkify(text: string): Part[] {
  const parts: Part[] = []
  let from = 0
  for (const found of text.matchAll(ADDRESS)) {
    const raw = trimmed(found[0])
    const url = parsed(raw)
    if (!url) continue
    if (found.index > from) parts.push({ kind: 'text', text: text.slice(from, found.index) })
    parts.push({ kind: 'link', text: shownAs(url), href: url.href })
    from = found.index + raw.length
  }
  if (from < text.length) parts.push({ kind: 'text', text: text.slice(from) })
  return parts
}

/** A full stop or a bracket after an address belongs to the sentence. */
function trimmed(raw: string): string {
  let kept = raw.replace(LAST, '')
  for (const [open, close] of ['()', '[]', '{}'] as unknown as [string, string][]) {
    while (kept.endsWith(close) && count(kept, close) > count(kept, open)) kept = kept.slice(0, -1).replace(LAST, '')
  }
  return kept
}

const count = (text: string, sign: string): number => text.split(sign).length - 1

function parsed(raw: string): URL | null {
  try {
    const url = new URL(raw)
    const safe = (url.protocol === 'https:' || url.protocol === 'http:') && !url.username && !url.password
    return safe && url.hostname.includes('.') ? url : null
  } catch {
    return null
  }
}

function shownAs(url: URL): string {
  const path = url.pathname + url.search + url.hash
  const start = url.protocol === 'http:' ? `http://${url.host}` : url.host
  const whole = path === '/' ? start : start + readable(path)
  return whole.length > SHOWN ? `${whole.slice(0, Math.max(start.length, SHOWN - 1))}…` : whole
}

function readable(path: string): string {
  try {
    // Letters are easier to read than their codes; the host before it stays as it is.
    return decodeURI(path).replace(/[\s\u200b-\u200f\u202a-\u202e\u2066-\u2069]/g, (sign) => encodeURIComponent(sign))
  } catch {
    return path
  }
}

/** Marks `@role` in the plain stretches. `names`: every way each mentioned role is called. */
export function withMentions(parts: Part[], names: Record<string, string[]>): Part[] {
  const all = Object.entries(names).flatMap(([role, words]) => words.map((word) => ({ role, text: `@${word}` })))
  if (all.length === 0) return parts
  all.sort((a, b) => b.text.length - a.text.length)
  return parts.flatMap((part) => (part.kind === 'text' ? cut(part.text, all) : [part]))
}

function cut(text: string, names: { role: string; text: string }[]): Part[] {
  const parts: Part[] = []
  let plain = ''
  for (let at = 0; at < text.length; ) {
    const found = text[at] === '@' ? names.find((name) => text.startsWith(name.text, at)) : undefined
    if (found) {
      if (plain) parts.push({ kind: 'text', text: plain })
      parts.push({ kind: 'mention', ...found })
      plain = ''
      at += found.text.length
    } else plain += text[at++]
  }
  if (plain) parts.push({ kind: 'text', text: plain })
  return parts
}

/** Roles that a text speaks to. */
export function mentioned(text: string, names: Record<string, string[]>): string[] {
  return Object.keys(names).filter((role) => names[role]?.some((word) => text.includes(`@${word}`)))
}

/** The @ that is being typed just before the caret: where it stands and what follows it. */
export function typedMention(text: string, caret: number): { start: number; word: string } | null {
  const before = text.slice(0, caret)
  const start = before.lastIndexOf('@')
  if (start < 0) return null
  const word = before.slice(start + 1)
  const glued = /[A-Za-z0-9_.]/.test(before[start - 1] ?? '')
  return glued || word.length > 12 || /\s/.test(word) ? null : { start, word }
}

/** [start, end) ranges of an excerpt as stretches to be marked. */
export function marked(text: string, ranges: number[][]): { text: string; hit: boolean }[] {
  const parts: { text: string; hit: boolean }[] = []
  let from = 0
  for (const [start = 0, end = 0] of ranges) {
    if (start < from || end <= start || end > text.length) continue
    if (start > from) parts.push({ text: text.slice(from, start), hit: false })
    parts.push({ text: text.slice(start, end), hit: true })
    from = end
  }
  if (from < text.length) parts.push({ text: text.slice(from), hit: false })
  return parts
}
