import { computed, onScopeDispose, ref, watch } from 'vue'
import { bodyOf, showNote, useWords } from '@huaxin/ui'
import { useHuaxin, useNow, useRun, type EventView } from '@huaxin/sync'
import { useCourier } from './useCourier'
import { useSharing } from './sharing'
import { isAtShop, newestUndo } from './stops'

/** The run as the screen needs it: which stop is on top, what can be undone, what must be answered. */
export function useRunScreen() {
  const huaxin = useHuaxin()
  const sharing = useSharing()
  const { t } = useWords()
  const { shop } = useCourier()
  const { live, run, phase, stops, done } = useRun(shop)
  const now = useNow(250)
  const chosen = ref('')

  const atShop = computed(() => stops.value.filter(isAtShop))
  const onRoad = computed(() => stops.value.filter((stop) => !isAtShop(stop)))
  /** Flowers are fetched first when the run says so; never while a stop was chosen by hand. */
  const fetching = computed(() => {
    const first = stops.value[0]
    return !chosen.value && first !== undefined && isAtShop(first)
  })
  const current = computed(() => {
    const byHand = stops.value.find((stop) => stop.order.id === chosen.value)
    return byHand ?? (fetching.value ? null : (onRoad.value[0] ?? null))
  })
  const others = computed(() => {
    const list = fetching.value ? onRoad.value : stops.value
    return list.filter((stop) => stop !== current.value)
  })
  const total = computed(() => stops.value.length + done.value.length)
  const asked = computed(
    () => stops.value.find((stop) => stop.actions.includes('answer_change') && stop.order.change?.status === 'asked') ?? null,
  )
  const undo = computed(() =>
    newestUndo(
      [...stops.value.map((stop) => stop.order), ...done.value.map((card) => card.order)],
      huaxin.outbox.pending.value,
      now.value,
      huaxin.clock.skew,
    ),
  )
  const failed = computed(() => huaxin.outbox.pending.value.filter((row) => row.state === 'failed' && row.name !== 'say' && row.name !== 'send_place'))

  async function takeBack(): Promise<void> {
    const what = undo.value
    if (!what) return
    const unsent = what.rows.filter((id) => huaxin.outbox.pending.value.some((row) => row.command_id === id))
    await Promise.all(unsent.map((id) => huaxin.outbox.discard(id)))
    await Promise.all(what.orders.map((order) => huaxin.send('undo', order, {})))
  }

  async function pickUp(orders: string[]): Promise<void> {
    for (const order of orders) await huaxin.send('pick_up', order, {})
  }

  watch(
    () => stops.value.some((stop) => stop.order.id === chosen.value),
    (there) => {
      if (!there) chosen.value = ''
    },
  )

  // The position is shared while there is something to deliver, and not a minute longer.
  watch(
    () => [shop.value, stops.value.length > 0] as const,
    ([id, busy]) => {
      if (id && busy) sharing.start(huaxin, id)
      else if (!sharing.paused) sharing.stop()
    },
    { immediate: true },
  )
  onScopeDispose(() => sharing.stop(sharing.paused ? 'off' : 'idle'))

  function heard(event: EventView): void {
    if (event.type === 'courier_assigned' && bodyOf(event, 'courier_assigned').courier === huaxin.session.person) {
      navigator.vibrate?.([120, 80, 120])
      const number = event.delta?.['number'] ?? stops.value.find((stop) => stop.order.id === event.order)?.order.number
      showNote(t('news.assigned', { n: String(number ?? '') }))
    }
    if (event.type === 'access_ended' && stops.value.some((stop) => stop.order.id === event.order)) {
      navigator.vibrate?.(200)
      showNote(t('news.gone'))
    }
  }
  watch(
    live,
    (now, before) => {
      before?.onEvent.delete(heard)
      now?.onEvent.add(heard)
    },
    { immediate: true },
  )
  onScopeDispose(() => live.value?.onEvent.delete(heard))

  return {
    shop, run, phase, stops, done, chosen, atShop, fetching, current, others, total, asked, undo, failed, takeBack, pickUp,
  }
}
