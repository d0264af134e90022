import { shallowReactive, shallowRef } from 'vue'
import { newId, type CallSignal } from '@huaxin/sync'
import { Peer, type Hindrance, type PeerOptions, type PeerTracks } from './peer'
import { readPoint, type Said } from './said'

/** What the others tell of themselves. */
export interface Other {
  cam: boolean
  mic: boolean
  low: boolean
}

/** A finger on a picture: of whose device, '' for one's own. */
export interface Point {
  id: string
  device: string
  x: number
  y: number
}

export interface MeshOptions {
  me: () => string
  servers: PeerOptions['servers']
  connect: PeerOptions['connect']
  send: (person: string, device: string, kind: string, data: string) => void
  tracks: () => PeerTracks
  /** What is told to who has just been connected, and whenever it changes. */
  own: () => Other
  changed: (peer: Peer) => void
  hindered: (why: Hindrance) => void
}

const POINT_MS = 3_000

interface Place {
  person: string
  device: string
}

/** A connection to each of the others in the call: one, or three. */
export class Mesh {
  readonly peers = shallowReactive(new Map<string, Peer>())
  readonly others = shallowReactive(new Map<string, Other>())
  readonly points = shallowRef<Point[]>([])
  /** Goes up when a connection changes: its own fields are not reactive. */
  readonly beat = shallowRef(0)
  private known: Place[] = []

  constructor(private readonly options: MeshOptions) {}

  get alive(): Peer[] {
    return [...this.peers.values()].filter((one) => one.state !== 'over')
  }

  /** Those who are in it now: who is new is met, who left is parted from. */
  meet(others: readonly Place[]): void {
    for (const one of others) this.peer(one)
    for (const { device } of this.known) if (!others.some((one) => one.device === device)) this.part(device)
    this.known = [...others]
  }

  /** The connection to this device; begun when there is none. */
  peer({ person, device }: Place): Peer {
    const found = this.peers.get(device)
    if (found && found.state !== 'over') return found
    const { options } = this
    const peer = new Peer({
      me: options.me(),
      other: device,
      servers: options.servers,
      connect: options.connect,
      send: (kind, data) => options.send(person, device, kind, data),
      tracks: options.tracks,
      changed: (one) => this.changed(one),
      said: (one, words) => this.heardDirectly(one, words),
      hindered: (_, why) => options.hindered(why),
      newId,
    })
    this.peers.set(device, peer)
    void peer.start().catch(() => undefined)
    return peer
  }

  hear(signal: CallSignal): void {
    this.peer({ person: signal.from_person, device: signal.from_device }).hear(signal.kind, signal.data)
  }

  tellState(to?: Peer): void {
    const words: Said = { t: 'state', ...this.options.own() }
    for (const peer of to ? [to] : this.peers.values()) peer.tell(words)
  }

  /** Other tracks than before go out. */
  async swap(): Promise<void> {
    await Promise.all(this.alive.map((peer) => peer.swap()))
  }

  renew(): void {
    for (const peer of this.alive) void peer.restart().catch(() => undefined)
  }

  /** A finger on a picture: shown here and there. */
  point(device: string, x: number, y: number): void {
    this.show({ device, x, y })
    if (device) this.peers.get(device)?.tell({ t: 'point', x, y, mine: false })
    else for (const peer of this.peers.values()) peer.tell({ t: 'point', x, y, mine: true })
  }

  close(): void {
    for (const device of [...this.peers.keys()]) this.part(device)
    this.points.value = []
    this.known = []
  }

  private part(device: string): void {
    const peer = this.peers.get(device)
    // First out of the list: whose end was wanted is no news.
    this.peers.delete(device)
    this.others.delete(device)
    peer?.close()
  }

  private changed(peer: Peer): void {
    if (this.peers.get(peer.options.other) !== peer) return
    this.beat.value += 1
    if (peer.state === 'connected') this.tellState(peer)
    this.options.changed(peer)
  }

  private heardDirectly(peer: Peer, words: Said): void {
    const device = peer.options.other
    if (words.t === 'state') {
      this.others.set(device, { cam: words.cam === true, mic: words.mic !== false, low: words.low === true })
      return
    }
    const point = readPoint(words)
    // A finger on the teller's own picture is shown on that; else it is on mine.
    if (point) this.show({ device: point.mine ? device : '', x: point.x, y: point.y })
  }

  private show(point: Omit<Point, 'id'>): void {
    const one = { ...point, id: newId() }
    this.points.value = [...this.points.value.slice(-5), one]
    setTimeout(() => {
      this.points.value = this.points.value.filter((other) => other !== one)
    }, POINT_MS)
  }
}
