import { shallowRef, type ShallowRef } from 'vue'
import type { Api } from './api'
import type { ServerClock } from './clock'
import type { DeviceStore } from './db'
import type { Outbox } from './outbox'
import type { Saver } from './saver'
import type { Session } from './session'
import { type Trouble, asTrouble } from './trouble'
import type { Cursor, EventView, Signal } from './types.gen'
import type { Wire } from './wire'

/** What every live view needs; made once per application (client.ts). */
export interface Parts {
  api: Api
  clock: ServerClock
  outbox: Outbox
  saver: Saver
  session: Session
  store: DeviceStore
  wire: Wire
}

/**
 * loading: nothing to show yet. cached: from this device, the server has not answered. ready: live.
 * ended: not ours (any more). failed: refused for another reason, see `trouble`.
 */
export type Phase = 'loading' | 'cached' | 'ready' | 'ended' | 'failed'

const SAVE_AFTER_MS = 400
/** Twenty times a second is flowing to an eye, and leaves a slow phone time for the rest. */
const FRAME_MS = 50
const AGAIN_MS = [1_000, 2_000, 4_000, 8_000, 15_000]

/** A snapshot that is kept true by its channel: fetch, follow from the cursor, fetch again after a gap. */
export abstract class Live<State extends object> {
  readonly state: ShallowRef<State | null> = shallowRef(null)
  readonly phase = shallowRef<Phase>('loading')
  readonly trouble = shallowRef<Trouble | null>(null)
  private users = 0
  private round = 0
  /** Not yet shown, in order. */
  private came: [data: unknown, offset: number][] = []
  private frame: ReturnType<typeof setTimeout> | undefined
  private tries = 0
  private stopFollowing: (() => void) | null = null
  private stopWatching: (() => void) | null = null
  private againTimer: ReturnType<typeof setTimeout> | undefined
  private saveTimer: ReturnType<typeof setTimeout> | undefined

  constructor(
    protected readonly parts: Parts,
    /** Name in the device's store. */
    readonly key: string,
  ) {}

  protected abstract fetch(): Promise<State>
  protected abstract channel(state: State): string
  protected abstract cursor(state: State): Cursor
  protected abstract fact(state: State, event: EventView): State
  protected abstract signal(state: State, signal: Signal): State
  /** After every change, for side effects. */
  protected changed(_state: State): void {}
  protected opened(): void {}
  protected closed(): void {}
  /** What is kept on the device; smaller than the state where that grows. */
  protected forStore(state: State): State {
    return state
  }

  /** Every open needs its close; the last one ends it. */
  open(): void {
    this.users += 1
    if (this.users > 1) return
    this.phase.value = this.state.value ? 'cached' : 'loading'
    this.trouble.value = null
    this.stopWatching = this.watch()
    this.opened()
    void this.begin()
  }

  close(): void {
    this.users -= 1
    if (this.users > 0) return
    this.round += 1
    this.unfollow()
    this.stopWatching?.()
    clearTimeout(this.againTimer)
    clearTimeout(this.saveTimer)
    this.closed()
  }

  /** Takes a fresh snapshot. Safe to call at any time. */
  async reload(): Promise<void> {
    const round = ++this.round
    clearTimeout(this.againTimer)
    try {
      const state = await this.fetch()
      if (round !== this.round) return
      this.tries = 0
      this.trouble.value = null
      this.unfollow()
      this.phase.value = 'ready'
      this.set(state)
      this.follow(state, round)
    } catch (error) {
      if (round === this.round) this.refused(asTrouble(error))
    }
  }

  protected set(state: State): void {
    if (state === this.state.value) return
    this.state.value = state
    this.changed(state)
    clearTimeout(this.saveTimer)
    this.saveTimer = setTimeout(() => void this.save(state), SAVE_AFTER_MS)
  }

  /** The server took it away: gone from the screen and from the device. */
  protected end(): void {
    this.round += 1
    this.unfollow()
    clearTimeout(this.saveTimer)
    this.state.value = null
    this.phase.value = 'ended'
    void this.parts.store.kept.delete(this.key).catch(() => undefined)
  }

  private async begin(): Promise<void> {
    const kept = await this.parts.store
      .recall<State>(this.key, this.parts.session.person)
      .catch(() => null)
    if (kept && !this.state.value && this.users > 0) {
      this.state.value = kept
      this.phase.value = 'cached'
      this.changed(kept)
    }
    if (this.users > 0) await this.reload()
  }

  private follow(state: State, round: number): void {
    this.stopFollowing = this.parts.wire.follow(this.channel(state), this.cursor(state), {
      onPublication: (data, offset) => {
        if (round === this.round) this.take(data, offset)
      },
      onGap: () => {
        if (round === this.round) void this.reload()
      },
      onDenied: () => {
        // Access may just have changed: the snapshot says for certain.
        if (round === this.round) void this.reload()
      },
    })
  }

  /**
   * What comes is shown at once; a burst once per frame, all of it in one step: after an hour without network
   * hundreds of events come together, and drawing each of them would hold up the rest.
   */
  private take(data: unknown, offset: number): void {
    this.came.push([data, offset])
    if (this.frame !== undefined) return
    this.takeAll()
    this.frame = setTimeout(() => {
      this.frame = undefined
      const last = this.came.pop()
      if (last) this.take(...last)
    }, FRAME_MS)
  }

  private takeAll(): void {
    let state = this.state.value
    for (const [data, offset] of this.came.splice(0)) {
      if (!state) return
      if (offset > 0) {
        const event = data as EventView
        this.parts.clock.heard(event.at)
        if (event.command_id) this.parts.outbox.confirmed(event.command_id)
        state = this.fact(state, event)
      } else state = this.signal(state, data as Signal)
    }
    if (state) this.set(state)
  }

  private refused(trouble: Trouble): void {
    this.trouble.value = trouble
    if (trouble.status === 403 || trouble.status === 404) return this.end()
    if (!trouble.passing && trouble.status !== 401) {
      this.phase.value = 'failed'
      return
    }
    const ms = AGAIN_MS[Math.min(this.tries, AGAIN_MS.length - 1)] ?? 15_000
    this.tries += 1
    this.againTimer = setTimeout(() => void this.reload(), ms * (0.7 + Math.random() * 0.6))
  }

  private unfollow(): void {
    this.came = []
    this.stopFollowing?.()
    this.stopFollowing = null
  }

  private watch(): () => void {
    const whenSeen = (): void => {
      const away = !this.parts.wire.connected || this.phase.value !== 'ready'
      if (globalThis.document?.visibilityState === 'visible' && away) void this.reload()
    }
    globalThis.document?.addEventListener('visibilitychange', whenSeen)
    const stopUp = this.parts.wire.whenUp(() => {
      if (this.phase.value !== 'ready') void this.reload()
    })
    return () => {
      globalThis.document?.removeEventListener('visibilitychange', whenSeen)
      stopUp()
    }
  }

  private async save(state: State): Promise<void> {
    const { store, session, clock } = this.parts
    await store.keep(this.key, session.person, plain(this.forStore(state)), clock.now()).catch(() => undefined)
  }
}

/** IndexedDB takes no proxies. */
const plain = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T
