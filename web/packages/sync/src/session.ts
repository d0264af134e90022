import { computed, shallowRef } from 'vue'
import type { Http } from './http'
import type { Me, Tokens } from './types.gen'
import { Trouble, asTrouble } from './trouble'

/** Refresh this long before the token ends, so that no request travels with a dying one. */
const EARLY_S = 45

export interface CodeSent {
  sent: boolean
  /** Seconds before another code may be asked for. */
  wait_s: number
  /** Only from a server with the development sender. */
  dev_code?: string
}

export interface SessionOptions {
  app: string
  http: Http
  now: () => number
  language: () => string
  storage?: Storage
}

/** Who is signed in on this device, and a token that is always fresh. Shared by all tabs of one application. */
export class Session {
  /** unknown: tokens exist but the server was not asked yet (offline start counts as in). */
  readonly tokens = shallowRef<Tokens | null>(null)
  readonly me = shallowRef<Me | null>(null)
  readonly signedIn = computed(() => this.tokens.value !== null)
  private readonly key: string
  private readonly storage: Storage
  private refreshing: Promise<string> | null = null

  constructor(private readonly options: SessionOptions) {
    this.key = `huaxin.${options.app}`
    this.storage = options.storage ?? globalThis.localStorage
    this.recall()
    globalThis.addEventListener?.('storage', (event) => {
      if ((event as StorageEvent).key?.startsWith(this.key)) this.recall()
    })
  }

  get person(): string {
    return this.tokens.value?.person ?? ''
  }

  async requestCode(phone: string): Promise<CodeSent> {
    return this.options.http.ask<CodeSent>('/api/login/code', { body: { phone }, once: true })
  }

  async login(phone: string, code: string): Promise<Me> {
    const body = { phone, code, device_name: deviceName(), language: this.options.language() }
    this.keep(await this.options.http.ask<Tokens>('/api/login', { body, once: true }))
    return this.loadMe()
  }

  /** Turns the token of a guest link into a session for that one order. */
  async guest(token: string): Promise<Me> {
    const body = { token, device_name: deviceName() }
    this.keep(await this.options.http.ask<Tokens>('/api/guest', { body, once: true }))
    return this.loadMe()
  }

  async logout(): Promise<void> {
    const token = this.tokens.value?.access
    this.keep(null)
    if (token) {
      // Best effort: the device forgets at once, whatever the network does.
      await this.options.http.ask('/api/logout', { method: 'POST', body: {}, token }).catch(() => undefined)
    }
  }

  /** Asks who I am; offline, the last answer is kept. */
  async loadMe(): Promise<Me> {
    try {
      const me = await this.withToken((token) => this.options.http.ask<Me>('/api/me', { token }))
      this.me.value = me
      this.storage.setItem(`${this.key}.me`, JSON.stringify(me))
      return me
    } catch (error) {
      if (asTrouble(error).passing && this.me.value) return this.me.value
      throw error
    }
  }

  /** Runs a request with a fresh token; once more with a newer one if it is refused as expired. */
  async withToken<T>(request: (token: string) => Promise<T>): Promise<T> {
    const token = await this.access()
    try {
      return await request(token)
    } catch (error) {
      if (!asTrouble(error).unauthorized) throw error
      return request(await this.access(token))
    }
  }

  /** A token that is good for at least a moment. `refused`: one that was not accepted, so that another is got. */
  async access(refused = ''): Promise<string> {
    const held = this.tokens.value
    if (!held) throw new Trouble('session.none', '', 401)
    const fresh = held.access_expires_at - EARLY_S > this.options.now() / 1000
    if (fresh && held.access !== refused) return held.access
    this.refreshing ??= this.refresh(held.access).finally(() => {
      this.refreshing = null
    })
    return this.refreshing
  }

  private refresh(stale: string): Promise<string> {
    // Refresh tokens rotate: two tabs refreshing at once would look like theft, so one does it for all.
    return exclusively(`${this.key}.refresh`, async () => {
      this.recall()
      const held = this.tokens.value
      if (!held) throw new Trouble('session.none', '', 401)
      if (held.access !== stale) return held.access
      try {
        const tokens = await this.options.http.ask<Tokens>('/api/token', { body: { refresh: held.refresh } })
        this.keep(tokens)
        return tokens.access
      } catch (error) {
        const trouble = asTrouble(error)
        if (!trouble.passing) this.keep(null)
        throw trouble.passing ? trouble : new Trouble('session.ended', trouble.sentence, 401)
      }
    })
  }

  private keep(tokens: Tokens | null): void {
    this.tokens.value = tokens
    if (tokens) this.storage.setItem(this.key, JSON.stringify(tokens))
    else {
      this.me.value = null
      this.storage.removeItem(this.key)
      this.storage.removeItem(`${this.key}.me`)
    }
  }

  private recall(): void {
    const held = parsed<Tokens>(this.storage.getItem(this.key))
    if (held?.access !== this.tokens.value?.access) this.tokens.value = held
    this.me.value = held ? parsed<Me>(this.storage.getItem(`${this.key}.me`)) : null
  }
}

function parsed<T>(text: string | null): T | null {
  try {
    return text ? (JSON.parse(text) as T) : null
  } catch {
    return null
  }
}

/** Runs `work` in one tab at a time where the browser can promise that. */
export async function exclusively<T>(name: string, work: () => Promise<T>): Promise<T> {
  const locks = globalThis.navigator?.locks as LockManager | undefined
  if (!locks) return work()
  return (await locks.request(name, work)) as T
}

function deviceName(): string {
  const agent = globalThis.navigator?.userAgent ?? ''
  const system = /iPhone|iPad|Android|Windows|Mac OS|Linux|HarmonyOS/.exec(agent)?.[0] ?? ''
  const browser = /MicroMessenger|Edg|Firefox|Chrome|Safari/.exec(agent)?.[0] ?? ''
  return [system, browser].filter(Boolean).join(' ') || 'browser'
}
