import type { Centrifuge, Subscription } from 'centrifuge'
import { shallowRef } from 'vue'
import type { Session } from './session'
import { asTrouble, fromGateway } from './trouble'
import type { Cursor } from './types.gen'

export type LineWord = 'connected' | 'connecting' | 'offline'

export interface LineState {
  word: LineWord
  /** Device ms at which it became so. */
  since: number
}

export interface ChannelHandlers {
  /** A fact (offset > 0) or a signal (offset 0). */
  onPublication: (data: unknown, offset: number) => void
  /** What was missed cannot be given: take a new snapshot. */
  onGap: () => void
  /** This channel is not (or no longer) ours. */
  onDenied?: () => void
}

/** Unanswered for this long, "connecting" is honestly called "offline". */
const GIVE_UP_MS = 12_000
const DENIED = new Set([103, 101])

/** The one live connection of this tab: WebSocket, else HTTP streaming, else server-sent events. */
export class Wire {
  readonly state = shallowRef<LineState>({ word: 'offline', since: Date.now() })
  private client: Centrifuge | null = null
  /** The library is fetched when somebody signs in: a visitor who only looks does not pay for it. */
  private making: Promise<Centrifuge> | null = null
  private given = ''
  private waiting: ReturnType<typeof setTimeout> | undefined
  private readonly onUp = new Set<() => void>()

  constructor(
    private readonly session: Session,
    private readonly origin: string = globalThis.location?.origin ?? '',
  ) {
    globalThis.addEventListener?.('offline', () => this.say('offline'))
    globalThis.addEventListener?.('online', () => this.start())
  }

  get connected(): boolean {
    return this.state.value.word === 'connected'
  }

  /** Called every time the line comes up. Answers a function that ends it. */
  whenUp(listener: () => void): () => void {
    this.onUp.add(listener)
    return () => this.onUp.delete(listener)
  }

  start(): void {
    void this.started().catch(() => this.say('offline'))
  }

  stop(): void {
    clearTimeout(this.waiting)
    this.client?.disconnect()
    this.client = null
    this.making = null
    this.given = ''
    this.say('offline')
  }

  private async started(): Promise<Centrifuge | null> {
    if (!this.session.signedIn.value) return null
    this.making ??= this.make().catch((error: unknown) => {
      this.making = null
      throw error
    })
    const client = await this.making
    if (client.state === 'disconnected') client.connect()
    return client
  }

  async rpc<T>(method: string, data: unknown): Promise<T> {
    try {
      if (!this.client) throw asTrouble('no line')
      return (await this.client.rpc(method, data)).data as T
    } catch (error) {
      throw fromGateway(error)
    }
  }

  /** Follows a channel from a cursor on. Answers a function that stops it. */
  follow(channel: string, since: Cursor | null, handlers: ChannelHandlers): () => void {
    let stop: (() => void) | null = null
    let over = false
    const begin = async (): Promise<void> => {
      const client = await this.started()
      if (client && !over) stop = subscribe(client, channel, since, handlers)
    }
    begin().catch(() => {
      // The library could not be fetched: the snapshot is taken again when the network is back.
      if (!over) setTimeout(handlers.onGap, 5_000)
    })
    return () => {
      over = true
      stop?.()
    }
  }

  private async make(): Promise<Centrifuge> {
    const { Centrifuge, UnauthorizedError } = await import('centrifuge')
    const token = (): Promise<string> => this.token((why) => new UnauthorizedError(why))
    const ws = this.origin.replace(/^http/, 'ws')
    const client = new Centrifuge(
      [
        { transport: 'websocket', endpoint: `${ws}/connection/websocket` },
        { transport: 'http_stream', endpoint: `${this.origin}/connection/http_stream` },
        { transport: 'sse', endpoint: `${this.origin}/connection/sse` },
      ],
      {
        emulationEndpoint: `${this.origin}/emulation`,
        getToken: token,
        minReconnectDelay: 300,
        maxReconnectDelay: 8_000,
        timeout: 6_000,
        maxServerPingDelay: 8_000,
        name: 'huaxin-web',
      },
    )
    client.on('connecting', () => {
      if (this.state.value.word !== 'offline') this.say('connecting')
      clearTimeout(this.waiting)
      this.waiting = setTimeout(() => this.say('offline'), GIVE_UP_MS)
    })
    client.on('connected', () => {
      clearTimeout(this.waiting)
      this.say('connected')
      for (const listener of [...this.onUp]) listener()
    })
    client.on('disconnected', ({ code }) => this.ended(code))
    client.on('error', () => undefined)
    this.client = client
    return client
  }

  private async token(signedOut: (why: string) => Error): Promise<string> {
    try {
      // The library asks again only when what it was given is no longer accepted.
      const token = await this.session.access(this.given)
      this.given = token
      return token
    } catch (error) {
      if (asTrouble(error).unauthorized) throw signedOut('signed out')
      throw error
    }
  }

  /** The server ended it for good (or we did). While signed in there is no "for good": come back, but slowly. */
  private ended(code: number): void {
    clearTimeout(this.waiting)
    this.say('offline')
    if (code === 0 || !this.session.signedIn.value) return
    this.waiting = setTimeout(() => this.start(), 3_000 + Math.random() * 5_000)
  }

  private say(word: LineWord): void {
    if (this.state.value.word !== word) this.state.value = { word, since: Date.now() }
  }
}

function subscribe(
  client: Centrifuge,
  channel: string,
  since: Cursor | null,
  handlers: ChannelHandlers,
): () => void {
  const old = client.getSubscription(channel)
  if (old) client.removeSubscription(old)
  const options = since ? { since: { offset: since.seq, epoch: since.epoch }, recoverable: true } : {}
  const subscription = client.newSubscription(channel, options)
  listen(subscription, handlers)
  subscription.subscribe()
  return () => {
    subscription.removeAllListeners()
    subscription.on('error', () => undefined)
    if (client.getSubscription(channel) === subscription) client.removeSubscription(subscription)
  }
}

function listen(subscription: Subscription, handlers: ChannelHandlers): void {
  subscription.on('publication', ({ data, offset }) => handlers.onPublication(data, offset ?? 0))
  subscription.on('subscribed', ({ wasRecovering, recovered }) => {
    if (wasRecovering && !recovered) handlers.onGap()
  })
  subscription.on('subscribing', ({ code }) => {
    if (code >= 2500) handlers.onGap()
  })
  subscription.on('unsubscribed', ({ code }) => {
    if (code === 0) return
    if (DENIED.has(code)) handlers.onDenied?.()
    else handlers.onGap()
  })
  subscription.on('error', () => undefined)
}
