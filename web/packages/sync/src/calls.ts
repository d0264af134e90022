import { computed, shallowReactive, shallowRef, type ComputedRef } from 'vue'
import { newId } from './outbox'
import type { CallView, OrderView, Role } from './types.gen'

export type CallMedia = 'audio' | 'video'

/** An order this page hears of, and as whom. */
export interface CallCard {
  order: OrderView
  role: Role
  actions: string[]
}

/** A call somebody on this page wants to begin. */
export interface CallWish {
  order: string
  media: CallMedia
  to: Role[]
  /** Who is rung, for the screen before the server has answered. */
  name: string
}

/** A call of an order, with the order it belongs to. */
export interface CallOn {
  call: CallView
  order: OrderView
  role: Role
}

const DEVICE = 'huaxin.call.device'

export const callsOn = (order: OrderView): CallView[] => order.calls ?? []

/** Whether a call rings for this person: their role is rung, its time is not over, and they neither took nor refused it. */
export function ringsFor(call: CallView, person: string, role: Role, now: number): boolean {
  return (
    call.ringing.includes(role) &&
    call.ring_until > now &&
    !call.declined.includes(person) &&
    !call.members.some((one) => one.person === person)
  )
}

/** Of the calls that one's own page belongs to, after a reload: which it can come back into. */
export const isIn = (call: CallView, person: string, device: string): boolean =>
  call.members.some((one) => one.person === person && one.device === device)

/**
 * What a page knows of calls before it has one: the orders it hears of, what rings, and what somebody wishes. It is
 * in the first bundle; everything that needs a camera comes when a call begins (packages/call).
 */
export class Calls {
  /** This page, as calls know it: two tabs are two devices, a reload is the same one. */
  readonly device = deviceOf()
  readonly wish = shallowRef<CallWish | null>(null)
  /** The call this page is in. */
  readonly current = shallowRef('')
  /** Silenced here before the server has said so. */
  readonly silenced = shallowReactive(new Set<string>())
  /** Orders heard of, each once. */
  readonly cards: ComputedRef<CallCard[]>
  private readonly sources = shallowReactive(new Set<() => CallCard[]>())

  constructor(
    private readonly person: () => string,
    private readonly now: () => number,
  ) {
    this.cards = computed(() => {
      const found = new Map<string, CallCard>()
      for (const source of this.sources) for (const card of source()) found.set(card.order.id, card)
      return [...found.values()]
    })
  }

  /** A screen that follows orders lends its ears. Answers the end of it. */
  hear(source: () => CallCard[]): () => void {
    this.sources.add(source)
    return () => this.sources.delete(source)
  }

  /** Somebody wants to talk. */
  start(wish: CallWish): void {
    if (!this.current.value) this.wish.value = wish
  }

  /** What rings now, the oldest first. To be asked again as time goes by. */
  ringing(): CallOn[] {
    const person = this.person()
    const now = this.now()
    return this.all()
      .filter(({ call, role }) => ringsFor(call, person, role, now) && !this.silenced.has(call.id))
      .sort((a, b) => a.call.at - b.call.at)
  }

  /** The call this page was in before it was loaded anew. */
  left(): CallOn | null {
    const here = ({ call }: CallOn): boolean => isIn(call, this.person(), this.device) && !this.silenced.has(call.id)
    return this.all().find(here) ?? null
  }

  private all(): CallOn[] {
    return this.cards.value.flatMap(({ order, role }) => callsOn(order).map((call) => ({ call, order, role })))
  }
}

function deviceOf(): string {
  const kept = globalThis.sessionStorage?.getItem(DEVICE)
  const device = kept || newId()
  globalThis.sessionStorage?.setItem(DEVICE, device)
  return device
}
