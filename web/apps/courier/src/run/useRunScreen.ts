import { computed, ref, watch } from 'vue'
import { isTalk, useHuaxin, useNow, useRun } from '@huaxin/sync'
import { useCourier } from './useCourier'
import { isAtShop, isReady, isWithOther, newestUndo } from './stops'

/** The run as the screen needs it: which stop is on top, what can be undone, what must be answered. */
export function useRunScreen() {
  const huaxin = useHuaxin()
  const { shop } = useCourier()
  const { run, phase, stops, done } = useRun(shop)
  const now = useNow(250)
  const chosen = ref('')

  const atShop = computed(() => stops.value.filter(isAtShop))
  /** Flowers that another courier hands over; while there are such, they are what comes first. */
  const toMeet = computed(() => stops.value.filter((stop) => isWithOther(stop, huaxin.session.person)))
  const pickups = computed(() => (toMeet.value.length > 0 ? toMeet.value : atShop.value))
  const onRoad = computed(() => stops.value.filter((stop) => !isAtShop(stop)))
  /** Flowers are fetched first when the run says so and they are ready; never while a stop was chosen by hand. */
  const fetching = computed(() => {
    const first = stops.value[0]
    if (!chosen.value && toMeet.value.length > 0) return true
    if (chosen.value || !first || !isAtShop(first)) return false
    return onRoad.value.length === 0 || atShop.value.some((stop) => isReady(stop.order))
  })
  /** What cannot be fetched yet waits behind what is on the bike. */
  const ordered = computed(() => (fetching.value ? stops.value : [...onRoad.value, ...atShop.value]))
  const current = computed(() => {
    const byHand = stops.value.find((stop) => stop.order.id === chosen.value)
    return byHand ?? (fetching.value ? null : (onRoad.value[0] ?? null))
  })
  const others = computed(() => {
    const list = fetching.value ? ordered.value.filter((stop) => !pickups.value.includes(stop)) : ordered.value
    return list.filter((stop) => stop !== current.value)
  })
  const total = computed(() => stops.value.length + done.value.length)
  const undo = computed(() =>
    newestUndo(
      [...stops.value.map((stop) => stop.order), ...done.value.map((card) => card.order)],
      huaxin.outbox.pending.value,
      now.value,
      huaxin.clock.skew,
    ),
  )
  const failed = computed(() => huaxin.outbox.pending.value.filter((row) => row.state === 'failed' && !isTalk(row.name)))

  async function takeBack(): Promise<void> {
    const what = undo.value
    if (!what) return
    const unsent = what.rows.filter((id) => huaxin.outbox.pending.value.some((row) => row.command_id === id))
    await Promise.all(unsent.map((id) => huaxin.outbox.discard(id)))
    await Promise.all(what.orders.map((order) => huaxin.send('undo', order, {})))
  }

  /** `anyway`: those of them the buyer still waits to have changed. */
  async function pickUp(orders: string[], anyway: string[]): Promise<void> {
    for (const order of orders) await huaxin.send('pick_up', order, anyway.includes(order) ? { anyway: true } : {})
  }

  watch(
    () => stops.value.some((stop) => stop.order.id === chosen.value),
    (there) => {
      if (!there) chosen.value = ''
    },
  )

  return {
    shop, run, phase, stops, ordered, done, chosen, pickups, fetching, current, others, total, undo, failed, takeBack, pickUp,
  }
}
