import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import type { Huaxin, PositionReport, QueuedFix } from '@huaxin/sync'

export type SharingState = 'idle' | 'waiting' | 'on' | 'off' | 'denied' | 'missing' | 'insecure'

const SEND_EVERY_MS = 3_000
const SEND_EVERY_LOW_MS = 12_000
const LOW_BATTERY = 15
const BATCH = 500
const MOST_BATCHES = 40
/** Older than this, the shop does not read them. */
const FORGET_MS = 12 * 3600_000
const CLOSE_M = 4

interface Battery {
  level: number
  charging: boolean
}

/** Shares the position while there is something to deliver; keeps fixes while offline; holds the screen on. */
export const useSharing = defineStore('sharing', () => {
  const state = ref<SharingState>('idle')
  const paused = ref(false)
  const queued = ref(0)
  const battery = ref(-1)
  const last = ref<PositionReport | null>(null)
  const low = computed(() => battery.value >= 0 && battery.value < LOW_BATTERY)

  let huaxin: Huaxin | null = null
  let shop = ''
  let watcher: number | null = null
  let timer: ReturnType<typeof setTimeout> | undefined
  let lock: WakeLockSentinel | null = null
  let sending = false
  /** This phone's clock minus the clock of its newest fix (GPS time on some); null: no fix seen yet. Of the newest,
   * not the least ever: a phone's clock is set while it rides, and all its fixes would be old from then on. */
  let ahead: number | null = null

  /** Begins, or goes on for another shop. Safe to call again. */
  function start(to: Huaxin, forShop: string): void {
    huaxin = to
    shop = forShop
    if (paused.value) return void (state.value = 'off')
    if (watcher !== null) return
    if (!globalThis.isSecureContext) return void (state.value = 'insecure')
    if (!navigator.geolocation) return void (state.value = 'missing')
    state.value = 'waiting'
    watcher = navigator.geolocation.watchPosition(fixed, failed, {
      enableHighAccuracy: true,
      maximumAge: 2_000,
      timeout: 30_000,
    })
    document.addEventListener('visibilitychange', seen)
    void holdScreen()
    void readBattery()
    tick()
  }

  function stop(next: SharingState = 'idle'): void {
    if (watcher !== null) navigator.geolocation.clearWatch(watcher)
    watcher = null
    clearTimeout(timer)
    document.removeEventListener('visibilitychange', seen)
    void lock?.release().catch(() => undefined)
    lock = null
    state.value = next
  }

  function pause(): void {
    paused.value = true
    stop('off')
  }

  function resume(): void {
    paused.value = false
    if (huaxin && shop) start(huaxin, shop)
  }

  function fixed({ coords, timestamp }: GeolocationPosition): void {
    state.value = 'on'
    ahead = Date.now() - timestamp
    const fix: PositionReport = {
      at: Math.round(timestamp),
      lat: coords.latitude,
      lon: coords.longitude,
      accuracy_m: coords.accuracy ?? 0,
      heading: coords.heading ?? -1,
      speed_kmh: coords.speed === null ? -1 : coords.speed * 3.6,
      battery: battery.value,
      datum: 'wgs84',
    }
    if (Number.isNaN(fix.heading)) fix.heading = -1
    const before = last.value
    if (before && fix.at - before.at < SEND_EVERY_MS - 500 && metres(before, fix) < CLOSE_M) return
    last.value = fix
    void keep(fix)
  }

  async function keep(fix: PositionReport): Promise<void> {
    if (!huaxin) return
    await huaxin.store.fixes.add({ ...fix, shop, person: huaxin.session.person }).catch(() => undefined)
    queued.value = await count()
  }

  const count = async (): Promise<number> =>
    huaxin ? huaxin.store.fixes.where('person').equals(huaxin.session.person).count().catch(() => 0) : 0

  function failed(error: GeolocationPositionError): void {
    // A time-out in a lift is not a refusal: the watch goes on by itself.
    if (error.code === error.PERMISSION_DENIED) stop('denied')
  }

  function tick(): void {
    clearTimeout(timer)
    timer = setTimeout(() => void flush().finally(tick), low.value || huaxin?.saver.on.value ? SEND_EVERY_LOW_MS : SEND_EVERY_MS)
  }

  async function flush(): Promise<void> {
    if (!huaxin || sending || !huaxin.session.signedIn.value) return
    sending = true
    try {
      // After hours without a line the queue goes out in one go, oldest first, until a batch does not get through.
      for (let n = 0; n < MOST_BATCHES && navigator.onLine && (await sendOldest(huaxin)); n++) queued.value = await count()
      queued.value = await count()
    } finally {
      sending = false
    }
  }

  /** Whether something went out, so that it is worth going on. */
  async function sendOldest(from: Huaxin): Promise<boolean> {
    const rows = await from.store.fixes.where('person').equals(from.session.person).limit(BATCH).toArray()
    const old = rows.filter((row) => row.at <= Date.now() - FORGET_MS)
    await drop(old)
    const fresh = rows.filter((row) => !old.includes(row))
    const batch = fresh.filter((row) => row.shop === fresh[0]?.shop)
    return batch.length > 0 ? await send(batch) : old.length > 0
  }

  async function send(batch: QueuedFix[]): Promise<boolean> {
    if (!huaxin) return false
    const positions = batch.map(({ at, lat, lon, accuracy_m, heading, speed_kmh, battery: level, datum }) => ({
      at, lat, lon, accuracy_m, heading, speed_kmh, battery: level, datum,
    }))
    try {
      const sent_at = ahead === null ? 0 : Math.max(0, Math.round(Date.now() - ahead))
      await huaxin.api.light('report_positions', { shop: batch[0]?.shop ?? shop, positions, sent_at })
      await drop(batch)
      return true
    } catch (error) {
      // Refused for good (no longer a courier here): keeping them would not help.
      if (!(error as { passing?: boolean }).passing && (error as { status?: number }).status !== 401) await drop(batch)
      return false
    }
  }

  async function drop(rows: QueuedFix[]): Promise<void> {
    const keys = rows.map((row) => row.n).filter((n): n is number => n !== undefined)
    if (keys.length > 0) await huaxin?.store.fixes.bulkDelete(keys).catch(() => undefined)
  }

  function seen(): void {
    if (document.visibilityState === 'visible') void holdScreen()
  }

  async function holdScreen(): Promise<void> {
    if (watcher === null || (lock && !lock.released) || !('wakeLock' in navigator)) return
    lock = await navigator.wakeLock.request('screen').catch(() => null)
  }

  async function readBattery(): Promise<void> {
    const read = (navigator as { getBattery?: () => Promise<Battery & EventTarget> }).getBattery
    if (!read) return
    const found = await read.call(navigator).catch(() => null)
    const level = (): void => {
      battery.value = found && !found.charging ? Math.round(found.level * 100) : found ? 100 : -1
    }
    level()
    found?.addEventListener('levelchange', level)
    found?.addEventListener('chargingchange', level)
  }

  return { state, paused, queued, battery, low, last, start, stop, pause, resume }
})

function metres(a: PositionReport, b: PositionReport): number {
  const x = (b.lon - a.lon) * Math.cos((a.lat * Math.PI) / 180)
  return Math.hypot(x, b.lat - a.lat) * 111_320
}
