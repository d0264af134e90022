import { describe, expect, it } from 'vitest'
import { inParts } from '../src/chat/abilities/parts'

const bare = (text: string): string => text.replace(/\s/g, '')

describe('NW-30: a long text in parts', () => {
  it('breaks where a sentence ends, and loses nothing', () => {
    const text = '花已经到了。'.repeat(30) + '谢谢!'
    const parts = inParts(text, 50)
    expect(parts.every((part) => [...part].length <= 50)).toBe(true)
    expect(parts.slice(0, -1).every((part) => part.endsWith('。'))).toBe(true)
    expect(parts.join('')).toBe(text)
  })

  it('prefers paragraphs, and words to the middle of one', () => {
    expect(inParts(`${'a'.repeat(30)}\n\n${'b'.repeat(30)}`, 50)).toEqual(['a'.repeat(30), 'b'.repeat(30)])
    const words = 'flower '.repeat(20).trim()
    const parts = inParts(words, 50)
    expect(parts.every((part) => /^(flower ?)+$/.test(part))).toBe(true)
    expect(bare(parts.join(''))).toBe(bare(words))
  })

  it('counts characters as the server does, and never cuts one', () => {
    const text = '🌷'.repeat(120)
    expect(inParts(text, 50).map((part) => [...part].length)).toEqual([50, 50, 20])
    expect(inParts('short', 50)).toEqual(['short'])
    expect(inParts('  ', 50)).toEqual([])
  })
})
