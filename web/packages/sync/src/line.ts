import type { Centrifuge, Subscription, SubscriptionOptions } from 'centrifuge'
import { eventsThat, fetchThat, webSocketThat } from './heard'
import { asTrouble, fromGateway } from './trouble'
import { addressOf, type Way } from './ways'

type Library = typeof import('centrifuge')

export interface LineOptions {
  library: Library
  /** A token to begin with; a newer one is asked for when it is over. */
  token: string
  newToken: (unauthorized: (why: string) => Error) => Promise<string>
}

export interface Call {
  method: string
  data: unknown
}

/** A way that does not stand by then is left. */
const OPEN_MS = 5_000
/** An answer that does not come while nothing else is heard either: the line is dead. */
const SILENT_MS = 4_000
/** A slow line is not a dead one. */
const ANSWER_MS = 12_000
/** Beyond the server's ping interval. */
const PING_GRACE_MS = 4_000
const TOKEN_EXPIRED = 109
/** This login is over, or never was one. */
const UNAUTHORIZED = 101

/**
 * One connection by one way, until it breaks. The library's own reconnecting is not used: it stays with a
 * transport that once stood, and knows one address.
 */
export class Line {
  /** It broke, once. `forGood`: the server does not want it back as it is. */
  onLost: (code: number, forGood: boolean) => void = () => undefined
  heardAt = 0
  /** The token was not accepted, though its time is not over: the device was signed out from elsewhere. */
  refused = false
  private readonly client: Centrifuge
  private over = false
  private unanswered = 0

  constructor(
    readonly way: Way,
    { library, token, newToken }: LineOptions,
  ) {
    const heard = (): void => {
      this.heardAt = Date.now()
    }
    this.client = new library.Centrifuge([{ transport: way.transport, endpoint: addressOf(way) }], {
      emulationEndpoint: `${way.base}/emulation`,
      token,
      getToken: () => newToken((why) => new library.UnauthorizedError(why)),
      websocket: webSocketThat(heard),
      fetch: fetchThat(heard),
      eventsource: eventsThat(heard),
      minReconnectDelay: 50,
      maxReconnectDelay: 500,
      timeout: ANSWER_MS,
      maxServerPingDelay: PING_GRACE_MS,
      name: 'huaxin-web',
    })
  }

  /** Whether it stands. False: it was closed, try another way. */
  open(): Promise<boolean> {
    const { client } = this
    return new Promise((resolve) => {
      let standing = false
      const lost = (code: number, forGood: boolean): void => {
        clearTimeout(late)
        if (this.over) return resolve(false)
        this.close()
        if (standing || forGood) this.onLost(code, forGood)
        resolve(false)
      }
      const late = setTimeout(() => lost(0, false), OPEN_MS)
      client.on('connected', () => {
        clearTimeout(late)
        standing = true
        resolve(true)
      })
      client.on('connecting', ({ code }) => {
        if (standing) lost(code, false)
      })
      client.on('disconnected', ({ code }) => {
        this.refused = code === UNAUTHORIZED
        lost(code, true)
      })
      client.on('error', ({ type, error }) => {
        // An expired token is replaced by the library on the same way.
        if (!standing && !(type === 'connect' && error.code === TOKEN_EXPIRED)) lost(error.code, false)
      })
      client.connect()
    })
  }

  get busy(): boolean {
    return this.unanswered > 0
  }

  close(): void {
    if (this.over) return
    this.over = true
    this.client.disconnect()
  }

  async rpc<T>(method: string, data: unknown): Promise<T> {
    const [answer] = await this.rpcs<T>([{ method, data }])
    if (answer?.status !== 'fulfilled') throw asTrouble(answer?.reason)
    return answer.value
  }

  /** All in one message, so that they arrive in this order by every transport. Rejections are Trouble. */
  async rpcs<T>(calls: readonly Call[]): Promise<PromiseSettledResult<T>[]> {
    if (this.over) throw asTrouble('the line is gone')
    const sent = Date.now()
    const watch = setInterval(() => {
      const quiet = Date.now() - Math.max(this.heardAt, sent)
      if (quiet >= SILENT_MS) this.died()
    }, 500)
    this.unanswered += 1
    try {
      this.client.startBatching()
      const answers = calls.map(({ method, data }) => this.client.rpc(method, data))
      this.client.stopBatching()
      return await Promise.allSettled(
        answers.map(async (answer): Promise<T> => {
          try {
            return (await answer).data as T
          } catch (error) {
            throw fromGateway(error)
          }
        }),
      )
    } finally {
      this.unanswered -= 1
      clearInterval(watch)
    }
  }

  /** Asks for a sign of life; without one the line is given up. */
  check(): void {
    void this.rpc('get_me', {}).catch(() => undefined)
  }

  subscribe(channel: string, options: Partial<SubscriptionOptions>): Subscription {
    const old = this.client.getSubscription(channel)
    if (old) this.client.removeSubscription(old)
    return this.client.newSubscription(channel, options)
  }

  leave(subscription: Subscription): void {
    subscription.removeAllListeners()
    subscription.on('error', () => undefined)
    if (!this.over && this.client.getSubscription(subscription.channel) === subscription) {
      this.client.removeSubscription(subscription)
    }
  }

  private died(): void {
    if (this.over) return
    this.close()
    this.onLost(0, false)
  }
}
