import { describe, expect, it } from 'vitest'
import { anchorAt, covers, indexAt, meanOf, offsetsOf, rangeOf, topFor } from '../src/chat/list/window'

const keys = Array.from({ length: 1000 }, (_, n) => `k${n}`)
const places = (all: string[]) => {
  const map = new Map(all.map((key, n) => [key, n]))
  return (key: string) => map.get(key)
}

describe('a window of a long list', () => {
  const offsets = offsetsOf(keys, new Map([['k0', 100], ['k2', 10]]), 50)

  it('offsets are sums of what was measured and what is guessed', () => {
    expect([...offsets.slice(0, 5)]).toEqual([0, 100, 150, 160, 210])
    expect(offsets[1000]).toBe(100 + 10 + 998 * 50)
  })

  it('finds the item at any height, also beyond the ends', () => {
    expect([-5, 0, 99, 100, 155, 1e9].map((y) => indexAt(offsets, y))).toEqual([0, 0, 0, 1, 2, 999])
    expect(indexAt(new Float64Array(1), 7)).toBe(0)
  })

  it('draws what is seen and some more, never more than there is', () => {
    const range = rangeOf(offsets, 10_000, 800, 400)
    expect(offsets[range.first]).toBeLessThanOrEqual(9_600)
    expect(offsets[range.last]).toBeGreaterThanOrEqual(11_200)
    expect(range.last - range.first).toBeLessThan(40)
    expect(rangeOf(offsets, 1e9, 800, 400).last).toBe(1000)
    expect(rangeOf(new Float64Array(1), 0, 800, 400)).toEqual({ first: 0, last: 0 })
  })

  it('is drawn anew only when something would be missing', () => {
    const range = rangeOf(offsets, 10_000, 800, 1000)
    expect(covers(range, offsets, 10_300, 800, 350)).toBe(true)
    expect(covers(range, offsets, 10_900, 800, 350)).toBe(false)
    expect(covers({ first: 0, last: 1001 }, offsets, 0, 800, 350)).toBe(false)
  })
})

describe('what is read stays where it is', () => {
  it('when older ones come above it', () => {
    const before = offsetsOf(keys, new Map(), 50)
    const anchor = anchorAt(before, keys, 1234)
    expect(anchor).toEqual([24, 25, 26, 27].map((n) => ({ key: `k${n}`, below: n * 50 - 1234 })))
    const older = [...Array.from({ length: 200 }, (_, n) => `o${n}`), ...keys]
    const after = offsetsOf(older, new Map(), 50)
    expect(topFor(anchor, after, places(older), 800)).toBe(1234 + 200 * 50)
  })

  it('when the very first one goes with it', () => {
    const anchor = anchorAt(offsetsOf(keys, new Map(), 50), keys, 0)
    const older = [...Array.from({ length: 40 }, (_, n) => `o${n}`), ...keys.slice(1)]
    expect(topFor(anchor, offsetsOf(older, new Map(), 50), places(older), 800)).toBe(40 * 50 - 50)
  })

  it('nothing holds on to what moves, like a divider', () => {
    const anchor = anchorAt(offsetsOf(keys, new Map(), 50), keys, 0, (key) => key === 'k0')
    expect(anchor === 'end' ? '' : anchor[0]?.key).toBe('k1')
  })

  it('when a picture above it loads', () => {
    const anchor = anchorAt(offsetsOf(keys, new Map(), 50), keys, 5000)
    const after = offsetsOf(keys, new Map([['k3', 300]]), 50)
    expect(topFor(anchor, after, places(keys), 800)).toBe(5250)
  })

  it('at the end it is the end, however tall that gets', () => {
    const grown = offsetsOf(keys, new Map([['k999', 500]]), 50)
    expect(topFor('end', grown, places(keys), 800)).toBe(999 * 50 + 500 - 800)
    expect(topFor('end', offsetsOf(['a'], new Map(), 50), places(['a']), 800)).toBe(0)
  })

  it('what is gone has no place, what stands above the items is kept in sight', () => {
    const offsets = offsetsOf(keys, new Map(), 50)
    expect(topFor([{ key: 'gone', below: 0 }], offsets, places(keys), 800)).toBeNull()
    expect(topFor(anchorAt(offsets, keys, -40), offsets, places(keys), 800)).toBe(-40)
  })
})

it('what was not drawn yet is guessed from what was', () => {
  expect(meanOf(new Map([['a', 10]]), 64)).toBe(64)
  expect(meanOf(new Map(Array.from({ length: 10 }, (_, n) => [`${n}`, 40 + n])), 64)).toBeCloseTo(44.5)
})
