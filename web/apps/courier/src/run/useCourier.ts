import { computed, ref } from 'vue'
import { useHuaxin } from '@huaxin/sync'

const KEY = 'huaxin.courier.shop'
const chosen = ref(localStorage.getItem(KEY) ?? '')

/** Which shop this courier rides for now; asked only where there are several. */
export function useCourier() {
  const { session } = useHuaxin()
  const shops = computed(() => (session.me.value?.staff ?? []).filter((one) => one.role === 'courier'))
  const shop = computed(() => {
    const known = shops.value.find((one) => one.shop === chosen.value)
    if (known) return known.shop
    return shops.value.length === 1 ? (shops.value[0]?.shop ?? '') : ''
  })
  const choose = (id: string): void => {
    chosen.value = id
    localStorage.setItem(KEY, id)
  }
  return { shops, shop, choose, known: computed(() => session.me.value !== null) }
}
