import type { ProductCard, ProductWish, StemView } from '@huaxin/sync'

/** A bouquet while it is being written. Prices as they are typed, in yuan. */
export interface ProductForm {
  id: string
  name: string
  name_en: string
  price: string
  words: string
  words_en: string
  pictures: string[]
  recipe: { name: string; name_en: string; count: string }[]
  variants: { id: string; name: string; name_en: string; price: string; percent: string }[]
  /** 1 Monday … 7 Sunday; none: every day. */
  days: number[]
  state: 'offered' | 'sold_out' | 'hidden'
  size: number
  fragile: boolean
  tall: boolean
}

export const MOST_YUAN = 100_000
export const MOST_PICTURES = 8
export const MOST_VARIANTS = 6
export const MOST_STEMS = 40

const yuan = (fen: number): string => (fen % 100 === 0 ? String(fen / 100) : (fen / 100).toFixed(2))

export function toForm(card: ProductCard): ProductForm {
  return {
    ...card,
    price: yuan(card.price),
    recipe: card.recipe.map(({ name, name_en, count }) => ({ name, name_en, count: String(count) })),
    variants: card.variants.map((one) => ({ ...one, price: yuan(one.price), percent: String(one.percent) })),
    pictures: [...card.pictures],
    days: [...card.days],
    state: !card.available ? 'hidden' : card.sold_out ? 'sold_out' : 'offered',
  }
}

export function emptyForm(id: string): ProductForm {
  return {
    id, name: '', name_en: '', price: '', words: '', words_en: '', pictures: [], recipe: [], variants: [], days: [],
    state: 'offered', size: 1, fragile: false, tall: false,
  }
}

/** What is typed as a price, in fen; null: that is no price. `signed`: it may be below zero. */
export function fenOf(typed: string, signed = false): number | null {
  const text = typed.normalize('NFKC').replace(/[¥,\s]/g, '')
  if (!/^-?\d+(\.\d{1,2})?$/.test(text)) return null
  const fen = Math.round(Number(text) * 100)
  if (Math.abs(fen) > MOST_YUAN * 100) return null
  return fen < 0 && !signed ? null : fen
}

/** What needs another look, by field; the word (`catalogue.bad.*`) says why. */
export type Errors = Record<string, string>

export function check(form: ProductForm): Errors {
  const found: Errors = {}
  if (!form.name.trim()) found['name'] = 'name'
  if (form.variants.length === 0 && fenOf(form.price) === null) found['price'] = 'price'
  if (!whole(String(form.size), 1, 20)) found['size'] = 'places'
  form.variants.forEach((one, n) => {
    const same = form.variants.findIndex((other) => other.name.trim() === one.name.trim()) < n
    if (!one.name.trim()) found[`variant.${n}`] = 'variant_name'
    else if (same) found[`variant.${n}`] = 'variant_twice'
    else if (fenOf(one.price) === null) found[`variant.${n}`] = 'price'
    else if (!whole(one.percent, 10, 1000)) found[`variant.${n}`] = 'percent'
  })
  form.recipe.forEach((one, n) => {
    const same = form.recipe.findIndex((other) => other.name.trim() === one.name.trim()) < n
    if (!one.name.trim()) found[`recipe.${n}`] = 'stem_name'
    else if (same) found[`recipe.${n}`] = 'stem_twice'
    else if (!whole(one.count, 1, 999)) found[`recipe.${n}`] = 'count'
  })
  return found
}

const whole = (typed: string, least: number, most: number): boolean =>
  /^\d+$/.test(typed.trim()) && Number(typed) >= least && Number(typed) <= most

/** Call only when nothing is wrong. */
export function toWish(form: ProductForm, shop: string): ProductWish {
  const variants = form.variants.map((one) => ({
    id: one.id,
    name: one.name.trim(),
    name_en: one.name_en.trim(),
    price: fenOf(one.price) ?? 0,
    percent: Number(one.percent),
  }))
  return {
    shop,
    id: form.id,
    name: form.name.trim(),
    name_en: form.name_en.trim(),
    price: variants[0]?.price ?? fenOf(form.price) ?? 0,
    words: form.words.trim(),
    words_en: form.words_en.trim(),
    pictures: form.pictures,
    recipe: form.recipe.map((one) => ({ name: one.name.trim(), name_en: one.name_en.trim(), count: Number(one.count) })),
    variants,
    days: form.days.length === 7 ? [] : [...form.days].sort(),
    available: form.state !== 'hidden',
    sold_out: form.state === 'sold_out',
    size: form.size,
    fragile: form.fragile,
    tall: form.tall,
  }
}

/** The English name of a stem as it is written elsewhere in the shop. */
export const knownEnglish = (stems: StemView[], name: string): string =>
  stems.find((one) => one.name === name.trim())?.name_en ?? ''
