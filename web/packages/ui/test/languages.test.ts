import { describe, expect, it } from 'vitest'
import sharedEn from '../src/i18n/en'
import sharedZh from '../src/i18n/zh'

type Tree = { [key: string]: unknown }

const files = import.meta.glob<{ default: Tree }>('../../../apps/*/src/i18n/*.ts', { eager: true })

function keys(tree: unknown, path = ''): string[] {
  if (typeof tree !== 'object' || tree === null) return [path]
  return Object.entries(tree).flatMap(([key, value]) => keys(value, path ? `${path}.${key}` : key))
}

function words(tree: unknown): string[] {
  return typeof tree === 'object' && tree !== null ? Object.values(tree).flatMap(words) : [String(tree)]
}

const pairs: [string, Tree, Tree][] = [['shared', sharedZh, sharedEn]]
for (const [path, module] of Object.entries(files)) {
  const english = files[path.replace('/zh.ts', '/en.ts')]
  if (path.endsWith('/zh.ts') && english) pairs.push([path.split('/')[4] ?? path, module.default, english.default])
}

describe('both languages', () => {
  it('all three applications are looked at', () => {
    expect(pairs.map(([name]) => name).sort()).toEqual(['buyer', 'courier', 'shared', 'shop'])
  })

  it.each(pairs)('%s: the same keys, nothing empty', (_, zh, en) => {
    expect(keys(en).sort()).toEqual(keys(zh).sort())
    expect([...words(zh), ...words(en)].filter((word) => !word.trim())).toEqual([])
  })

  it.each(pairs)('%s: the same variables in every sentence', (_, zh, en) => {
    // Of "{n} order | {n} orders" the last one: the first may say "it".
    const variables = (text: unknown): string[] => String(text).split(' | ').at(-1)?.match(/\{\w+\}/g)?.sort() ?? []
    const at = (tree: Tree, path: string): unknown => path.split('.').reduce<unknown>((node, key) => (node as Tree)[key], tree)
    for (const key of keys(zh)) expect([key, variables(at(en, key))]).toEqual([key, variables(at(zh, key))])
  })
})
