import type { ProductView } from '@huaxin/sync'
import { describe, expect, it } from 'vitest'
import { daysOf, lineKey, pricesOf, weekdayOf } from '../src/draft/shelf'

const product = (id: string, more: Partial<ProductView> = {}): ProductView => ({
  id, name: id, name_en: '', price: 100, picture: '', words: '', words_en: '', fragile: false, size: 1, tall: false, days: [], pictures: [], variants: [], ...more,
})
const sizes = [{ id: 's', name: '小', name_en: '', price: 100, percent: 100 }, { id: 'l', name: '大', name_en: '', price: 180, percent: 200 }]

describe('the shelf', () => {
  it('prices every size, and a bouquet with sizes only in one', () => {
    expect([...pricesOf([product('a'), product('b', { variants: sizes })])]).toEqual([['a', 100], ['b/s', 100], ['b/l', 180]])
    expect(lineKey({ product: 'b', variant: 'l' })).toBe('b/l')
    expect(lineKey({ product: 'a', variant: '' })).toBe('a')
  })

  it('knows the days all chosen bouquets are delivered on', () => {
    const shelf = [product('a'), product('b', { days: [5, 6, 7] }), product('c', { days: [6] })]
    expect(daysOf(shelf, [{ product: 'a' }])).toBeNull()
    expect(daysOf(shelf, [{ product: 'a' }, { product: 'b' }, { product: 'c' }])).toEqual(new Set([6]))
    expect(weekdayOf(Date.parse('2026-03-07T23:30:00+08:00'), 'Asia/Shanghai')).toBe(6)
    expect(weekdayOf(Date.parse('2026-03-08T00:30:00+08:00'), 'Asia/Shanghai')).toBe(7)
  })
})
