import { shallowRef, watch } from 'vue'
import type { Huaxin } from './client'
import type { CallSignal, MarksSignal, Signal } from './types.gen'

/**
 * on, off; denied: the browser was told never to; unsupported: it cannot; install: only once it is on the home
 * screen (iPhone); insecure: not by HTTPS; unreachable: the browser's push service does not answer.
 */
export type PushState = 'unknown' | 'on' | 'off' | 'denied' | 'unsupported' | 'install' | 'insecure' | 'unreachable'

const READY_MS = 4_000

/** Notices of this device: whether it takes pushes for whoever is signed in. */
export class DevicePush {
  readonly state = shallowRef<PushState>('unknown')
  readonly busy = shallowRef(false)

  constructor(private readonly huaxin: Huaxin) {}

  /** Looks at the browser; when it takes pushes, the server is told its address (it may be a new one). */
  async look(): Promise<void> {
    const hindrance = hindranceOf()
    if (hindrance) {
      this.state.value = hindrance
      return
    }
    const held = await (await worker())?.pushManager.getSubscription().catch(() => null)
    if (held && this.huaxin.session.signedIn.value) await this.tell(held).catch(() => undefined)
    this.state.value = held ? 'on' : 'off'
  }

  /** To be called from a tap: the browser asks the person. Throws Trouble when the server refuses. */
  async turnOn(): Promise<void> {
    await this.guarded(async () => {
      const permission = await Notification.requestPermission()
      if (permission !== 'granted') {
        this.state.value = permission === 'denied' ? 'denied' : 'off'
        return
      }
      const at = await worker()
      if (!at) {
        this.state.value = 'unsupported'
        return
      }
      const { key } = await this.huaxin.api.query('get_push_key', {})
      const held = await subscribed(at, bytesOf(key))
      if (!held) {
        this.state.value = 'unreachable'
        return
      }
      await this.tell(held)
      this.state.value = 'on'
    })
  }

  async turnOff(): Promise<void> {
    await this.guarded(async () => {
      const held = await (await worker())?.pushManager.getSubscription().catch(() => null)
      if (held) {
        await this.huaxin.api.light('remove_push', { endpoint: held.endpoint }).catch(() => undefined)
        await held.unsubscribe().catch(() => false)
      }
      this.state.value = hindranceOf() ?? 'off'
    })
  }

  /** Somebody signed out here: whoever comes next must not read what was meant for them. */
  async forget(): Promise<void> {
    const at = await worker()
    await (await at?.pushManager.getSubscription().catch(() => null))?.unsubscribe().catch(() => false)
    for (const shown of (await at?.getNotifications().catch(() => [])) ?? []) shown.close()
    this.state.value = hindranceOf() ?? 'off'
  }

  private async tell(held: PushSubscription): Promise<void> {
    const { keys } = held.toJSON()
    const { p256dh = '', auth = '' } = keys ?? {}
    await this.huaxin.api.light('add_push', { endpoint: held.endpoint, p256dh, auth, app: this.huaxin.app })
  }

  private async guarded(work: () => Promise<void>): Promise<void> {
    if (this.busy.value) return
    this.busy.value = true
    try {
      await work()
    } finally {
      this.busy.value = false
    }
  }
}

function hindranceOf(): PushState | null {
  if (!globalThis.isSecureContext) return 'insecure'
  const can = 'serviceWorker' in navigator && 'PushManager' in globalThis && 'Notification' in globalThis
  const iphone = /iPhone|iPad|iPod/.test(navigator.userAgent)
  const installed = globalThis.matchMedia?.('(display-mode: standalone)').matches ?? false
  if (!can) return iphone && !installed ? 'install' : 'unsupported'
  return Notification.permission === 'denied' ? 'denied' : null
}

/** The application's service worker, once it is there; null when there is none (the development server). */
async function worker(): Promise<ServiceWorkerRegistration | null> {
  if (!('serviceWorker' in navigator)) return null
  const late = new Promise<null>((resolve) => setTimeout(() => resolve(null), READY_MS))
  return Promise.race([navigator.serviceWorker.ready, late])
}

/** Null: the browser's push service could not be reached. */
async function subscribed(at: ServiceWorkerRegistration, key: Uint8Array<ArrayBuffer>): Promise<PushSubscription | null> {
  const held = await at.pushManager.getSubscription()
  if (held && !sameKey(held, key)) await held.unsubscribe() // the server has another key now
  return at.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key }).catch(() => null)
}

function sameKey(held: PushSubscription, key: Uint8Array): boolean {
  const used = held.options.applicationServerKey
  if (!used) return false
  const bytes = new Uint8Array(used)
  return bytes.length === key.length && bytes.every((byte, at) => byte === key[at])
}

export function bytesOf(base64url: string): Uint8Array<ArrayBuffer> {
  const plain = atob(base64url.replaceAll('-', '+').replaceAll('_', '/'))
  return Uint8Array.from(plain, (sign) => sign.charCodeAt(0))
}

type Goer = { push: (path: string) => unknown }
type Hear = (signal: MarksSignal) => void
type HearCall = (signal: CallSignal) => void
const hearers = new Set<Hear>()
const callHearers = new Set<HearCall>()

/** Told when another device of the same person has received or read something. Answers the end of it. */
export function onOwnMarks(hear: Hear): () => void {
  hearers.add(hear)
  return () => hearers.delete(hear)
}

/** Told what the other devices of a call say to this person's. Answers the end of it. */
export function onOwnCall(hear: HearCall): () => void {
  callHearers.add(hear)
  return () => callHearers.delete(hear)
}

/** True: everything this order has for the person is read on one of their devices. */
export const isReadUp = (signal: MarksSignal): boolean => signal.marks.read >= signal.marks.received

/**
 * Keeps this device in step with the person's others: what is read there is no longer new here, a tapped
 * notification opens its order in this page, and who signs out takes their notices along.
 */
export function keepInStep(huaxin: Huaxin, router: Goer, push: DevicePush = new DevicePush(huaxin)): DevicePush {
  let stop: (() => void) | null = null
  watch(
    () => (huaxin.session.signedIn.value ? huaxin.session.person : ''),
    (person, before) => {
      stop?.()
      stop = person ? huaxin.wire.follow(`me:${person}`, null, { onPublication: heard, onGap: () => undefined }) : null
      if (before && before !== person) void push.forget()
      if (person) void push.look().catch(() => undefined)
    },
    { immediate: true },
  )
  globalThis.navigator?.serviceWorker?.addEventListener('message', (event: MessageEvent<unknown>) => {
    const { type, url = '' } = (event.data ?? {}) as { type?: string; url?: string }
    const base = import.meta.env.BASE_URL
    if (type === 'huaxin:open' && url.startsWith(base)) void router.push(`/${url.slice(base.length)}`)
    if (type === 'huaxin:push-changed') void push.look().catch(() => undefined)
  })
  return push
}

function heard(data: unknown): void {
  const signal = data as Signal
  if (signal.signal === 'call') return [...callHearers].forEach((hear) => hear(signal))
  if (signal.signal !== 'marks') return
  if (isReadUp(signal)) void closeShown(signal.order)
  for (const hear of [...hearers]) hear(signal)
}

async function closeShown(order: string): Promise<void> {
  const at = await globalThis.navigator?.serviceWorker?.getRegistration().catch(() => undefined)
  if (!at?.getNotifications) return
  for (const shown of await at.getNotifications({ tag: `order:${order}` })) shown.close()
  const left = await at.getNotifications()
  const badges = navigator as Navigator & { setAppBadge?: (n: number) => Promise<void> }
  await badges.setAppBadge?.(left.length).catch(() => undefined)
}
