import { computed, shallowReactive, shallowRef, watch, type ComputedRef } from 'vue'
import type { Pending } from './db'
import { Live, type Parts } from './live'
import type { CommandName } from './queries'
import {
  MESSAGES,
  applyEvent,
  applySignal,
  fromSnapshot,
  overlay,
  prependHistory,
  raiseMarks,
  stillShown,
  unreadIn,
  type Overlaid,
  type RoomState,
} from './reduce'
import type { CommandBodies, Cursor, EventView, Signal, Status } from './types.gen'

const KEPT_EVENTS = 120
const PAGE = 40
/** On the way to a message that was searched for. */
const FAR_PAGE = 200
const TYPING_MS = 5_000
const TYPE_EVERY_MS = 3_000
const MARK_EVERY_MS = 400
const ON_THE_ROAD: ReadonlySet<Status> = new Set(['picked_up', 'delivering', 'arriving', 'arrived'])

export interface TypingNow {
  person: string
  role: string
  name: string
}

/** One order as a live conversation: what useOrder() gives. */
export class OrderRoom extends Live<RoomState> {
  /** Commands of this order not yet seen as events: waiting, failed, or answered a moment ago. */
  readonly pending: ComputedRef<Pending[]>
  readonly shown: ComputedRef<Overlaid | null>
  readonly unread: ComputedRef<number>
  readonly typing = shallowReactive(new Map<string, TypingNow>())
  readonly loadingOlder = shallowRef(false)
  private readonly typingTimers = new Map<string, ReturnType<typeof setTimeout>>()
  private readonly viewers = new Set<symbol>()
  private typedAt = 0
  private markTimer: ReturnType<typeof setTimeout> | undefined
  /** What was said was removed: nothing of it on this page may outlast the next snapshot. */
  private emptied = false
  private told = { received: 0, read: 0 }
  private stopTrack: (() => void) | null = null
  private stopSaver: (() => void) | null = null
  private readonly whenSeen = (): void => this.markSoon()

  constructor(
    parts: Parts,
    readonly id: string,
  ) {
    super(parts, `order:${id}`)
    const { outbox } = parts
    this.pending = computed(() => {
      const mine = outbox.pending.value.filter((row) => row.order === id)
      const answered = [...outbox.answered.values()].filter((entry) => entry.pending.order === id)
      return stillShown(mine, answered, this.state.value?.events ?? [])
    })
    this.shown = computed(() => {
      const state = this.state.value
      if (!state) return null
      const moving = this.pending.value.filter((row) => row.state === 'waiting')
      return overlay(state.order, state.actions, state.role, moving)
    })
    this.unread = computed(() => {
      const state = this.state.value
      return state ? unreadIn(state.events, this.myRead(state), this.person) : 0
    })
  }

  get person(): string {
    return this.parts.session.person
  }

  /** Puts a command into the outbox; shown at once. Answers its id. */
  send<N extends CommandName>(name: N, fields: Omit<CommandBodies[N], 'order'>): Promise<string> {
    return this.parts.outbox.add(name, this.id, fields)
  }

  retry(commandId: string): Promise<void> {
    return this.parts.outbox.retry(commandId)
  }

  discard(commandId: string): Promise<void> {
    return this.parts.outbox.discard(commandId)
  }

  /** Loads history until an event is there (or nothing older is left). Answers whether it is. */
  async loadBack(seq: number): Promise<boolean> {
    for (;;) {
      while (this.loadingOlder.value) await new Promise((done) => setTimeout(done, 30))
      const state = this.state.value
      const first = state?.events[0]?.seq ?? 0
      if (!state || first <= seq || !state.more) return Boolean(state?.events.some((event) => event.seq === seq))
      await this.loadOlder(FAR_PAGE)
      // Nobody answered with anything older: not asked for ever.
      if ((this.state.value?.events[0]?.seq ?? 0) === first && this.state.value?.more) return false
    }
  }

  /** Loads the page of history before the oldest event shown. */
  async loadOlder(limit = PAGE): Promise<void> {
    const state = this.state.value
    if (!state?.more || this.loadingOlder.value) return
    this.loadingOlder.value = true
    try {
      const before = state.events[0]?.seq ?? state.cursor.seq + 1
      const page = await this.parts.api.query('get_history', { order: this.id, before, limit })
      if (this.state.value) this.set(prependHistory(this.state.value, page.events, page.more))
    } finally {
      this.loadingOlder.value = false
    }
  }

  /** The person is typing: tells the others, at most every three seconds. */
  type(): void {
    const now = Date.now()
    if (now - this.typedAt < TYPE_EVERY_MS || !this.parts.wire.connected) return
    this.typedAt = now
    void this.parts.api.light('type', { order: this.id }).catch(() => undefined)
  }

  /** A conversation is on the screen: what arrives counts as read while it is visible. Answers the end of it. */
  view(): () => void {
    const viewer = Symbol('viewer')
    this.viewers.add(viewer)
    this.markSoon()
    return () => this.viewers.delete(viewer)
  }

  /** Seq up to which I have read, as the server and this device know it. */
  myRead(state: RoomState): number {
    return Math.max(this.told.read, state.marks.find((mark) => mark.person === this.person)?.read ?? 0)
  }

  protected async fetch(): Promise<RoomState> {
    const snapshot = await this.parts.api.query('get_order', { order: this.id })
    const state = fromSnapshot(snapshot)
    const before = this.emptied ? null : this.state.value
    this.emptied = false
    // Older pages already on the screen stay when they join up with the new snapshot.
    const first = state.events[0]?.seq
    if (before && first !== undefined && before.cursor.epoch === state.cursor.epoch) {
      const joined = before.events.some((event) => event.seq === first)
      const older = before.events.filter((event) => event.seq < first)
      if (joined && older.length > 0) return { ...state, events: [...older, ...state.events], more: before.more }
    }
    return state
  }

  protected channel(): string {
    return `order:${this.id}`
  }

  protected cursor(state: RoomState): Cursor {
    return state.cursor
  }

  protected fact(state: RoomState, event: EventView): RoomState {
    if (event.order !== this.id) return state
    if (event.type === 'access_ended') {
      queueMicrotask(() => this.end())
      return state
    }
    if (event.type === 'talk_expired' || event.delta?.['talk_expired']) {
      // What was said is gone on the server: it must not stay on a page that was left open.
      this.emptied = true
      queueMicrotask(() => void this.reload())
    }
    if (MESSAGES.has(event.type)) this.stopTyping(event.actor.person)
    return applyEvent(state, event)
  }

  protected signal(state: RoomState, signal: Signal): RoomState {
    if (signal.signal === 'typing') {
      if (signal.order === this.id && signal.person !== this.person) this.startTyping(signal)
      return state
    }
    return applySignal(state, signal)
  }

  protected override changed(state: RoomState): void {
    this.markSoon()
    const moving = ON_THE_ROAD.has(state.order.status)
    if (moving && !this.stopTrack && this.phase.value === 'ready') {
      this.stopTrack = this.parts.wire.follow(`track:${this.id}`, null, {
        onPublication: (data) => {
          if (this.state.value) this.set(applySignal(this.state.value, data as Signal))
        },
        onGap: () => undefined,
        // Who saves data wants positions less often; the server keeps to it.
      }, this.parts.saver.on.value ? { calm: true } : undefined)
    } else if (!moving) this.leaveTrack()
  }

  protected override opened(): void {
    this.stopSaver = watch(this.parts.saver.on, () => {
      this.leaveTrack()
      if (this.state.value) this.changed(this.state.value)
    })
    globalThis.document?.addEventListener('visibilitychange', this.whenSeen)
  }

  protected override closed(): void {
    globalThis.document?.removeEventListener('visibilitychange', this.whenSeen)
    this.stopSaver?.()
    this.leaveTrack()
    for (const timer of this.typingTimers.values()) clearTimeout(timer)
    this.typing.clear()
  }

  protected override forStore(state: RoomState): RoomState {
    if (state.events.length <= KEPT_EVENTS) return state
    return { ...state, events: state.events.slice(-KEPT_EVENTS), more: true }
  }

  private leaveTrack(): void {
    this.stopTrack?.()
    this.stopTrack = null
  }

  private markSoon(): void {
    this.markTimer ??= setTimeout(() => {
      this.markTimer = undefined
      this.mark()
    }, MARK_EVERY_MS)
  }

  private mark(): void {
    const state = this.state.value
    const last = state?.events[state.events.length - 1]?.seq ?? 0
    if (!state || last === 0 || this.phase.value !== 'ready' || !this.parts.wire.connected) return
    const mine = state.marks.find((mark) => mark.person === this.person)
    const looking = this.viewers.size > 0 && globalThis.document?.visibilityState !== 'hidden'
    const received = Math.max(last, mine?.received ?? 0)
    const read = Math.max(looking ? last : 0, mine?.read ?? 0, this.told.read)
    if (received <= Math.max(this.told.received, mine?.received ?? 0) && read <= Math.max(this.told.read, mine?.read ?? 0))
      return
    this.told = { received, read }
    const own = { person: this.person, role: state.role, received, read }
    this.set({ ...state, marks: raiseMarks(state.marks, own) })
    void this.parts.api.light('mark', { order: this.id, received, read }).catch(() => {
      this.told = { received: 0, read: this.told.read }
    })
  }

  private startTyping(now: TypingNow): void {
    this.typing.set(now.person, { person: now.person, role: now.role, name: now.name })
    clearTimeout(this.typingTimers.get(now.person))
    this.typingTimers.set(
      now.person,
      setTimeout(() => this.stopTyping(now.person), TYPING_MS),
    )
  }

  private stopTyping(person: string): void {
    clearTimeout(this.typingTimers.get(person))
    this.typingTimers.delete(person)
    this.typing.delete(person)
  }
}
