import { describe, expect, it } from 'vitest'
import { firstOpenStep, isPhone, missingIn, type CheckFacts } from '../src/draft/check'
import { emptyDraft } from '../src/draft/model'

const facts: CheckFacts = { products: new Set(['rose']), now: 1000, soon: true }
const point = { lat: 30.25, lon: 120 }
const full = () => ({
  ...emptyDraft('huaxin', 'order-1', 'command-1'),
  lines: [{ product: 'rose', quantity: 1 }],
  recipient: { name: '李妈妈', phone: '13800138000' },
  place: { text: '阳光小区', point, gate: null },
})
const words = (draft: ReturnType<typeof full>, step: Parameters<typeof missingIn>[1], now = facts): string[] =>
  missingIn(draft, step, now).map((one) => one.word)

describe('steps', () => {
  it('go one after the other', () => {
    const empty = emptyDraft('huaxin', 'order-1', 'command-1')
    expect(firstOpenStep(empty, facts)).toBe('bouquet')
    expect(firstOpenStep({ ...full(), recipient: { name: '', phone: '' } }, facts)).toBe('card')
    expect(firstOpenStep({ ...full(), place: null }, facts)).toBe('place')
    expect(firstOpenStep(full(), facts)).toBe('confirm')
  })

  it('confirm looks at all of them again', () => {
    expect(words({ ...full(), lines: [] }, 'confirm')).toEqual(['need.bouquet'])
  })

  it('a bouquet taken off the shelf is told; an unknown shelf refuses nothing', () => {
    const gone = { ...full(), lines: [{ product: 'tulip', quantity: 1 }] }
    expect(words(gone, 'bouquet')).toEqual(['need.gone'])
    expect(words(gone, 'bouquet', { ...facts, products: null })).toEqual([])
  })

  it('a window that has passed must be chosen again', () => {
    expect(words({ ...full(), slot: { start: 1, end: 900 } }, 'place')).toEqual(['need.slotPast'])
    expect(words({ ...full(), slot: { start: 1, end: 2000 } }, 'place')).toEqual([])
  })

  it('"as soon as possible" is not taken while the shop is closed', () => {
    expect(words(full(), 'place', { ...facts, soon: false })).toEqual(['need.slot'])
    expect(words(full(), 'place', { ...facts, soon: null })).toEqual([])
  })

  it('own words must be words', () => {
    expect(words({ ...full(), when: 'note', note: '  ' }, 'place')).toEqual(['need.note'])
  })
})

describe('phone numbers', () => {
  it.each(['13800138000', '138 0013 8000', '+86 138-0013-8000', '0571-88880000', '+1 415 555 0100'])('%s is one', (phone) => {
    expect(isPhone(phone)).toBe(true)
  })

  it.each(['1380013800', '138001380001', '12345678901', '123', 'abc'])('%s is none', (phone) => {
    expect(isPhone(phone)).toBe(false)
  })
})
