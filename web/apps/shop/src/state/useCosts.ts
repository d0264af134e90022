import { useHuaxin, type AssignCost, type CourierView } from '@huaxin/sync'
import { shallowReactive } from 'vue'

export type Cost = AssignCost | 'asking' | 'unknown'

const FRESH_MS = 15_000

/** What giving an order to each courier would cost; asked for all of them when somebody begins to choose. */
export function useCosts() {
  const { api } = useHuaxin()
  const costs = shallowReactive(new Map<string, Cost>())
  let order = ''
  let askedAt = 0

  async function one(mine: string, courier: string): Promise<void> {
    try {
      const cost = await api.query('preview_assign', { order: mine, courier })
      if (mine === order) costs.set(courier, cost)
    } catch {
      if (mine === order) costs.set(courier, 'unknown')
    }
  }

  function ask(id: string, couriers: CourierView[]): void {
    if (id === order && Date.now() - askedAt < FRESH_MS) return
    order = id
    askedAt = Date.now()
    costs.clear()
    for (const { person } of couriers) {
      costs.set(person, 'asking')
      void one(id, person)
    }
  }

  return { costs, ask }
}

/** Cheapest first: nobody late, then the fewest minutes; what is not known comes last. */
export function cheapest(costs: ReadonlyMap<string, Cost>, couriers: CourierView[]): CourierView[] {
  const weight = (courier: CourierView): number => {
    const cost = costs.get(courier.person)
    if (!cost || typeof cost === 'string') return 1e6
    return (cost.reachable ? 0 : 1e5) + cost.late_orders.length * 1e3 + cost.extra_minutes
  }
  return [...couriers].sort((a, b) => weight(a) - weight(b))
}
