import { liveQuery } from 'dexie'
import { computed, shallowReactive, shallowRef } from 'vue'
import type { DeviceStore, Pending } from './db'
import type { CommandName, CommandResult } from './queries'
import { Trouble, asTrouble } from './trouble'
import { jittered } from './ways'

export type Send = (pending: Pending) => Promise<CommandResult>
/** An answer or a Trouble for each; none overtakes another of its conversation. Rejects without a line. */
export type SendLine = (rows: readonly Pending[]) => Promise<(CommandResult | Trouble)[]>

export interface OutboxOptions {
  store: DeviceStore
  send: Send
  /** Where a line stands that carries many at once, in order. */
  sendLine?: SendLine
  /** Whether it stands now. */
  lineIsUp?: () => boolean
  /** Those that need more than being sent go by themselves. */
  alone?: (pending: Pending) => boolean
  person: () => string
  app: string
  /** What must come first (an upload) is not there yet: this command waits, and those behind it. */
  held?: (pending: Pending) => Promise<boolean>
  /** 0…1; for the jitter of the back-off and for tests. */
  random?: () => number
  wait?: (ms: number) => Promise<void>
  locks?: LockManager | null
}

/** Answered but not yet seen as an event: shown as done until the event takes its place. */
export interface Answered {
  pending: Pending
  result: CommandResult
}

type Waiter = { done: (result: CommandResult) => void; refused: (trouble: Trouble) => void }

const OUT_OF_LINE = 'command.out_of_line'
const FIRST_MS = 400
const LONGEST_MS = 15_000
const AT_ONCE = 4
/** Of one message over the line (rule NW-5): below what the gateway takes, and a second on a slow network. */
const LINE_ROWS = 50
const LINE_BYTES = 40_000
/** Events that confirm what was sent come in bursts. */
const CONFIRM_MS = 30
/** A server that answers 500 this often to the same command will not change its mind: a person decides. */
const BROKEN_AFTER = 8
/** Longer than this nobody waits to see what they tapped. */
const LEAVE_MS = 40
const ANSWERED_KEPT_MS = 120_000
/** So many answers are kept for those who ask late what became of a command. */
const SETTLED_KEPT = 200
/** A tab that the system froze may hold the lock; nobody waits longer for it. Repeats are harmless: same id. */
const STEAL_MS = 15_000

/**
 * Commands on their way. Written down before they are sent, sent in order within an order's conversation,
 * repeated with the same id until somebody answers, kept with the server's sentence when refused.
 */
export class Outbox {
  /** Of the signed-in person, oldest first, all tabs. */
  readonly pending = shallowRef<Pending[]>([])
  readonly answered = shallowReactive(new Map<string, Answered>())
  readonly waiting = computed(() => this.pending.value.filter((row) => row.state === 'waiting').length)
  private readonly waiters = new Map<string, Waiter[]>()
  /** A near server answers before whoever added the command asks for its answer. */
  private readonly settled = new Map<string, (waiter: Waiter) => void>()
  private readonly leavers = new Map<string, () => void>()
  /** The newest one on its way into the database. */
  private adding: Promise<unknown> = Promise.resolve()
  private draining = false
  private again = false
  private kicked = false
  private waitMs = 0
  private readonly heardOf = new Set<string>()
  private stopped = false
  private nudge: (() => void) | null = null
  private subscription: { unsubscribe(): void } | null = null

  constructor(private readonly options: OutboxOptions) {}

  /** Watches the store (this and other tabs) and sends what is left from last time. */
  start(): void {
    this.stopped = false
    this.subscription ??= liveQuery(() => this.mine()).subscribe({
      next: (rows) => {
        this.pending.value = rows
        if (rows.some((row) => row.state === 'waiting')) void this.drain()
      },
      error: () => undefined,
    })
  }

  stop(): void {
    this.stopped = true
    this.subscription?.unsubscribe()
    this.subscription = null
    this.nudge?.()
  }

  /** Writes a command down and sends it. The promise is of the id; `result(id)` tells of the answer. */
  async add(name: CommandName, order: string, fields: object, commandId = newId()): Promise<string> {
    const row: Pending = {
      command_id: commandId,
      person: this.options.person(),
      order,
      name,
      // Forms hand over reactive objects, which IndexedDB does not take.
      fields: JSON.parse(JSON.stringify(fields)) as Record<string, unknown>,
      device_at: Date.now(),
      state: 'waiting',
      tries: 0,
      sentence: '',
      code: '',
    }
    for (const [id, { pending }] of this.answered) {
      if (pending.device_at < row.device_at - ANSWERED_KEPT_MS) this.answered.delete(id)
    }
    const adding = this.options.store.pending.add(row)
    this.adding = adding.catch(() => undefined)
    // The lock is asked for while the database writes.
    this.kick()
    const n = await adding
    await this.leaving(commandId)
    const shown = this.pending.value.some((one) => one.command_id === commandId)
    if (!shown && !this.settled.has(commandId)) this.pending.value = [...this.pending.value, { ...row, n }]
    return commandId
  }

  /** Drawing a page takes a slow phone longer than a command its way to the server: so it leaves first and is
   * drawn then, or drawn as what waits when it cannot leave at once. */
  private async leaving(commandId: string): Promise<void> {
    if (this.options.lineIsUp?.() === false) return
    const left = new Promise<void>((done) => this.leavers.set(commandId, done))
    await Promise.race([left, sleep(LEAVE_MS)])
    this.leavers.delete(commandId)
  }

  private leave(rows: readonly Pending[]): void {
    // Behind the few promises that lead to the socket.
    if (this.leavers.size > 0) setTimeout(() => rows.forEach((row) => this.leavers.get(row.command_id)?.()), 0)
  }

  /** The server's answer to a command added in this tab. Rejects with the refusal. */
  result(commandId: string): Promise<CommandResult> {
    return new Promise((done, refused) => {
      const tell = this.settled.get(commandId)
      if (tell) return tell({ done, refused })
      this.waiters.set(commandId, [...(this.waiters.get(commandId) ?? []), { done, refused }])
    })
  }

  /** Send a refused one again (as a new try of the same command). */
  async retry(commandId: string): Promise<void> {
    this.settled.delete(commandId)
    await this.options.store.pending
      .where({ command_id: commandId })
      .modify({ state: 'waiting', tries: 0, sentence: '', code: '' })
    this.kick()
  }

  async discard(commandId: string): Promise<void> {
    await this.options.store.pending.where({ command_id: commandId }).delete()
  }

  /** Its event has arrived: nothing more to show for it, even if the answer got lost. */
  confirmed(commandId: string): void {
    const isWaiting = this.pending.value.some((row) => row.command_id === commandId)
    if (!isWaiting && !this.answered.has(commandId)) return
    if (this.heardOf.size === 0) setTimeout(() => void this.forgetHeard(), CONFIRM_MS)
    this.heardOf.add(commandId)
  }

  private async forgetHeard(): Promise<void> {
    const heard = new Set(this.heardOf)
    this.heardOf.clear()
    for (const id of heard) this.answered.delete(id)
    // Most were answered meanwhile and are gone: the database is not troubled for them.
    const left = this.pending.value.map((row) => row.command_id).filter((id) => heard.has(id))
    if (left.length > 0) await this.options.store.pending.where('command_id').anyOf(left).delete()
  }

  /** The line is up again, or the person taps "try now". */
  kick(): void {
    this.kicked = true
    this.nudge?.()
    void this.drain()
  }

  async drain(): Promise<void> {
    if (this.draining) {
      this.again = true
      return
    }
    this.draining = true
    try {
      do {
        this.again = this.kicked = false
        const tries = await this.locked(() => this.sendAll())
        if (tries !== null && !this.stopped && !this.kicked) {
          // Not under the lock: another tab may have a better line.
          await this.pause(tries)
        }
        if (tries !== null) this.again = true
      } while (this.again && !this.stopped)
    } finally {
      this.draining = false
    }
  }

  /** Null: nothing is left. A number: nobody answers, after so many tries. */
  private async sendAll(): Promise<number | null> {
    this.waitMs = 0
    for (;;) {
      await this.adding
      const rows = await this.mine()
      const heads = await this.free(headsOf(rows))
      if (heads.length === 0 || this.stopped) return null
      const line = this.lineOf(rows, heads)
      const singly = heads.filter((row) => !line.includes(row)).slice(0, AT_ONCE)
      const outcomes = await Promise.all([...singly.map((row) => this.sendOne(row)), this.sendMany(line)])
      if (!outcomes.some(Boolean)) return Math.min(...heads.map((row) => row.tries))
    }
  }

  /** What goes over the line together: of each conversation from its head on, in the order of tapping. */
  private lineOf(rows: Pending[], heads: Pending[]): Pending[] {
    const { sendLine, lineIsUp, alone } = this.options
    if (!sendLine || !lineIsUp?.()) return []
    const open = new Set(heads.map((row) => row.order))
    const line: Pending[] = []
    let bytes = 0
    for (const row of rows) {
      if (row.state !== 'waiting' || !open.has(row.order)) continue
      bytes += 200 + 3 * JSON.stringify(row.fields).length
      if (line.length >= LINE_ROWS || (bytes > LINE_BYTES && line.length > 0)) break
      if (alone?.(row)) open.delete(row.order)
      else line.push(row)
    }
    // One alone has two ways: over the line, and over HTTP when that fails.
    return line.length > 1 ? line : []
  }

  /** True: at least one was answered. */
  private async sendMany(rows: Pending[]): Promise<boolean> {
    const { sendLine, store } = this.options
    if (rows.length === 0 || !sendLine) return false
    const sent = sendLine(rows)
    this.leave(rows)
    const answers = await sent.catch((error: unknown) => rows.map(() => asTrouble(error)))
    const done = rows.flatMap((row, at) => {
      const answer = answers[at]
      return answer && !(answer instanceof Trouble) ? [{ row, answer }] : []
    })
    for (const { row, answer } of done) this.answered.set(row.command_id, { pending: row, result: answer })
    // By their places: a search by id would go through a cursor, row by row.
    await store.pending.bulkDelete(done.flatMap(({ row }) => row.n ?? []))
    for (const { row, answer } of done) this.settle(row.command_id, (waiter) => waiter.done(answer))
    let refused = 0
    for (const [at, row] of rows.entries()) {
      const trouble = answers[at]
      if (trouble instanceof Trouble && (await this.turnedAway(row, trouble))) refused += 1
    }
    return done.length + refused > 0
  }

  private async free(heads: Pending[]): Promise<Pending[]> {
    const { held } = this.options
    if (!held) return heads
    const waits = await Promise.all(heads.map((row) => held(row)))
    return heads.filter((_, at) => !waits[at])
  }

  /** It cannot be sent, whatever the network does: as if the server had refused it. */
  async refuse(commandId: string, trouble: Trouble): Promise<void> {
    await this.options.store.pending
      .where({ command_id: commandId })
      .modify({ state: 'failed', sentence: trouble.sentence, code: trouble.code })
    this.settle(commandId, (waiter) => waiter.refused(trouble))
  }

  /** True: answered, one way or the other. */
  private async sendOne(row: Pending): Promise<boolean> {
    const store = this.options.store.pending
    try {
      const sent = this.options.send(row)
      this.leave([row])
      const result = await sent
      this.answered.set(row.command_id, { pending: row, result })
      await (row.n === undefined ? store.where({ command_id: row.command_id }).delete() : store.delete(row.n))
      this.settle(row.command_id, (waiter) => waiter.done(result))
      return true
    } catch (error) {
      return this.turnedAway(row, asTrouble(error))
    }
  }

  /** True: refused for good, which is an answer too. */
  private async turnedAway(row: Pending, trouble: Trouble): Promise<boolean> {
    const hopeless = trouble.status === 500 && row.tries >= BROKEN_AFTER
    if ((trouble.passing && !hopeless) || trouble.unauthorized) {
      this.waitMs = Math.max(this.waitMs, trouble.waitSeconds * 1000)
      // Who stood behind another has not had a try of its own.
      if (trouble.code === OUT_OF_LINE) return false
      await this.options.store.pending.where({ command_id: row.command_id }).modify({ tries: row.tries + 1 })
      return false
    }
    await this.refuse(row.command_id, trouble)
    return true
  }

  private settle(commandId: string, tell: (waiter: Waiter) => void): void {
    for (const waiter of this.waiters.get(commandId) ?? []) tell(waiter)
    this.waiters.delete(commandId)
    this.settled.set(commandId, tell)
    const oldest = this.settled.size > SETTLED_KEPT ? this.settled.keys().next().value : undefined
    if (oldest !== undefined) this.settled.delete(oldest)
  }

  private async mine(): Promise<Pending[]> {
    const person = this.options.person()
    if (!person) return []
    // One range is one question to the database; a list of keys is a cursor, and a trip for each of its steps.
    const rows = await this.options.store.pending
      .where('[person+state]')
      .between([person, 'failed'], [person, 'waiting'], true, true)
      .toArray()
    return rows.sort((a, b) => (a.n ?? 0) - (b.n ?? 0))
  }

  /** Waits its turn (with jitter, so that a thousand phones do not come back at once) or until nudged. */
  private async pause(tries: number): Promise<void> {
    const ms = Math.max(this.waitMs, jittered(tries, FIRST_MS, LONGEST_MS, this.options.random))
    const nudged = new Promise<void>((resolve) => {
      this.nudge = resolve
    })
    await Promise.race([(this.options.wait ?? sleep)(ms), nudged])
    this.nudge = null
  }

  private async locked(work: () => Promise<number | null>): Promise<number | null> {
    const locks = this.options.locks === undefined ? globalThis.navigator?.locks : this.options.locks
    if (!locks) return work()
    const name = `huaxin.${this.options.app}.outbox`
    try {
      return (await locks.request(name, { signal: AbortSignal.timeout(STEAL_MS) }, work)) as number | null
    } catch (error) {
      const why = (error as Error | null)?.name
      if (why !== 'TimeoutError' && why !== 'AbortError') throw error
      const visible = globalThis.document?.visibilityState !== 'hidden'
      if (why !== 'TimeoutError' || !visible) return 0
      return (await locks.request(name, { steal: true }, work).catch(() => 0)) as number | null
    }
  }
}

/** The oldest unanswered command of every conversation. A refused one does not hold up those behind it. */
export function headsOf(rows: Pending[]): Pending[] {
  const heads = new Map<string, Pending>()
  for (const row of rows) {
    if (row.state === 'waiting' && !heads.has(row.order)) heads.set(row.order, row)
  }
  return [...heads.values()]
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** A UUID; also where `crypto.randomUUID` is missing (plain http on a LAN). */
export function newId(): string {
  const c = globalThis.crypto
  if (typeof c.randomUUID === 'function') return c.randomUUID()
  const bytes = c.getRandomValues(new Uint8Array(16))
  bytes[6] = (bytes[6]! & 0x0f) | 0x40
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  const hex = [...bytes].map((b) => b.toString(16).padStart(2, '0')).join('')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}
