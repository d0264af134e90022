import { asTrouble, useHuaxin, type ProductCard, type StemView, type Trouble } from '@huaxin/sync'
import { computed, shallowRef, watch } from 'vue'
import { toWish, type ProductForm } from '../catalogue/form'

/** The shop's bouquets and stems, and the ways to change them. Every way throws a Trouble. */
export function useCatalogue(shop: () => string) {
  const { api } = useHuaxin()
  const products = shallowRef<ProductCard[] | null>(null)
  const stems = shallowRef<StemView[]>([])
  const trouble = shallowRef<Trouble | null>(null)
  const out = computed(() => stems.value.filter((one) => one.out_since > 0))

  async function load(): Promise<void> {
    try {
      const [list, known] = await Promise.all([
        api.query('list_products', { shop: shop() }),
        api.query('list_stems', { shop: shop() }),
      ])
      products.value = list
      stems.value = known
      trouble.value = null
    } catch (error) {
      trouble.value = asTrouble(error)
    }
  }
  watch(shop, () => {
    products.value = null
    void load()
  })
  void load()

  async function save(form: ProductForm): Promise<void> {
    await api.light('put_product', toWish(form, shop()))
    await load()
  }

  /** Shown at once; as it was when the server refuses. */
  async function rank(ids: string[]): Promise<void> {
    const before = products.value
    const byId = new Map(before?.map((one) => [one.id, one]))
    products.value = ids.flatMap((id) => byId.get(id) ?? [])
    try {
      await api.light('rank_products', { shop: shop(), products: ids })
    } catch (error) {
      products.value = before
      throw asTrouble(error)
    }
  }

  async function back(stem: string): Promise<void> {
    await api.light('stem_back', { shop: shop(), stem })
    await load()
  }

  const upload = (file: Blob): Promise<string> => api.picture(shop(), file)

  return { products, stems, out, trouble, load, save, rank, back, upload }
}

/** ids with the one at `from` moved to `to`. */
export function moved(ids: string[], from: number, to: number): string[] {
  const after = [...ids]
  const [one] = after.splice(from, 1)
  if (one !== undefined) after.splice(Math.max(0, Math.min(after.length, to)), 0, one)
  return after
}
