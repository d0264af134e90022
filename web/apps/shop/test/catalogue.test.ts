import { describe, expect, it } from 'vitest'
import { inSizes, lineOf } from '../src/catalogue/sizes'
import { check, emptyForm, fenOf, toForm, toWish } from '../src/catalogue/form'

describe('a bouquet being written', () => {
  it('reads prices as people type them, never below zero', () => {
    expect(['168', '168.5', '¥1,680', '１６８', '0'].map((typed) => fenOf(typed))).toEqual([16800, 16850, 168000, 16800, 0])
    expect(['', '-1', '1.234', 'abc', '100001', '1e5'].map((typed) => fenOf(typed))).toEqual(Array(6).fill(null))
    expect(fenOf('-20', true)).toBe(-2000)
  })

  it('says what is wrong beside the field', () => {
    const form = emptyForm('p1')
    expect(check(form)).toEqual({ name: 'name', price: 'price' })
    Object.assign(form, { name: '玫瑰', price: '-5' })
    expect(check(form)).toEqual({ price: 'price' })
    form.price = '99'
    form.recipe = [{ name: '玫瑰', name_en: '', count: '11' }, { name: ' 玫瑰', name_en: '', count: '1' }, { name: '草', name_en: '', count: '0' }]
    form.variants = [{ id: 'a', name: '大', name_en: '', price: '199', percent: '200' }, { id: 'b', name: '', name_en: '', price: '1', percent: '100' }]
    form.size = '' as never
    expect(check(form)['size']).toBe('places')
    form.size = 2
    expect(check(form)).toEqual({ 'recipe.1': 'stem_twice', 'recipe.2': 'count', 'variant.1': 'variant_name' })
  })

  it('comes back as it was', () => {
    const card = {
      id: 'p', name: '玫瑰', name_en: 'Roses', price: 25950, pictures: ['/pictures/a.svg'], words: '', words_en: '', size: 1, fragile: false,
      tall: true, available: true, sold_out: true, recipe: [{ name: '红玫瑰', count: 11, name_en: 'red rose' }], days: [6, 7],
      variants: [{ id: 'u', name: '小', name_en: 'S', price: 25950, percent: 100 }], lacking: [],
    }
    const { lacking: _lacking, ...rest } = card
    expect(toWish(toForm(card), 's')).toEqual({ shop: 's', ...rest })
  })
})

describe('a bouquet with sizes on the telephone', () => {
  it('is chosen in one of them', () => {
    const rose = {
      id: 'rose', name: '玫瑰', name_en: 'Roses', price: 100, picture: '', days: [], pictures: [],
      variants: [{ id: 's', name: '小', name_en: '', price: 100, percent: 100 }, { id: 'l', name: '大', name_en: 'large', price: 180, percent: 200 }],
    }
    const found = inSizes(rose as never)
    expect(found.map(({ id, name, name_en, price }) => [id, name, name_en, price])).toEqual([
      ['rose/s', '玫瑰(小)', 'Roses (小)', 100],
      ['rose/l', '玫瑰(大)', 'Roses (large)', 180],
    ])
    expect(found.map(({ id }) => lineOf(id))).toEqual([{ product: 'rose', variant: 's' }, { product: 'rose', variant: 'l' }])
    expect(lineOf('lily')).toEqual({ product: 'lily' })
  })
})
