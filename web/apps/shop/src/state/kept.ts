import { ref, watch, type Ref } from 'vue'

/** A choice this browser remembers. */
export function kept<T extends string>(name: string, initial: T, allowed: readonly T[] | null = null): Ref<T> {
  const key = `huaxin.shop.${name}`
  const found = localStorage.getItem(key) as T | null
  const good = found !== null && (allowed === null || allowed.includes(found))
  const value = ref(good ? found : initial) as Ref<T>
  watch(value, (now) => localStorage.setItem(key, now))
  return value
}
