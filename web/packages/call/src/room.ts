import { computed, shallowRef, watch } from 'vue'
import {
  asTrouble,
  callsOn,
  newId,
  onOwnCall,
  type CallEnded,
  type CallMedia,
  type CallOn,
  type CallServers,
  type CallWish,
  type Huaxin,
  type OrderRoom,
  type Role,
} from '@huaxin/sync'
import { devices as real, type Devices } from './devices'
import { IDLE, next, othersIn, type CallAct, type CallState, type Why } from './machine'
import { OwnMedia, isNoDevice } from './media'
import { Mesh } from './mesh'
import type { Hindrance, Peer } from './peer'
import { CallWatch } from './watch'

export interface RoomOptions {
  devices?: Devices
  connect?: (config: RTCConfiguration) => RTCPeerConnection
  /** Something the person should know: a key of `calling`, or the server's sentence. */
  say?: (key: string, sentence?: string) => void
}

const LEAVE_TRIES = 3
const LEAVE_AGAIN_MS = 2_000
const WHY_MS = 600

/** The one call of this page: rings, joins, keeps the connections, and leaves. */
export class CallRoom {
  readonly state = shallowRef<CallState>(IDLE)
  readonly minimised = shallowRef(false)
  /** Why nothing connects, once it is known. */
  readonly hindrance = shallowRef<Hindrance | ''>('')
  readonly servers = shallowRef<CallServers | null>(null)
  readonly own: OwnMedia
  readonly mesh: Mesh
  readonly watch: CallWatch
  readonly live = computed(() => ['ringing_out', 'connecting', 'talking'].includes(this.state.value.phase))
  private readonly say: (key: string, sentence?: string) => void
  private order: OrderRoom | null = null
  private stops: (() => void)[] = []
  /** What is older than this says nothing of the call; -1: it has not begun. */
  private knownSeq = -1
  private asked: Promise<CallServers | null> | null = null
  private whyTimer: ReturnType<typeof setTimeout> | undefined

  constructor(
    private readonly huaxin: Huaxin,
    options: RoomOptions = {},
  ) {
    this.say = options.say ?? (() => undefined)
    this.own = new OwnMedia(options.devices ?? real, () => this.ownChanged())
    this.mesh = new Mesh({
      me: () => this.device,
      servers: (fresh) => this.iceServers(fresh),
      connect: options.connect ?? ((config) => new RTCPeerConnection(config)),
      send: (to_person, to_device, kind, data) => this.signal({ to_person, to_device, kind, data }),
      tracks: () => ({ audio: this.own.mic.value, video: this.own.camera.value }),
      own: () => ({ cam: this.own.camera.value !== null, mic: !this.own.muted.value, low: this.watch.low.value }),
      changed: (peer) => this.peerChanged(peer),
      hindered: (why) => {
        if (this.state.value.phase !== 'talking') this.hindrance.value = why
      },
    })
    this.watch = new CallWatch(() => this.mesh.alive, () => this.own.camera.value !== null, () => this.mesh.tellState())
  }

  private get person(): string {
    return this.huaxin.session.person
  }

  private get device(): string {
    return this.huaxin.calls.device
  }

  /** Rings. Whatever goes wrong is on the screen. */
  async begin(wish: CallWish): Promise<void> {
    const { order, media, to } = wish
    const call = newId()
    this.act({ is: 'begin', call, ...wish })
    this.enter(order)
    if (!(await this.openDevices(media))) return
    try {
      const result = await this.huaxin.api.now('ring', { order, call, media, to, device: this.device })
      const other = result['joined'] === true ? String(result['call'] ?? '') : ''
      if (!this.live.value) return this.tellLeft('hung_up', order, other || call)
      this.knownSeq = result.seq
      // Both rang: there is one call, and both are in it.
      if (other && other !== call) this.act({ is: 'joined', call: other })
      void this.askServers()
      this.told()
    } catch (error) {
      this.fail(error)
    }
  }

  /** Made ready while it rings, so that an answer is heard at once. */
  prepare(on: CallOn): void {
    if (this.live.value) return
    if (this.order?.id !== on.order.id) this.open(on.order.id)
    void this.askServers(on.order.id, on.call.id)
  }

  /** Answers a call, or comes back into it after a reload. */
  async answer(on: CallOn, media: CallMedia): Promise<void> {
    const { call, order } = on
    this.act({ is: 'join', on, media })
    this.enter(order.id)
    if (!(await this.openDevices(media))) return
    try {
      const result = await this.huaxin.api.now('answer_call', { order: order.id, call: call.id, device: this.device })
      if (!this.live.value) return this.tellLeft('hung_up', order.id, call.id)
      this.knownSeq = result.seq
      // Who answers meets who is there at once, before the news of it is here.
      for (const one of call.members) if (one.person !== this.person) this.mesh.peer(one)
      this.told()
    } catch (error) {
      this.fail(error)
    }
  }

  decline(on: CallOn, busy = false): void {
    const { call, order } = on
    this.huaxin.calls.silenced.add(call.id)
    this.forget(on)
    void this.huaxin.api.now('decline_call', { order: order.id, call: call.id, busy }).catch(() => undefined)
  }

  /** The ring on this page is over without an answer. */
  forget(on: CallOn): void {
    if (!this.live.value && this.order?.id === on.order.id) this.clear()
  }

  invite(role: Role): void {
    const { order, call } = this.state.value
    this.huaxin.api
      .now('invite_to_call', { order, call, to: [role] })
      .catch((error: unknown) => this.say('', asTrouble(error).sentence))
  }

  /** I hang up, or there is nobody to talk to any more. */
  leave(why: 'hung_up' | 'failed' | 'lost' = 'hung_up'): void {
    const { order, call } = this.state.value
    if (this.live.value && this.knownSeq >= 0) this.tellLeft(why, order, call)
    this.clear()
    this.act(why === 'hung_up' ? { is: 'close' } : { is: 'fail', why, sentence: '' })
  }

  /** The last word of a call that is over was read. */
  close(): void {
    this.clear()
    this.act({ is: 'close' })
  }

  async toggleCamera(): Promise<void> {
    if (this.own.camera.value) this.own.closeCamera()
    else await this.tryCamera()
  }

  async flip(): Promise<void> {
    await this.own.flip().catch((error: unknown) => this.cameraTrouble(error))
  }

  /** A picture out of the video, as one's own message of the conversation. */
  async sendStill(still: { blob: Blob; width: number; height: number }): Promise<void> {
    const { blob, width, height } = still
    const name = `still-${newId().slice(0, 8)}.jpg`
    await this.huaxin.sendMedia(this.state.value.order, [{ blob, name, purpose: 'picture', facts: { width, height } }])
    this.say('still_sent')
  }

  // the order's truth

  private enter(order: string): void {
    if (this.order?.id !== order) this.open(order)
    this.minimised.value = false
    // A courier shows the door, not the face.
    this.own.facing.value = this.huaxin.app === 'courier' ? 'environment' : 'user'
    this.hindrance.value = ''
    this.huaxin.calls.current.value = this.state.value.call
    this.stops.push(
      onOwnCall((signal) => {
        const mine = signal.call === this.state.value.call && signal.to_device === this.device
        if (mine && this.live.value) this.mesh.hear(signal)
      }),
    )
    this.on(globalThis, 'online', () => this.mesh.renew())
    this.on(globalThis, 'pagehide', () => this.pageGone())
    const network = (globalThis.navigator as { connection?: EventTarget } | undefined)?.connection
    if (network) this.on(network, 'change', () => this.mesh.renew())
    this.watch.start()
  }

  private open(order: string): void {
    this.clear()
    const room = this.huaxin.room(order)
    this.order = room
    room.open()
    this.stops.push(
      watch(room.state, () => this.told()),
      watch(room.phase, (phase) => {
        if (phase === 'ended' && this.live.value) this.leave('lost')
      }),
    )
  }

  private told(late = false): void {
    const room = this.order
    const now = room?.state.value
    const { call, role } = this.state.value
    // A snapshot from before one's own command does not know of the call.
    if (!now || !call || !this.live.value || room?.phase.value !== 'ready') return
    if (this.knownSeq < 0 || now.cursor.seq < this.knownSeq) return
    if (role !== now.role) this.act({ is: 'as', role: now.role })
    const view = callsOn(now.order).find((one) => one.id === call) ?? null
    const ended = view ? null : endOf(now.events, call)
    // That it is gone may come one event before the one that says why.
    if (!view && !ended && !late) {
      this.whyTimer ??= setTimeout(() => this.told(true), WHY_MS)
      return
    }
    this.act({ is: 'told', view, ended, person: this.person, device: this.device })
    if (!this.live.value) return this.clear()
    const amIn = view?.members.some((one) => one.person === this.person)
    if (amIn) this.mesh.meet(othersIn(this.state.value, this.person))
  }

  private peerChanged(peer: Peer): void {
    if (peer.state === 'connected') {
      this.hindrance.value = ''
      if (this.state.value.phase !== 'talking') this.act({ is: 'up', at: performance.now() })
      void this.watch.limit()
    }
    // With nobody left to talk to it is over; in a round of three the others go on.
    if (peer.state === 'over' && this.live.value && this.mesh.alive.length === 0) {
      this.leave(this.state.value.phase === 'talking' ? 'lost' : 'failed')
    }
  }

  private ownChanged(): void {
    void this.mesh.swap().then(() => this.watch.limit()).catch(() => undefined)
    this.mesh.tellState()
  }

  // servers, devices, troubles

  private signal(rest: { to_person: string; to_device: string; kind: string; data: string }): void {
    const { order, call } = this.state.value
    void this.huaxin.api.light('signal_call', { order, call, from_device: this.device, ...rest }).catch(() => undefined)
  }

  private askServers(order = this.state.value.order, call = this.state.value.call): Promise<CallServers | null> {
    this.asked = this.huaxin.api.query('get_call_servers', { order, call }).then(
      (found) => (this.servers.value = found),
      () => null,
    )
    return this.asked
  }

  private async iceServers(fresh: boolean): Promise<{ ice: RTCIceServer[]; relay: boolean }> {
    // Without an answer the ways within one network still work.
    const found = fresh || !this.asked ? await this.askServers() : await this.asked
    const known = found ?? this.servers.value
    return { ice: (known?.ice_servers ?? []) as RTCIceServer[], relay: known?.relay ?? false }
  }

  /** The camera may be missing, the microphone may not. False: it is over, and the screen says why. */
  private async openDevices(media: CallMedia): Promise<boolean> {
    const camera = media === 'video' ? this.tryCamera() : undefined
    try {
      await this.own.openMic()
    } catch (error) {
      this.clear()
      this.act({ is: 'fail', why: 'device', sentence: isNoDevice(error) ? `mic_${error.why}` : 'mic_failed' })
      return false
    }
    // Who answers is heard at once; the picture follows.
    if (this.state.value.mine) await camera
    if (!this.live.value) this.own.close()
    return this.live.value
  }

  private async tryCamera(): Promise<void> {
    await this.own.openCamera().catch((error: unknown) => this.cameraTrouble(error))
    // It was ended while the browser still asked.
    if (!this.live.value) this.own.close()
  }

  private cameraTrouble(error: unknown): void {
    this.say(isNoDevice(error) ? `camera_${error.why}` : 'camera_failed')
  }

  private fail(error: unknown): void {
    const trouble = asTrouble(error)
    const why: Why = trouble.passing ? 'failed' : 'refused'
    this.clear()
    this.act({ is: 'fail', why, sentence: trouble.sentence })
  }

  private tellLeft(why: 'hung_up' | 'failed' | 'lost', order: string, call: string, tries = LEAVE_TRIES): void {
    const quality = this.watch.record()
    const tell = (left: number): void =>
      void this.huaxin.api.now('leave_call', { order, call, why, quality }).catch((error: unknown) => {
        if (asTrouble(error).passing && left > 1) setTimeout(() => tell(left - 1), LEAVE_AGAIN_MS)
      })
    tell(tries)
  }

  /** The page is closed. Talking, it may only be loaded anew and come back; ringing, it cannot. */
  private pageGone(): void {
    const { phase, order, call } = this.state.value
    if (phase === 'ringing_out') this.tellLeft('hung_up', order, call, 1)
  }

  private on(target: EventTarget, word: string, act: () => void): void {
    target.addEventListener?.(word, act)
    this.stops.push(() => target.removeEventListener?.(word, act))
  }

  private clear(): void {
    clearTimeout(this.whyTimer)
    this.whyTimer = undefined
    for (const stop of this.stops.splice(0)) stop()
    this.mesh.close()
    this.order?.close()
    this.order = null
    this.own.close()
    this.watch.stop()
    this.hindrance.value = ''
    this.knownSeq = -1
    this.asked = null
    this.servers.value = null
    this.huaxin.calls.current.value = ''
  }

  private act(act: CallAct): void {
    this.state.value = next(this.state.value, act)
    if (this.live.value) this.huaxin.calls.current.value = this.state.value.call
  }
}

function endOf(events: { type: string; body: Record<string, unknown> }[], call: string): CallEnded | null {
  const found = events.findLast((event) => event.type === 'call_ended' && event.body['call'] === call)
  return found ? (found.body as unknown as CallEnded) : null
}
