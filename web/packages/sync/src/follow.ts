import type { Subscription, SubscriptionOptions } from 'centrifuge'
import type { Line } from './line'
import type { Cursor } from './types.gen'

export interface ChannelHandlers {
  /** A fact (offset > 0) or a signal (offset 0). */
  onPublication: (data: unknown, offset: number) => void
  /** What was missed cannot be given: take a new snapshot. */
  onGap: () => void
  /** This channel is not (or no longer) ours. */
  onDenied?: () => void
}

const DENIED = new Set([103, 101])

/** One channel, followed over however many lines: it knows how far it has come, and takes nothing twice. */
export class Follow {
  private cursor: Cursor | null
  private line: Line | null = null
  private subscription: Subscription | null = null

  constructor(
    readonly channel: string,
    since: Cursor | null,
    private readonly handlers: ChannelHandlers,
    /** Sent with every subscribe. */
    private readonly data: unknown = undefined,
  ) {
    this.cursor = since && { ...since }
  }

  /** Goes on over this line from where it is. */
  attach(line: Line): void {
    this.detach()
    this.line = line
    const options: Partial<SubscriptionOptions> = { minResubscribeDelay: 100, maxResubscribeDelay: 5_000 }
    if (this.data !== undefined) options.data = this.data
    if (this.cursor) {
      options.since = { offset: this.cursor.seq, epoch: this.cursor.epoch }
      options.recoverable = true
    }
    this.subscription = line.subscribe(this.channel, options)
    this.listen(this.subscription)
    this.subscription.subscribe()
  }

  detach(): void {
    if (this.line && this.subscription) this.line.leave(this.subscription)
    this.line = this.subscription = null
  }

  private listen(subscription: Subscription): void {
    subscription.on('publication', ({ data, offset = 0 }) => {
      if (offset > 0 && this.cursor) {
        if (offset <= this.cursor.seq) return
        this.cursor.seq = offset
      }
      this.handlers.onPublication(data, offset)
    })
    subscription.on('subscribed', ({ wasRecovering, recovered, hasRecoveredPublications, streamPosition }) => {
      if (wasRecovering && !recovered) return this.handlers.onGap()
      if (!this.cursor || !streamPosition || hasRecoveredPublications) return
      // What lies between was not for us: further on there is less to look through.
      this.cursor.seq = Math.max(this.cursor.seq, streamPosition.offset)
    })
    subscription.on('subscribing', ({ code }) => {
      if (code >= 2500) this.handlers.onGap()
    })
    subscription.on('unsubscribed', ({ code }) => {
      if (code === 0) return
      if (DENIED.has(code)) this.handlers.onDenied?.()
      else this.handlers.onGap()
    })
    subscription.on('error', () => undefined)
  }
}
