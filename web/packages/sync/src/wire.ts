import { shallowRef } from 'vue'
import { Endpoints } from './endpoints'
import { Follow, type ChannelHandlers } from './follow'
import { Line, type Call } from './line'
import type { Session } from './session'
import { asTrouble } from './trouble'
import type { Cursor } from './types.gen'
import { jittered, roundOf, sameWay, waysOf, type Way } from './ways'

export type { ChannelHandlers } from './follow'
export type LineWord = 'connected' | 'connecting' | 'offline'

export interface LineState {
  word: LineWord
  /** Device ms at which it became so. */
  since: number
  /** How we are connected; null when we are not. */
  way: Way | null
}

type Library = typeof import('centrifuge')

/** Unanswered for this long, "connecting" is honestly called "offline". */
const GIVE_UP_MS = 12_000
const FIRST_PAUSE_MS = 300
const LONGEST_PAUSE_MS = 8_000
const UNWANTED_MS = 6_000
const SHUT_DOWN = 3001
/** How long a slower way is kept before WebSocket is tried again; doubled each time. */
const BETTER_AFTER_MS = 15_000
const BETTER_LONGEST_MS = 300_000
/** Without network nothing is tried, but a device may be wrong about that. */
const DISTRUST_MS = 15_000

/** The one live connection of this tab, by whatever way stands: see ways.ts. */
export class Wire {
  readonly state = shallowRef<LineState>({ word: 'offline', since: Date.now(), way: null })
  private line: Line | null = null
  private last: Way | null = null
  private wanted = false
  private running = false
  private tries = 0
  private given = ''
  private library: Promise<Library> | null = null
  private nudge: () => void = () => undefined
  private giveUp: ReturnType<typeof setTimeout> | undefined
  private better: ReturnType<typeof setTimeout> | undefined
  private betterTries = 0
  private readonly follows = new Set<Follow>()
  private readonly onUp = new Set<() => void>()

  constructor(
    private readonly session: Session,
    readonly endpoints: Endpoints = new Endpoints(),
  ) {
    globalThis.addEventListener?.('offline', () => this.say('offline'))
    globalThis.addEventListener?.('online', () => this.look())
    globalThis.document?.addEventListener('visibilitychange', () => {
      if (globalThis.document.visibilityState === 'visible') this.look()
    })
    networkOf()?.addEventListener?.('change', () => this.look())
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
    if (!this.session.signedIn.value) return
    this.wanted = true
    this.nudge()
    void this.run()
  }

  stop(): void {
    this.wanted = false
    clearTimeout(this.better)
    for (const follow of this.follows) follow.detach()
    this.line?.close()
    this.line = this.last = null
    this.given = ''
    this.nudge()
    this.say('offline')
  }

  rpc<T>(method: string, data: unknown): Promise<T> {
    return this.line ? this.line.rpc<T>(method, data) : Promise.reject(asTrouble('no line'))
  }

  /** In this order, without waiting for the answers in between. Rejections are Trouble. */
  rpcs<T>(calls: readonly Call[]): Promise<PromiseSettledResult<T>[]> {
    return this.line ? this.line.rpcs<T>(calls) : Promise.reject(asTrouble('no line'))
  }

  /** Follows a channel from a cursor on. Answers a function that stops it. */
  follow(channel: string, since: Cursor | null, handlers: ChannelHandlers, data?: unknown): () => void {
    // Whoever follows a channel anew has the newer snapshot; two subscriptions of one channel cannot be.
    for (const other of this.follows) if (other.channel === channel) this.unfollow(other)
    const follow = new Follow(channel, since, handlers, data)
    this.follows.add(follow)
    if (this.line) follow.attach(this.line)
    this.start()
    return () => this.unfollow(follow)
  }

  private unfollow(follow: Follow): void {
    if (this.follows.delete(follow)) follow.detach()
  }

  /** Something about the network changed, or somebody looks: is the line what it seems? */
  private look(): void {
    if (!this.wanted) return
    this.betterTries = 0
    if (this.line) {
      this.line.check()
      this.hope(1_000)
    }
    this.start()
  }

  /** Goes through the ways until one stands. */
  private async run(): Promise<void> {
    if (this.running) return
    this.running = true
    try {
      while (this.wanted && !this.line) {
        if (globalThis.navigator?.onLine === false) {
          await this.pause(DISTRUST_MS)
          // Once more even if it still says so.
        }
        const found = await this.round()
        if (found && this.wanted) this.adopt(found)
        else if (found) found.close()
        else if (this.wanted) await this.pause(jittered(this.tries++, FIRST_PAUSE_MS, LONGEST_PAUSE_MS))
      }
    } finally {
      this.running = false
    }
  }

  private async round(): Promise<Line | null> {
    this.connecting()
    for (const way of roundOf(this.endpoints.inTurn(), this.last)) {
      if (!this.wanted) return null
      const line = await this.attempt(way)
      if (line) return line
      if (globalThis.navigator?.onLine === false) return null
    }
    this.last = null
    return null
  }

  private async attempt(way: Way): Promise<Line | null> {
    try {
      const token = await this.session.access()
      this.given = token
      const library = await this.loaded()
      const line = new Line(way, { library, token, newToken: (make) => this.newToken(make) })
      line.onLost = (code, forGood) => this.lost(line, code, forGood)
      if (await line.open()) return line
      // A new token, or the end of the session: then the application asks who one is.
      if (line.refused) await this.session.access(token)
      if (way.transport !== 'websocket') this.endpoints.failed(way.base)
    } catch {
      // No token or no library without network: as if the way did not stand.
    }
    return null
  }

  private loaded(): Promise<Library> {
    // Fetched when somebody signs in: a visitor who only looks does not pay for it.
    this.library ??= import('centrifuge').catch((error: unknown) => {
      this.library = null
      throw error
    })
    return this.library
  }

  private adopt(line: Line): void {
    const old = this.line
    this.line = line
    this.last = line.way
    this.tries = 0
    this.endpoints.answered(line.way.base)
    for (const follow of this.follows) follow.attach(line)
    clearTimeout(this.giveUp)
    if (old) void retire(old)
    this.say('connected', line.way)
    if (!sameWay(line.way, this.best)) this.hope()
    for (const listener of [...this.onUp]) listener()
  }

  private get best(): Way {
    return { transport: 'websocket', base: this.endpoints.own }
  }

  /** By and by tries for something better than what stands, and moves over when it stands too. */
  private hope(after = jittered(this.betterTries, BETTER_AFTER_MS, BETTER_LONGEST_MS)): void {
    clearTimeout(this.better)
    this.better = setTimeout(() => void this.improve(), after)
  }

  private async improve(): Promise<void> {
    const old = this.line
    if (!old || sameWay(old.way, this.best)) return
    this.betterTries += 1
    const ways = waysOf(this.endpoints.all)
    for (const way of ways.slice(0, ways.findIndex((one) => sameWay(one, old.way)))) {
      const found = await this.attempt(way)
      if (!found) continue
      if (this.wanted && this.line === old) {
        this.betterTries = 0
        return this.adopt(found)
      }
      return found.close()
    }
    if (this.line === old) this.hope()
  }

  private lost(line: Line, code: number, forGood: boolean): void {
    if (line !== this.line) return
    for (const follow of this.follows) follow.detach()
    this.line = null
    clearTimeout(this.better)
    this.connecting()
    void this.comeBack(code, forGood)
  }

  private async comeBack(code: number, forGood: boolean): Promise<void> {
    // While somebody is signed in there is no "for good", only "slowly"; and nobody storms a server that restarts.
    const ms = forGood ? UNWANTED_MS : code === SHUT_DOWN ? 1_200 : FIRST_PAUSE_MS
    await this.pause(jittered(0, ms, ms))
    if (this.wanted) await this.run()
  }

  private async newToken(unauthorized: (why: string) => Error): Promise<string> {
    try {
      // The library asks only when what it was given is no longer accepted.
      this.given = await this.session.access(this.given)
      return this.given
    } catch (error) {
      if (asTrouble(error).unauthorized) throw unauthorized('signed out')
      throw error
    }
  }

  private pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer)
        resolve()
      }
      const timer = setTimeout(done, ms)
      this.nudge = done
    })
  }

  private connecting(): void {
    if (this.state.value.word !== 'connected') return
    this.say('connecting')
    clearTimeout(this.giveUp)
    this.giveUp = setTimeout(() => {
      if (!this.line) this.say('offline')
    }, GIVE_UP_MS)
  }

  private say(word: LineWord, way: Way | null = null): void {
    const { word: before, way: by } = this.state.value
    if (before !== word || (way && by && !sameWay(way, by))) this.state.value = { word, since: Date.now(), way }
  }
}

/** The old line when another stands: what was asked on it may still be answered. */
async function retire(line: Line): Promise<void> {
  for (let n = 0; line.busy && n < 20; n += 1) await new Promise((resolve) => setTimeout(resolve, 250))
  line.close()
}

function networkOf(): EventTarget | undefined {
  return (globalThis.navigator as { connection?: EventTarget } | undefined)?.connection
}
