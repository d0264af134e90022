import { describe, expect, it } from 'vitest'
import { decodeBlurhash } from '../src/chat/media/blurhash'
import { clockOf, kindOf, objection, purposeOf, sizeOf } from '../src/chat/media/files'
import { wavePath } from '../src/chat/media/wave'
import { FITS, fitting, held, zoomed } from '../src/chat/media/zoom'

const file = (name: string, type: string, size = 5): File => {
  const made = new File(['12345'], name, { type })
  Object.defineProperty(made, 'size', { value: size })
  return made
}

describe('what is chosen', () => {
  it('is a picture, a clip or a file by its type, else by its ending', () => {
    const found = [
      file('a.jpg', 'image/jpeg'),
      file('IMG_1.HEIC', ''),
      file('b.mov', 'video/quicktime'),
      file('c.mkv', ''),
      file('d.svg', 'image/svg+xml'),
      file('e.pdf', 'application/pdf'),
    ].map(purposeOf)
    expect(found).toEqual(['picture', 'picture', 'video', 'video', 'file', 'file'])
  })

  it('too large or empty is said before it travels', () => {
    expect(objection(file('a.jpg', 'image/jpeg', 61 << 20), 'picture')).toEqual({ key: 'media.large', n: 60 })
    expect(objection(file('a.bin', '', 201 << 20), 'file')).toEqual({ key: 'media.large', n: 200 })
    expect(objection(file('a.bin', '', 0), 'file')?.key).toBe('media.empty')
    expect(objection(file('a.bin', '', 200 << 20), 'file')).toBeNull()
  })

  it('has its size and length in words', () => {
    expect([5, 2048, 3_500_000, 200 << 20].map(sizeOf)).toEqual(['5 B', '2 kB', '3.3 MB', '200 MB'])
    expect([0, 900, 65_000, 3_599_600].map(clockOf)).toEqual(['0:00', '0:01', '1:05', '60:00'])
    expect([kindOf('小票.pdf', ''), kindOf('none', 'application/zip')]).toEqual(['PDF', 'ZIP'])
  })
})

describe('a blurhash', () => {
  it('of one colour is that colour everywhere', () => {
    // Size 1×1, mean #ff0000.
    const pixels = decodeBlurhash('00TI:j', 2, 2)
    expect([...(pixels ?? [])].slice(0, 4)).toEqual([255, 0, 0, 255])
    expect(pixels).toHaveLength(16)
  })

  it('with more in it has a left and a right', () => {
    const pixels = decodeBlurhash('LEHV6nWB2yk8pyo0adR*.7kCMdnj', 8, 8)
    expect(pixels).toHaveLength(256)
    expect([...pixels!.slice(0, 3)]).not.toEqual([...pixels!.slice(28, 31)])
  })

  it('that is none is drawn as nothing', () => {
    for (const bad of ['', 'abc', '00TI:j1', '"00TI:"', 'LEHV6n'])
      expect(decodeBlurhash(bad, 2, 2)).toBeNull()
  })
})

describe('the viewer', () => {
  const screen = { width: 400, height: 800 }
  it('zooms around the point, never below whole', () => {
    expect(zoomed(FITS, 2, { x: 100, y: 50 })).toEqual({ scale: 2, x: -100, y: -50 })
    expect(zoomed({ scale: 2, x: 30, y: 30 }, 0.1, { x: 0, y: 0 })).toEqual(FITS)
    expect(zoomed(FITS, 100, { x: 0, y: 0 }).scale).toBe(6)
  })

  it('is not moved further than the edge of the picture', () => {
    const size = fitting({ width: 800, height: 400 }, screen)
    expect(size).toEqual({ width: 400, height: 200 })
    expect(held({ scale: 2, x: 999, y: 999 }, size, screen)).toEqual({ scale: 2, x: 200, y: 0 })
  })
})

describe('a waveform', () => {
  it('has as many strokes as asked for, within its height', () => {
    const path = wavePath([0, 100, 200], 6, 4, 32)
    expect(path.match(/M/g)).toHaveLength(6)
    const ys = [...path.matchAll(/ (-?[\d.]+)V(-?[\d.]+)/g)].flatMap((one) => [Number(one[1]), Number(one[2])])
    expect(Math.min(...ys)).toBeGreaterThanOrEqual(0)
    expect(Math.max(...ys)).toBeLessThanOrEqual(32)
    expect(wavePath([], 3, 4, 32).match(/M/g)).toHaveLength(3)
  })
})
