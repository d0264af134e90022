import { asTrouble, useHuaxin, type Catalogue, type ShopView, type Trouble } from '@huaxin/sync'
import { shallowReactive, shallowRef, type Ref } from 'vue'

/** What the shops sell, asked for once and kept on the device for a start without network. */
interface Shelf {
  shops: Ref<ShopView[] | null>
  catalogues: Map<string, Catalogue>
  trouble: Ref<Trouble | null>
}

const SHOPS = 'shops'
const shelf: Shelf = { shops: shallowRef(null), catalogues: shallowReactive(new Map()), trouble: shallowRef(null) }

/** Belongs to nobody: the same for everyone who opens the page on this device. */
const ANYBODY = ''

export function useShelf() {
  const { api, store, clock } = useHuaxin()

  async function ask<T>(key: string, question: () => Promise<T>, put: (value: T) => void): Promise<void> {
    const kept = await store.recall<T>(key, ANYBODY).catch(() => null)
    if (kept) put(kept)
    try {
      const value = await question()
      put(value)
      shelf.trouble.value = null
      await store.keep(key, ANYBODY, value, clock.now()).catch(() => undefined)
    } catch (error) {
      shelf.trouble.value = asTrouble(error)
    }
  }

  const loadShops = (): Promise<void> =>
    ask(SHOPS, () => api.query('list_shops', {}), (shops) => {
      shelf.shops.value = shops
    })

  const loadCatalogue = (shop: string): Promise<void> =>
    ask(`catalogue:${shop}`, () => api.query('get_catalogue', { shop }), (catalogue) => {
      shelf.catalogues.set(shop, catalogue)
    })

  return { ...shelf, loadShops, loadCatalogue }
}
