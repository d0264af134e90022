import type { ProductView } from '@huaxin/sync'

/** A bouquet in each of its sizes as one to choose by itself; its id says both. */
export function inSizes(product: ProductView): ProductView[] {
  if (product.variants.length === 0) return [product]
  return product.variants.map((one) => ({
    ...product,
    id: `${product.id}/${one.id}`,
    name: `${product.name}(${one.name})`,
    name_en: product.name_en && `${product.name_en} (${one.name_en || one.name})`,
    price: one.price,
  }))
}

/** What is ordered, from such an id. */
export function lineOf(id: string): { product: string; variant?: string } {
  const [product = '', variant] = id.split('/')
  return variant ? { product, variant } : { product }
}
