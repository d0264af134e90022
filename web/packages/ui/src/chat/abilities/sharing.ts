import { shallowReactive } from 'vue'
import { asTrouble, type EventView, type Huaxin, type Role } from '@huaxin/sync'

/** One share that this device feeds with positions. Kept over a reload. */
export interface OwnShare {
  order: string
  /** Of the command that began it. */
  command: string
  /** 0 until the server has said. */
  seq: number
  /** Server time, ms. */
  until: number
}

const SEND_EVERY_MS = 3_000
/** Standing still, somebody still wants to know that it is alive. */
const AGAIN_MS = 15_000
const OVER = new Set(['live.ended', 'live.none', 'message.not_yours', 'message.recalled', 'message.not_found'])

type Fix = { lat: number; lon: number; accuracy: number; at: number }

/** Feeds one's own live positions from this device, whichever page is open, until they end. */
export class LiveSharer {
  readonly shares = shallowReactive<OwnShare[]>([])
  private watcher: number | null = null
  private timer: ReturnType<typeof setInterval> | undefined
  private latest: Fix | null = null
  private sentAt = 0
  private sending = false

  constructor(
    private readonly huaxin: Huaxin,
    private readonly storage: Storage = globalThis.localStorage,
  ) {
    this.recall()
    if (this.shares.length > 0) this.run()
  }

  /** Begins a share; rejects with GeolocationPositionError when this device may not know where it is. */
  async start(order: string, minutes: 15 | 30 | 60, to: Role[] | null): Promise<void> {
    this.latest = await here()
    const command = await this.huaxin.send('share_live', order, { minutes, to })
    this.keep([...this.shares, { order, command, seq: 0, until: this.huaxin.clock.now() + minutes * 60_000 }])
    this.run()
    const result = await this.huaxin.outbox.result(command).catch(() => null)
    if (result) this.known(command, result.seq)
    else this.drop((share) => share.command === command)
  }

  /** What came over the line may tell the seq of a share begun before a reload. */
  seen(events: EventView[]): void {
    for (const share of this.shares) {
      if (share.seq) continue
      const event = events.find((one) => one.type === 'live_shared' && one.command_id === share.command)
      if (event) this.known(share.command, event.seq)
    }
  }

  isFrom(order: string, seq: number): boolean {
    return this.shares.some((share) => share.order === order && share.seq === seq)
  }

  end(order: string, seq: number): void {
    this.drop((share) => share.order === order && share.seq === seq)
  }

  private known(command: string, seq: number): void {
    this.keep(this.shares.map((share) => (share.command === command ? { ...share, seq } : share)))
    this.sentAt = 0
    void this.report()
  }

  private drop(which: (share: OwnShare) => boolean): void {
    this.keep(this.shares.filter((share) => !which(share)))
    if (this.shares.length === 0) this.halt()
  }

  private run(): void {
    this.timer ??= setInterval(() => void this.report(), 1_000)
    this.watcher ??= navigator.geolocation?.watchPosition(
      ({ coords, timestamp }) => {
        this.latest = fixOf(coords, timestamp)
      },
      () => undefined,
      { enableHighAccuracy: true, maximumAge: 2_000, timeout: 30_000 },
    ) ?? null
  }

  private halt(): void {
    if (this.watcher !== null) navigator.geolocation.clearWatch(this.watcher)
    this.watcher = null
    clearInterval(this.timer)
    this.timer = undefined
  }

  private async report(): Promise<void> {
    const now = this.huaxin.clock.now()
    if (this.shares.some((share) => share.until <= now)) this.drop((share) => share.until <= now)
    const fix = this.latest
    const since = Date.now() - this.sentAt
    const moved = fix !== null && fix.at > this.sentAt
    if (!fix || this.sending || since < SEND_EVERY_MS || (!moved && since < AGAIN_MS)) return
    this.sending = true
    this.sentAt = Date.now()
    try {
      await Promise.all(this.shares.filter((share) => share.seq > 0).map((share) => this.tell(share, fix)))
    } finally {
      this.sending = false
    }
  }

  private async tell(share: OwnShare, fix: Fix): Promise<void> {
    const point = { lat: fix.lat, lon: fix.lon }
    try {
      // Without `at` it is now, by the server: a phone's clock may be wrong.
      await this.huaxin.api.light('report_live_position', {
        order: share.order,
        seq: share.seq,
        point,
        accuracy_m: Math.max(0, Math.round(fix.accuracy)),
        at: 0,
      })
    } catch (error) {
      if (OVER.has(asTrouble(error).code)) this.end(share.order, share.seq)
    }
  }

  private get key(): string {
    return `huaxin.${this.huaxin.app}.live`
  }

  private keep(shares: OwnShare[]): void {
    this.shares.splice(0, this.shares.length, ...shares)
    const person = this.huaxin.session.person
    if (shares.length > 0) this.storage.setItem(this.key, JSON.stringify({ person, shares }))
    else this.storage.removeItem(this.key)
  }

  private recall(): void {
    try {
      const kept = JSON.parse(this.storage.getItem(this.key) ?? 'null') as { person: string; shares: OwnShare[] } | null
      if (kept && kept.person === this.huaxin.session.person) {
        this.shares.push(...kept.shares.filter((share) => share.until > this.huaxin.clock.now()))
      }
    } catch {
      this.storage.removeItem(this.key)
    }
  }
}

const fixOf = (coords: GeolocationCoordinates, at: number): Fix => ({
  lat: coords.latitude,
  lon: coords.longitude,
  accuracy: coords.accuracy,
  at: Math.round(at),
})

const DENIED = 1 // GeolocationPositionError.PERMISSION_DENIED

/** Where this device is now; rejects when it cannot or may not say. Indoors a satellite fix may not come at
 * all: then what the networks around tell is good enough. */
export async function here(): Promise<Fix> {
  try {
    return await fixWithin({ enableHighAccuracy: true, timeout: 10_000, maximumAge: 15_000 })
  } catch (error) {
    if ((error as Partial<GeolocationPositionError>).code === DENIED || !navigator.geolocation) throw error
    return fixWithin({ enableHighAccuracy: false, timeout: 10_000, maximumAge: 60_000 })
  }
}

function fixWithin(options: PositionOptions): Promise<Fix> {
  return new Promise((done, failed) => {
    if (!navigator.geolocation) return failed(new Error('no geolocation'))
    navigator.geolocation.getCurrentPosition(({ coords, timestamp }) => done(fixOf(coords, timestamp)), failed, options)
  })
}

const sharers = new WeakMap<Huaxin, LiveSharer>()

/** One per application: a share goes on while other pages are looked at. */
export function sharerOf(huaxin: Huaxin): LiveSharer {
  let found = sharers.get(huaxin)
  if (!found) {
    found = new LiveSharer(huaxin)
    sharers.set(huaxin, found)
  }
  return found
}
