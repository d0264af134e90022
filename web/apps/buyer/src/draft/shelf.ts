import type { ProductView, Variant } from '@huaxin/sync'

/** How a chosen bouquet is told from others: the same in another size is another one. */
export const lineKey = (line: { product: string; variant?: string | undefined }): string =>
  line.variant ? `${line.product}/${line.variant}` : line.product

/** The usual size first, as the server takes it when none is named. */
export const usual = (product: ProductView): string => product.variants[0]?.id ?? ''

export const variantOf = (product: ProductView, id: string | undefined): Variant | null =>
  product.variants.find((one) => one.id === id) ?? product.variants[0] ?? null

/** fen by lineKey: of every bouquet in every size it can be had. A bouquet with sizes has no price without one. */
export function pricesOf(products: ProductView[] | undefined): Map<string, number> {
  const found = new Map<string, number>()
  for (const product of products ?? []) {
    if (product.variants.length === 0) found.set(product.id, product.price)
    for (const one of product.variants) found.set(`${product.id}/${one.id}`, one.price)
  }
  return found
}

/** The weekdays (1 Monday … 7 Sunday) on which all of these are delivered; null: on all. */
export function daysOf(products: ProductView[], lines: { product: string }[]): ReadonlySet<number> | null {
  const limited = products.filter((one) => one.days.length > 0 && lines.some(({ product }) => product === one.id))
  if (limited.length === 0) return null
  return new Set([1, 2, 3, 4, 5, 6, 7].filter((day) => limited.every((one) => one.days.includes(day))))
}

/** 1 Monday … 7 Sunday, in the shop's own time. */
export function weekdayOf(ms: number, zone: string): number {
  const name = new Intl.DateTimeFormat('en-US', { timeZone: zone, weekday: 'short' }).format(ms)
  return ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'].indexOf(name) + 1
}
