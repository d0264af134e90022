import { ref, watch } from 'vue'

/** Flowers still on this bike though their order is another courier's by now: who rides it waits for them. */
export interface Given {
  order: string
  number: number
}

const KEY = 'huaxin.courier.given'

function kept(): Given[] {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? '[]') as Given[]
  } catch {
    return []
  }
}

const given = ref<Given[]>(kept())
watch(given, (now) => localStorage.setItem(KEY, JSON.stringify(now)), { deep: true })

/** Survives a reload: the order itself is not visible here any more. */
export function useGiven() {
  return {
    given,
    add: (one: Given): void => {
      given.value = [...given.value.filter((known) => known.order !== one.order), one]
    },
    done: (order: string): void => {
      given.value = given.value.filter((known) => known.order !== order)
    },
  }
}
