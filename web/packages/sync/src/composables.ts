import {
  computed,
  getCurrentScope,
  inject,
  onScopeDispose,
  shallowRef,
  toValue,
  watch,
  type MaybeRefOrGetter,
} from 'vue'
import { HUAXIN, type Huaxin } from './client'
import type { Live } from './live'
import { applyToCard } from './lists'
import type { CommandName } from './queries'
import { isReadUp, onOwnMarks } from './push'
import { type Trouble, asTrouble } from './trouble'
import type { CommandBodies, OrderCard, PlaceMatch, Point } from './types.gen'

export function useHuaxin(): Huaxin {
  const huaxin = inject(HUAXIN)
  if (!huaxin) throw new Error('app.use(huaxin) is missing')
  return huaxin
}

/** Opens whatever the getter names and closes it when the name changes or the component goes. */
function useLive<L extends Live<object>>(name: () => string, make: (name: string) => L): { live: () => L | null } {
  const live = shallowRef<L | null>(null)
  watch(
    name,
    (now) => {
      live.value?.close()
      live.value = now ? make(now) : null
      live.value?.open()
    },
    { immediate: true },
  )
  if (getCurrentScope()) onScopeDispose(() => live.value?.close())
  return { live: () => live.value }
}

/** One order, live. All values are refs; `room` has the verbs (send, retry, discard, loadOlder, type, view). */
export function useOrder(id: MaybeRefOrGetter<string>) {
  const huaxin = useHuaxin()
  const { live } = useLive(
    () => toValue(id),
    (order) => huaxin.room(order),
  )
  const room = computed(() => live())
  const state = computed(() => room.value?.state.value ?? null)
  const shown = computed(() => room.value?.shown.value ?? null)
  return {
    room,
    state,
    phase: computed(() => room.value?.phase.value ?? 'loading'),
    trouble: computed(() => room.value?.trouble.value ?? null),
    /** With one's own unanswered taps laid over it. */
    order: computed(() => shown.value?.order ?? null),
    actions: computed(() => shown.value?.actions ?? []),
    guessed: computed(() => shown.value?.guessed ?? false),
    role: computed(() => state.value?.role ?? null),
    events: computed(() => state.value?.events ?? []),
    more: computed(() => state.value?.more ?? false),
    marks: computed(() => state.value?.marks ?? []),
    members: computed(() => state.value?.members ?? []),
    track: computed(() => state.value?.track ?? null),
    pending: computed(() => room.value?.pending.value ?? []),
    typing: computed(() => [...(room.value?.typing.values() ?? [])]),
    unread: computed(() => room.value?.unread.value ?? 0),
    shopName: computed(() => state.value?.shopName ?? ''),
    shopPoint: computed(() => state.value?.shopPoint ?? null),
    attention: computed(() => state.value?.attention ?? []),
    live: computed(() => state.value?.live ?? []),
    send: <N extends CommandName>(name: N, fields: Omit<CommandBodies[N], 'order'>) =>
      huaxin.send(name, toValue(id), fields),
  }
}

/** What useOrder() answers; components that show an order take it as a property. */
export type OrderHandle = ReturnType<typeof useOrder>

/** The shop's board, live. */
export function useBoard(shop: MaybeRefOrGetter<string>) {
  const huaxin = useHuaxin()
  const { live } = useLive(
    () => toValue(shop),
    (name) => huaxin.board(name),
  )
  const board = computed(() => live()?.state.value ?? null)
  return {
    live: computed(() => live()),
    board,
    phase: computed(() => live()?.phase.value ?? 'loading'),
    orders: computed(() => board.value?.orders ?? []),
    couriers: computed(() => board.value?.couriers ?? []),
    etas: computed(() => board.value?.etas ?? {}),
    batch: computed(() => live()?.batch.value ?? null),
  }
}

/** The courier's run of today, live, with unanswered taps laid over it. */
export function useRun(shop: MaybeRefOrGetter<string>) {
  const huaxin = useHuaxin()
  const { live } = useLive(
    () => toValue(shop),
    (name) => huaxin.run(name),
  )
  return {
    live: computed(() => live()),
    run: computed(() => live()?.state.value ?? null),
    phase: computed(() => live()?.phase.value ?? 'loading'),
    stops: computed(() => live()?.stops.value ?? []),
    done: computed(() => live()?.done.value ?? []),
  }
}

/** The buyer's own orders. Each card is followed on its order's channel only while its room is open. */
export function useOrders() {
  const huaxin = useHuaxin()
  const orders = shallowRef<OrderCard[]>([])
  const phase = shallowRef<'loading' | 'cached' | 'ready'>('loading')
  const trouble = shallowRef<Trouble | null>(null)
  const stops: (() => void)[] = []

  async function load(): Promise<void> {
    try {
      const cards = await huaxin.api.query('list_orders', {})
      trouble.value = null
      orders.value = cards
      phase.value = 'ready'
      await huaxin.store.keep('orders', huaxin.session.person, cards, huaxin.clock.now())
    } catch (error) {
      trouble.value = asTrouble(error)
    }
  }

  async function begin(): Promise<void> {
    const kept = await huaxin.store.recall<OrderCard[]>('orders', huaxin.session.person).catch(() => null)
    if (kept && phase.value === 'loading') {
      orders.value = kept
      phase.value = 'cached'
    }
    await load()
  }

  /** What open rooms know is newer than the list. */
  const live = computed(() =>
    orders.value.map((card) => {
      const state = huaxin.room(card.order.id).state.value
      if (!state) return card
      const last = state.events[state.events.length - 1]
      const base = { ...card, order: state.order, actions: state.actions, unread: card.unread }
      return last ? { ...applyToCard(base, last, huaxin.session.person), unread: card.unread } : base
    }),
  )

  const seen = (): void => {
    if (globalThis.document?.visibilityState === 'visible') void load()
  }
  globalThis.document?.addEventListener('visibilitychange', seen)
  stops.push(
    huaxin.wire.whenUp(() => void load()),
    onOwnMarks((signal) => {
      if (!isReadUp(signal)) return
      orders.value = orders.value.map((card) => (card.order.id === signal.order ? { ...card, unread: 0 } : card))
    }),
    () => globalThis.document?.removeEventListener('visibilitychange', seen),
  )
  if (getCurrentScope()) onScopeDispose(() => stops.forEach((stop) => stop()))
  void begin()
  return { orders: live, phase, trouble, reload: load }
}

/** A place as an order keeps it: for who reads it in English and for who looks for the sign. */
export function placeWords(place: Pick<PlaceMatch, 'name' | 'address' | 'local'>): string {
  const name = place.name || place.address
  return place.local ? `${name} · ${place.local}` : name
}

/** Address search while typing: the newest answer wins, old ones are dropped. */
export function usePlaces(near: MaybeRefOrGetter<Point | null> = null) {
  const huaxin = useHuaxin()
  const text = shallowRef('')
  const matches = shallowRef<PlaceMatch[]>([])
  const searching = shallowRef(false)
  const trouble = shallowRef<Trouble | null>(null)
  let round = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  async function search(words: string): Promise<void> {
    const mine = ++round
    searching.value = true
    try {
      const point = toValue(near)
      const asked = { text: words, language: huaxin.language() }
      const found = await huaxin.api.query('search_places', point ? { ...asked, near: point } : asked)
      if (mine !== round) return
      matches.value = found
      trouble.value = null
    } catch (error) {
      if (mine === round) trouble.value = asTrouble(error)
    } finally {
      if (mine === round) searching.value = false
    }
  }

  watch(text, (words) => {
    clearTimeout(timer)
    const trimmed = words.trim()
    if (!trimmed) {
      round += 1
      matches.value = []
      searching.value = false
      return
    }
    timer = setTimeout(() => void search(trimmed), 180)
  })
  if (getCurrentScope()) onScopeDispose(() => clearTimeout(timer))
  const reverse = (point: Point): Promise<PlaceMatch | null> =>
    huaxin.api.query('reverse_place', { point, language: huaxin.language() })
  return { text, matches, searching, trouble, reverse }
}

/** Server time, ticking every second while somebody looks. */
export function useNow(everyMs = 1000) {
  const huaxin = useHuaxin()
  const now = shallowRef(huaxin.clock.now())
  const timer = setInterval(() => {
    now.value = huaxin.clock.now()
  }, everyMs)
  if (getCurrentScope()) onScopeDispose(() => clearInterval(timer))
  return now
}
