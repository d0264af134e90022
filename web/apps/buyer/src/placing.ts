import { useHuaxin, type Pending } from '@huaxin/sync'
import { computed, type ComputedRef } from 'vue'

/** Orders that were placed here and that the server has not taken yet (or has refused). Newest first. */
export function usePlacing(): ComputedRef<Pending[]> {
  const { outbox } = useHuaxin()
  return computed(() => outbox.pending.value.filter((row) => row.name === 'place_order').reverse())
}
