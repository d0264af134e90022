import { describe, expect, it } from 'vitest'
import en from '../src/i18n/en'
import zh from '../src/i18n/zh'
import { keysOf, sharedZhKeys } from './keys'

describe('words', () => {
  it('are the same in both languages', () => {
    expect(keysOf(en)).toEqual(keysOf(zh))
  })

  it('none is empty, and placeholders agree', () => {
    const [a, b] = [flat(zh), flat(en)]
    for (const [key, words] of a) {
      expect(words, key).not.toBe('')
      expect(holes(b.get(key) ?? ''), key).toEqual(holes(words))
    }
  })

  it('do not hide words that all screens share', () => {
    expect(Object.keys(zh).filter((key) => sharedZhKeys().includes(key))).toEqual([])
  })
})

const holes = (words: string): string[] => [...words.matchAll(/\{(\w+)\}/g)].map((found) => found[1] ?? '').sort()

function flat(words: object, prefix = ''): Map<string, string> {
  const all = new Map<string, string>()
  for (const [key, value] of Object.entries(words)) {
    if (typeof value === 'string') all.set(prefix + key, value)
    else for (const [inner, text] of flat(value as object, `${prefix}${key}.`)) all.set(inner, text)
  }
  return all
}
