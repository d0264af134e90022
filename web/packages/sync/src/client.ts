import { shallowRef, watch, type App, type InjectionKey } from 'vue'
import { Api } from './api'
import { Calls } from './calls'
import { ServerClock } from './clock'
import { DeviceStore, type Pending } from './db'
import { Endpoints } from './endpoints'
import { Http } from './http'
import type { Parts } from './live'
import { BoardLive, RunLive } from './lists'
import { Outbox } from './outbox'
import type { CommandName, CommandResult, ServerInfo } from './queries'
import { fromSnapshot } from './reduce'
import { OrderRoom } from './room'
import { Saver } from './saver'
import { Session } from './session'
import type { CommandBodies } from './types.gen'
import { LinkBook } from './uploads/links'
import { localIds, type Parcel } from './uploads/model'
import { carryOverTus, dropOverTus } from './uploads/tus'
import { Uploads } from './uploads/uploads'
import { Trouble, asTrouble } from './trouble'
import { Wire } from './wire'

const DEMO_PACE_MS = 5_000
const INFO = 'huaxin.info'

export interface HuaxinOptions {
  /** guest: the buyer's screen opened by a guest link, beside whoever is signed in on this device. */
  app: 'buyer' | 'guest' | 'courier' | 'shop'
  /** Language of the screen now, for the server's sentences. */
  language: () => string
}

/** One application's connection to one server. Install with `vueApp.use(huaxin)`. */
export class Huaxin implements Parts {
  readonly clock = new ServerClock()
  readonly info = shallowRef<ServerInfo | null>(null)
  /** Whether data is saved on this device: small pictures, positions less often. */
  readonly saver = new Saver()
  readonly endpoints = new Endpoints()
  readonly app: HuaxinOptions['app']
  /** Of the screen, now. */
  readonly language: () => string
  readonly http: Http
  readonly session: Session
  readonly wire: Wire
  readonly api: Api
  readonly store: DeviceStore
  readonly outbox: Outbox
  readonly uploads: Uploads
  readonly links: LinkBook
  readonly calls: Calls
  private readonly rooms = new Map<string, OrderRoom>()
  private readonly boards = new Map<string, BoardLive>()
  private readonly runs = new Map<string, RunLive>()

  constructor(options: HuaxinOptions) {
    this.app = options.app
    this.language = options.language
    this.http = new Http(options.language, undefined, this.endpoints)
    this.session = new Session({
      app: options.app,
      http: this.http,
      now: this.clock.now,
      language: options.language,
    })
    this.wire = new Wire(this.session, this.endpoints)
    this.api = new Api(this.http, this.session, this.wire, this.clock)
    this.store = new DeviceStore(options.app)
    this.outbox = new Outbox({
      store: this.store,
      send: (row) => this.sendRow(row),
      sendLine: (rows) => this.api.sendLine(rows),
      lineIsUp: () => this.wire.connected,
      alone: (row) => localIds(row.fields).length > 0,
      held: (row) => this.uploads.held(row),
      person: () => this.session.person,
      app: options.app,
    })
    const tus = { session: this.session, language: options.language, endpoints: this.endpoints }
    this.uploads = new Uploads({
      store: this.store,
      carry: carryOverTus(tus),
      drop: dropOverTus(tus),
      person: () => this.session.person,
      app: options.app,
      refuse: (id, trouble) => this.outbox.refuse(id, trouble),
      go: () => this.outbox.kick(),
    })
    this.calls = new Calls(() => this.session.person, this.clock.now)
    this.links = new LinkBook({ ask: (order, media) => this.api.query('get_media_links', { order, media }) })
  }

  /** What was known last, for a start without network. */
  private recallInfo(): void {
    try {
      const kept = globalThis.localStorage?.getItem(INFO)
      if (kept) this.info.value = JSON.parse(kept) as ServerInfo
      this.endpoints.learn(this.info.value?.endpoints)
    } catch {
      globalThis.localStorage?.removeItem(INFO)
    }
  }

  /** Begins: asks who serves here, opens the line and sends what was left, if somebody is signed in. */
  async start(): Promise<void> {
    this.wire.whenUp(() => {
      this.outbox.kick()
      this.uploads.kick()
      void this.loadInfo()
    })
    globalThis.addEventListener?.('online', () => {
      this.outbox.kick()
      this.uploads.kick()
    })
    void this.store.tidy(Date.now()).catch(() => undefined)
    this.recallInfo()
    void this.loadInfo()
    // A simulated day may be paused or hurried by somebody at any moment.
    setInterval(() => {
      if (this.info.value?.demo && globalThis.document?.visibilityState !== 'hidden') void this.loadInfo()
    }, DEMO_PACE_MS)
    if (this.session.signedIn.value) this.enter()
    // Another tab signed in or out, or the session was ended: this tab follows.
    watch(this.session.signedIn, (signedIn) => {
      if (signedIn) return this.enter()
      this.outbox.stop()
      this.uploads.stop()
      this.wire.stop()
    })
  }

  async loadInfo(): Promise<ServerInfo | null> {
    const sent = Date.now()
    const info = await this.api.info().catch(() => null)
    if (!info) return this.info.value
    this.clock.told(info.now, info.speed, sent, Date.now())
    this.info.value = info
    this.endpoints.learn(info.endpoints)
    globalThis.localStorage?.setItem(INFO, JSON.stringify(info))
    return info
  }

  /** After signing in (or at a start as somebody signed in). */
  enter(): void {
    this.outbox.start()
    this.uploads.start()
    this.wire.start()
    void this.session.loadMe().catch(() => undefined)
  }

  /** Signs out and forgets what this device kept for the person. */
  async leave(): Promise<void> {
    const person = this.session.person
    this.outbox.stop()
    this.uploads.stop()
    this.wire.stop()
    await this.session.logout()
    this.links.clear()
    this.outbox.pending.value = []
    this.outbox.answered.clear()
    await this.store.forget(person).catch(() => undefined)
    this.rooms.clear()
    this.boards.clear()
    this.runs.clear()
  }

  /** Commands go out through here: written down, shown at once, sent until answered. */
  send<N extends CommandName>(
    name: N,
    order: string,
    fields: Omit<CommandBodies[N], 'order'>,
  ): Promise<string> {
    return this.sendWithMedia(name, order, fields)
  }

  /** Voice, pictures, clips or files as one message: shown at once, kept on the device until they are there. */
  async sendMedia(
    order: string,
    parcels: Parcel[],
    fields: Omit<CommandBodies['send_media'], 'order' | 'media'> = {},
  ): Promise<string> {
    const media: string[] = []
    for (const parcel of parcels) media.push(await this.uploads.add(order, parcel))
    return this.send('send_media', order, { ...fields, media })
  }

  private async sendWithMedia(name: CommandName, order: string, fields: object): Promise<string> {
    const id = await this.outbox.add(name, order, fields)
    await this.uploads.claim(localIds(fields as Record<string, unknown>))
    return id
  }

  private async sendRow(row: Pending): Promise<CommandResult> {
    try {
      return await this.api.send(await this.uploads.resolved(row))
    } catch (error) {
      const trouble = asTrouble(error)
      // It has to be carried once more; the command waits for that.
      if (await this.uploads.again(row, trouble)) throw new Trouble(trouble.code, '', 503)
      throw trouble
    }
  }

  /** Fetches conversations that were never opened here, so that they can be read without network later. */
  async prefetch(orders: string[]): Promise<void> {
    for (const order of orders) {
      if (await this.store.recall(`order:${order}`, this.session.person).catch(() => null)) continue
      const snapshot = await this.api.query('get_order', { order }).catch(() => null)
      if (snapshot) {
        const state = fromSnapshot(snapshot)
        await this.store.keep(`order:${order}`, this.session.person, state, this.clock.now()).catch(() => undefined)
      }
    }
  }

  room(id: string): OrderRoom {
    return kept(this.rooms, id, () => new OrderRoom(this, id))
  }

  board(shop: string): BoardLive {
    return kept(this.boards, shop, () => new BoardLive(this, shop))
  }

  run(shop: string): RunLive {
    return kept(this.runs, shop, () => new RunLive(this, shop))
  }

  install(app: App): void {
    app.provide(HUAXIN, this)
  }
}

export const HUAXIN: InjectionKey<Huaxin> = Symbol('huaxin')

function kept<V>(all: Map<string, V>, key: string, make: () => V): V {
  const found = all.get(key)
  if (found) return found
  const made = make()
  all.set(key, made)
  return made
}
