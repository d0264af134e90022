/** The arithmetic of a long list of which only a window is drawn. Heights and offsets in CSS pixels. */

/** offsets[i]: where item i begins; one more at the end: how tall all are together. */
export function offsetsOf(keys: readonly string[], heights: ReadonlyMap<string, number>, guess: number): Float64Array {
  const offsets = new Float64Array(keys.length + 1)
  for (let i = 0; i < keys.length; i += 1) offsets[i + 1] = offsets[i]! + (heights.get(keys[i]!) ?? guess)
  return offsets
}

/** Index of the item that covers `y`: the last one that begins at or before it. */
export function indexAt(offsets: Float64Array, y: number): number {
  let [low, high] = [0, Math.max(0, offsets.length - 2)]
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (offsets[middle]! <= y) low = middle
    else high = middle - 1
  }
  return low
}

export interface Range {
  /** First item drawn, and the one after the last. */
  first: number
  last: number
}

/** Items between two heights, with `spare` pixels more on both sides. */
export function rangeOf(offsets: Float64Array, top: number, height: number, spare: number): Range {
  const count = offsets.length - 1
  if (count <= 0) return { first: 0, last: 0 }
  const first = indexAt(offsets, Math.max(0, top - spare))
  return { first, last: Math.min(count, indexAt(offsets, top + height + spare) + 1) }
}

/** Is everything between these heights (and `spare` more) drawn already? Then nothing needs to be drawn anew. */
export function covers(range: Range, offsets: Float64Array, top: number, height: number, spare: number): boolean {
  const needed = rangeOf(offsets, top, height, spare)
  return range.first <= needed.first && range.last >= needed.last && range.last <= offsets.length - 1
}

/** An item, and how far below the upper edge it begins. */
export interface Hold {
  key: string
  below: number
}
/** What stays where it is while things above it change: the end, or the first of these that is still there. */
export type Anchor = 'end' | Hold[]

/** What was recalled or discarded may go: then the next one holds. */
const HOLDS = 4

/** The first items that are seen, as the anchor. `loose`: what may come to stand elsewhere, like a divider. */
export function anchorAt(
  offsets: Float64Array,
  keys: readonly string[],
  top: number,
  loose: (key: string) => boolean = () => false,
): Anchor {
  const holds: Hold[] = []
  for (let index = indexAt(offsets, top); index < keys.length && holds.length < HOLDS; index += 1) {
    const key = keys[index]!
    if (!loose(key)) holds.push({ key, below: offsets[index]! - top })
  }
  return holds.length > 0 ? holds : 'end'
}

/** Where the upper edge has to be for the anchor to stay (what stands above the items is below zero). Null: it is gone. */
export function topFor(
  anchor: Anchor,
  offsets: Float64Array,
  indexOf: (key: string) => number | undefined,
  height: number,
): number | null {
  const total = offsets[offsets.length - 1] ?? 0
  if (anchor === 'end') return Math.max(0, total - height)
  for (const { key, below } of anchor) {
    const index = indexOf(key)
    if (index !== undefined) return offsets[index]! - below
  }
  return null
}

/** Typical height of what is not drawn yet: the mean of what was. */
export function meanOf(heights: ReadonlyMap<string, number>, fallback: number): number {
  if (heights.size < 8) return fallback
  let sum = 0
  for (const height of heights.values()) sum += height
  return sum / heights.size
}
