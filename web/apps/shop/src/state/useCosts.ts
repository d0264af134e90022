import { useHuaxin, type AssignCost, type CourierView, type SuggestionView } from '@huaxin/sync'
import { shallowReactive, shallowRef } from 'vue'

export type Cost = AssignCost | 'asking' | 'unknown'

const FRESH_MS = 15_000

/** What giving an order to each courier would cost, and why one is named first; asked once for all of them. */
export function useCosts() {
  const { api } = useHuaxin()
  const costs = shallowReactive(new Map<string, Cost>())
  /** Best first, each with its reason in one line. */
  const suggested = shallowRef<SuggestionView[]>([])
  let order = ''
  let askedAt = 0

  function ask(id: string, couriers: CourierView[]): void {
    if (id === order && Date.now() - askedAt < FRESH_MS) return
    order = id
    askedAt = Date.now()
    costs.clear()
    suggested.value = []
    for (const { person } of couriers) costs.set(person, 'asking')
    void load(id)
  }

  async function load(id: string): Promise<void> {
    const found = await api.query('suggest_couriers', { order: id }).catch(() => [])
    if (id !== order) return
    suggested.value = found
    for (const person of costs.keys()) costs.set(person, found.find((one) => one.courier === person) ?? 'unknown')
    for (const one of found) costs.set(one.courier, one)
  }

  return { costs, suggested, ask }
}

/** As suggested; who is not (yet) comes after, as the board has them. */
export function bestFirst(suggested: readonly SuggestionView[], couriers: CourierView[]): CourierView[] {
  const place = new Map(suggested.map((one, index) => [one.courier, index]))
  return [...couriers].sort((a, b) => (place.get(a.person) ?? 1e6) - (place.get(b.person) ?? 1e6))
}
