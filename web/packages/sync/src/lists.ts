import { computed, shallowRef, type ComputedRef } from 'vue'
import { Live, type Parts } from './live'
import { isReadUp } from './push'
import { applyDelta, countsAsUnread, overlay } from './reduce'
import type {
  BatchView,
  Board,
  Cursor,
  EventView,
  OrderCard,
  OrderView,
  Run,
  RunSignal,
  Signal,
  StopView,
} from './types.gen'

/** One card of a list after one event. */
export function applyToCard(card: OrderCard, event: EventView, person: string): OrderCard {
  const readable = event.type === 'message_sent' || event.type === 'notice_posted'
  return {
    ...card,
    order: applyDelta(card.order, event.delta),
    actions: event.actions ?? card.actions,
    attention: event.attention ?? card.attention,
    // As the server counts: what a person wrote. Notices are read by looking at the card.
    unread: card.unread + (event.type === 'message_sent' && countsAsUnread(event, person) ? 1 : 0),
    last: readable ? event : card.last,
  }
}

/** The shop's board, kept true by shop:{id}. */
export class BoardLive extends Live<Board> {
  /** Called with every event, for sounds and the tab's title. */
  readonly onEvent = new Set<(event: EventView) => void>()

  constructor(
    parts: Parts,
    readonly shop: string,
  ) {
    super(parts, `board:${shop}`)
  }

  protected fetch(): Promise<Board> {
    return this.parts.api.query('get_board', { shop: this.shop })
  }

  protected channel(): string {
    return `shop:${this.shop}`
  }

  protected cursor(state: Board): Cursor {
    return state.cursor
  }

  protected fact(state: Board, event: EventView): Board {
    if (event.seq <= state.cursor.seq) return state
    for (const listener of this.onEvent) listener(event)
    const cursor = { epoch: state.cursor.epoch, seq: event.seq }
    if (event.type === 'access_ended') {
      return { ...state, cursor, orders: state.orders.filter((card) => card.order.id !== event.order) }
    }
    const known = state.orders.some((card) => card.order.id === event.order)
    const orders = known ? state.orders : [...state.orders, ...newCard(event)]
    if (!known && orders.length === state.orders.length) this.reloadSoon()
    const person = this.parts.session.person
    return {
      ...state,
      cursor,
      orders: orders.map((card) => (card.order.id === event.order ? applyToCard(card, event, person) : card)),
    }
  }

  protected signal(state: Board, signal: Signal): Board {
    switch (signal.signal) {
      case 'courier': {
        const others = state.couriers.filter((courier) => courier.person !== signal.courier.person)
        const couriers = [...others, signal.courier].sort((a, b) => a.name.localeCompare(b.name, 'zh'))
        return { ...state, couriers, etas: { ...state.etas, ...signal.etas } }
      }
      case 'track': {
        const { order, eta } = signal.track
        return eta ? { ...state, etas: { ...state.etas, [order]: eta } } : state
      }
      case 'marks': {
        // Received alone (a push was shown on the phone) leaves it unread.
        if (signal.marks.person !== this.parts.session.person || !isReadUp(signal)) return state
        return { ...state, orders: readCard(state.orders, signal.order) }
      }
      case 'batch':
        this.batch.value = signal.batch
        return state
      default:
        return state
    }
  }

  /** The batch that was heard of last: orders shared out at once. */
  readonly batch = shallowRef<BatchView | null>(null)

  private reloading: ReturnType<typeof setTimeout> | undefined
  private reloadSoon(): void {
    clearTimeout(this.reloading)
    this.reloading = setTimeout(() => void this.reload(), 300)
  }
}

/** Who first hears of an order gets the whole of it as the event's delta. */
function wholeOf(event: EventView): OrderView | null {
  // Null is what became empty; a snapshot leaves it out.
  const fields = Object.entries(event.delta ?? {}).filter(([, value]) => value !== null)
  const whole = Object.fromEntries(fields) as Partial<OrderView>
  return whole.id && whole.status && whole.promise ? (whole as OrderView) : null
}

/** An order that was not on the list. */
function newCard(event: EventView): OrderCard[] {
  const order = wholeOf(event)
  if (!order) return []
  return [
    {
      order,
      role: 'shop',
      actions: event.actions ?? [],
      attention: event.attention ?? [],
      unread: 0,
      last: null,
    },
  ]
}

const readCard = (cards: OrderCard[], order: string): OrderCard[] =>
  cards.map((card) => (card.order.id === order && card.unread > 0 ? { ...card, unread: 0 } : card))

/** The courier's own run, kept true by run:{shop}:{courier}. */
export class RunLive extends Live<Run> {
  /** Stops with the courier's own unanswered taps laid over them. */
  readonly stops: ComputedRef<StopView[]>
  /** Finished today, newest first: what the server knows and what was tapped without network. */
  readonly done: ComputedRef<OrderCard[]>
  readonly onEvent = new Set<(event: EventView) => void>()
  private reloading: ReturnType<typeof setTimeout> | undefined

  constructor(
    parts: Parts,
    readonly shop: string,
  ) {
    super(parts, `run:${shop}`)
    const shown = computed(() => (this.state.value?.stops ?? []).map((stop) => this.overlaid(stop)))
    this.stops = computed(() => shown.value.filter((stop) => !isDone(stop.order)))
    this.done = computed(() => {
      const here = shown.value.filter((stop) => isDone(stop.order)).map(asCard)
      return [...here, ...(this.state.value?.done ?? [])]
    })
  }

  protected fetch(): Promise<Run> {
    return this.parts.api.query('get_run', { shop: this.shop })
  }

  protected channel(state: Run): string {
    return `run:${this.shop}:${state.courier}`
  }

  protected cursor(state: Run): Cursor {
    return state.cursor
  }

  protected fact(state: Run, event: EventView): Run {
    if (event.seq <= state.cursor.seq) return state
    for (const listener of this.onEvent) listener(event)
    const cursor = { epoch: state.cursor.epoch, seq: event.seq }
    const gone = event.type === 'access_ended'
    if (gone) {
      const stops = state.stops.filter((stop) => stop.order.id !== event.order)
      return { ...state, cursor, stops, done: state.done.filter((card) => card.order.id !== event.order) }
    }
    const stop = state.stops.find((one) => one.order.id === event.order)
    const card = state.done.find((one) => one.order.id === event.order)
    if (!stop && !card) {
      // Shown at once; its place, its time and what was written before are the server's to say.
      this.reloadSoon()
      return { ...state, cursor, stops: [...state.stops, ...newStop(event, state.stops.length)] }
    }
    return this.moved({ ...state, cursor }, event, stop, card)
  }

  private moved(state: Run, event: EventView, stop?: StopView, card?: OrderCard): Run {
    const person = this.parts.session.person
    if (stop) {
      const next: StopView = {
        ...stop,
        order: applyDelta(stop.order, event.delta),
        actions: event.actions ?? stop.actions,
        unread: stop.unread + (countsAsUnread(event, person) ? 1 : 0),
      }
      if (!isDone(next.order)) {
        return { ...state, stops: state.stops.map((one) => (one === stop ? next : one)) }
      }
      const stops = state.stops.filter((one) => one !== stop)
      return { ...state, stops, done: [asCard(next), ...state.done] }
    }
    if (!card) return state
    const next = applyToCard(card, event, person)
    // Undone: back among the stops, at the place only the server knows.
    if (!isDone(next.order)) this.reloadSoon()
    return { ...state, done: state.done.map((one) => (one === card ? next : one)) }
  }

  protected signal(state: Run, signal: Signal): Run {
    if (signal.signal === 'run') return this.reordered(state, signal)
    if (signal.signal === 'marks' && signal.marks.person === this.parts.session.person && isReadUp(signal)) {
      const stops = state.stops.map((stop) =>
        stop.order.id === signal.order && stop.unread > 0 ? { ...stop, unread: 0 } : stop,
      )
      return { ...state, stops, done: readCard(state.done, signal.order) }
    }
    return state
  }

  private reordered(state: Run, signal: RunSignal): Run {
    const { stops: order, etas, distances = {}, changed, changed_at, before, kept_by_hand, unkept } = signal
    const news = { changed: changed ?? null, changed_at: changed_at ?? 0, before: before ?? [], kept_by_hand: kept_by_hand ?? false, unkept: unkept ?? {} }
    if (order.some((id) => !state.stops.some((stop) => stop.order.id === id))) this.reloadSoon()
    const place = new Map(order.map((id, rank) => [id, rank]))
    const stops = state.stops
      .map((stop) => ({
        ...stop,
        eta_at: etas[stop.order.id] ?? stop.eta_at,
        distance_m: distances[stop.order.id] ?? stop.distance_m,
        rank: place.get(stop.order.id) ?? stop.rank + order.length,
      }))
      .sort((a, b) => a.rank - b.rank)
    return { ...state, stops, news }
  }

  private overlaid(stop: StopView): StopView {
    const waiting = this.parts.outbox.pending.value.filter(
      (row) => row.order === stop.order.id && row.state === 'waiting',
    )
    const answered = [...this.parts.outbox.answered.values()]
      .filter(({ pending, result }) => pending.order === stop.order.id && result.seq > this.seq())
      .map(({ pending }) => pending)
    const rows = [...answered, ...waiting]
    return rows.length === 0 ? stop : { ...stop, ...overlay(stop.order, stop.actions, 'courier', rows) }
  }

  private seq(): number {
    return this.state.value?.cursor.seq ?? 0
  }

  private reloadSoon(): void {
    // What one commit brought arrives together: one snapshot for all of it, without a wait.
    clearTimeout(this.reloading)
    this.reloading = setTimeout(() => void this.reload(), 0)
  }
}

/** An order that was just given to this courier. */
function newStop(event: EventView, rank: number): StopView[] {
  const order = event.type === 'courier_assigned' ? wholeOf(event) : null
  return order ? [{ rank, eta_at: 0, order, actions: event.actions ?? [], distance_m: 0, unread: 0 }] : []
}

const isDone = (order: OrderView): boolean =>
  ['delivered', 'rated', 'cancelled', 'returned'].includes(order.status)

function asCard(stop: StopView): OrderCard {
  const { order, actions, unread } = stop
  return { order, role: 'courier', actions, attention: [], unread, last: null }
}
