import { liveQuery } from 'dexie'
import { shallowReactive, shallowRef } from 'vue'
import type { DeviceStore, Pending } from '../db'
import { newId } from '../outbox'
import { Trouble, asTrouble } from '../trouble'
import { localId, localIds, withMedia, type Parcel, type UploadRow } from './model'

/** Brings the bytes to the server; answers the id of the medium. Throws Trouble; `signal` ends it. */
export type Carry = (row: UploadRow, blob: Blob, told: Told, signal: AbortSignal) => Promise<string>

export interface Told {
  /** The server has given it an address: it can be gone on with from there. */
  begun: (url: string) => void
  moved: (bytes: number) => void
}

export interface UploadsOptions {
  store: DeviceStore
  carry: Carry
  /** Tells the server that nothing more comes of this. Best effort. */
  drop?: (row: UploadRow) => Promise<void>
  person: () => string
  app: string
  /** One of the commands that wait for an upload cannot be sent. */
  refuse: (commandId: string, trouble: Trouble) => Promise<void>
  /** What was held up may go. */
  go: () => void
  random?: () => number
  wait?: (ms: number) => Promise<void>
  locks?: LockManager | null
}

interface Running {
  stop: AbortController
  ended: Promise<void>
}

const AT_ONCE = 3
const FIRST_MS = 500
const LONGEST_MS = 20_000
const ANEW = 2
const LOOSE_MS = 3_600_000
const ELSEWHERE_MS = 4_000
/** The server has lost it, or never had it: from the beginning. */
const LOST = new Set(['media.unknown', 'media.expired', 'media.lost', 'http.404', 'http.410'])
/** Two writers met; the offset is asked for again. */
const CONTESTED = new Set([409, 423, 460])

/**
 * Uploads on their way: bytes are kept on the device until the message they belong to is answered, carried a few at
 * a time, gone on with after a reload or a restart of the server.
 */
export class Uploads {
  readonly rows = shallowRef<ReadonlyMap<string, UploadRow>>(new Map())
  /** Bytes carried, by upload. */
  readonly carried = shallowReactive(new Map<string, number>())
  /** Addresses of bytes on this device, by upload and by medium: one's own picture is there at once. */
  readonly previews = shallowReactive(new Map<string, string>())
  /** What is not kept any more, for the moment until the message itself is here. */
  private readonly past = shallowReactive(new Map<string, UploadRow>())
  private readonly running = new Map<string, Running>()
  private readonly elsewhere = new Set<string>()
  private nudges: (() => void)[] = []
  private subscription: { unsubscribe(): void } | null = null
  private stopped = true
  private tidying: Promise<void> = Promise.resolve()

  constructor(private readonly options: UploadsOptions) {}

  start(): void {
    this.stopped = false
    const { store, person } = this.options
    this.subscription ??= liveQuery(async () => {
      const rows = await store.uploads.where({ person: person() }).toArray()
      const pending = await store.pending.filter((row) => row.person === person()).toArray()
      return { rows, pending }
    }).subscribe({
      next: ({ rows, pending }) => {
        this.rows.value = new Map(rows.map((row) => [row.id, row]))
        this.tidying = this.tidying.then(() => this.tidy(rows, pending)).catch(() => undefined)
      },
      error: () => undefined,
    })
  }

  stop(): void {
    this.stopped = true
    this.subscription?.unsubscribe()
    this.subscription = null
    for (const { stop } of this.running.values()) stop.abort()
    this.kick()
  }

  /** Keeps the bytes and begins to carry them. Answers the id that a command may speak of. */
  async add(order: string, parcel: Parcel): Promise<string> {
    const { blob } = parcel
    const row: UploadRow = {
      id: localId(newId()),
      person: this.options.person(),
      order,
      purpose: parcel.purpose,
      name: parcel.name.slice(0, 200),
      type: blob.type,
      size: blob.size,
      facts: { ...parcel.facts },
      created_at: Date.now(),
      state: 'waiting',
      claimed: false,
      url: '',
      media: '',
      anew: 0,
      sentence: '',
      code: '',
    }
    const { store } = this.options
    this.show(row.id, blob)
    try {
      await store.transaction('rw', [store.uploads, store.blobs], async () => {
        await store.blobs.add({ id: row.id, blob })
        await store.uploads.add(row)
      })
    } catch (error) {
      if ((error as Error).name === 'QuotaExceededError') throw new Trouble('device.full', '', 507)
      const bytes = await blob.arrayBuffer()
      await store.transaction('rw', [store.uploads, store.blobs], async () => {
        await store.blobs.put({ id: row.id, blob: bytes })
        await store.uploads.put(row)
      })
    }
    this.rows.value = new Map(this.rows.value).set(row.id, row)
    return row.id
  }

  /** A command speaks of these now: they live as long as it does. */
  async claim(ids: string[]): Promise<void> {
    if (ids.length > 0) await this.options.store.uploads.where('id').anyOf(ids).modify({ claimed: true })
  }

  /** Somebody thought better of it before sending. */
  async remove(id: string): Promise<void> {
    const row = await this.options.store.uploads.get(id)
    if (row) await this.end(row)
  }

  /** Whether a command has to wait for what it speaks of. */
  async held(row: Pending): Promise<boolean> {
    const ids = localIds(row.fields)
    if (ids.length === 0) return false
    const found = await this.options.store.uploads.where('id').anyOf(ids).toArray()
    // What is not kept any more will not come: the server says so.
    return found.some((one) => one.state !== 'done')
  }

  /** The command with the ids the server knows. */
  async resolved(row: Pending): Promise<Pending> {
    const ids = localIds(row.fields)
    if (ids.length === 0) return row
    const found = await this.options.store.uploads.where('id').anyOf(ids).toArray()
    const known = new Map(found.map((one) => [one.id, one.media]))
    if (ids.some((id) => !known.get(id))) throw new Trouble('device.lost', '', 422)
    return { ...row, fields: withMedia(row.fields, (id) => known.get(id) ?? id) }
  }

  /** The server says it has no such media: true when they are carried once more. */
  async again(row: Pending, trouble: Trouble): Promise<boolean> {
    const ids = localIds(row.fields)
    if (ids.length === 0 || !LOST.has(trouble.code)) return false
    const { store } = this.options
    const found = await store.uploads.where('id').anyOf(ids).toArray()
    if (found.length < ids.length || found.some((one) => one.anew >= ANEW)) return false
    await store.uploads
      .where('id')
      .anyOf(ids)
      .modify((one) => {
        Object.assign(one, { state: 'waiting', url: '', media: '', anew: one.anew + 1 })
      })
    return true
  }

  /** The line is up again, or somebody taps "again". */
  kick(): void {
    for (const nudge of this.nudges.splice(0)) nudge()
    this.elsewhere.clear()
  }

  row(id: string): UploadRow | null {
    return this.rows.value.get(id) ?? this.past.get(id) ?? null
  }

  /** 0…1 of all these together; 1 when nothing is left to carry. */
  progress(ids: string[]): number {
    let size = 0
    let there = 0
    for (const id of ids) {
      const row = this.rows.value.get(id)
      if (!row) continue
      size += row.size
      there += row.state === 'done' ? row.size : Math.min(row.size, this.carried.get(id) ?? 0)
    }
    return size > 0 ? there / size : 1
  }

  /** The address of bytes on this device, made when first asked for. */
  async preview(id: string): Promise<string> {
    const known = this.previews.get(id)
    if (known) return known
    const kept = await this.options.store.blobs.get(id)
    const row = this.rows.value.get(id) ?? (await this.options.store.uploads.get(id))
    if (!kept || !row) return ''
    return this.previews.get(id) ?? this.show(id, asBlob(kept.blob, row.type))
  }

  private show(id: string, blob: Blob): string {
    const url = URL.createObjectURL(blob)
    this.previews.set(id, url)
    return url
  }

  /** Begins what may begin, ends what nobody waits for. */
  private async tidy(rows: UploadRow[], pending: Pending[]): Promise<void> {
    if (this.stopped) return
    const wanted = new Map<string, Pending>()
    for (const row of pending) for (const id of localIds(row.fields)) wanted.set(id, row)
    for (const row of rows) {
      const command = wanted.get(row.id)
      const forgotten = row.claimed || row.created_at < Date.now() - LOOSE_MS
      if (!command && forgotten) await this.end(row)
      else if (command && !row.claimed) await this.claim([row.id])
      else if (command?.state === 'waiting' && row.state === 'failed') await this.retry(row.id, command.command_id)
    }
    const left = rows.filter((row) => row.state === 'waiting').sort((a, b) => a.created_at - b.created_at)
    for (const row of left) if (wanted.has(row.id) || !row.claimed) this.begin(row.id)
  }

  /** "Again" was tapped, and that is still so: what was seen may be older than the newest refusal. */
  private async retry(id: string, commandId: string): Promise<void> {
    const { store } = this.options
    await store.transaction('rw', [store.uploads, store.pending], async () => {
      const command = await store.pending.where({ command_id: commandId }).first()
      const row = await store.uploads.get(id)
      if (command?.state !== 'waiting' || row?.state !== 'failed') return
      await store.uploads.update(id, { state: 'waiting', sentence: '', code: '' })
    })
  }

  private begin(id: string): void {
    if (this.stopped || this.running.size >= AT_ONCE || this.running.has(id) || this.elsewhere.has(id)) return
    const stop = new AbortController()
    const ended = this.locked(id, () => this.carry(id, stop.signal))
      .catch(() => undefined)
      .finally(() => {
        this.running.delete(id)
        if (!this.stopped) this.next()
      })
    this.running.set(id, { stop, ended })
  }

  private next(): void {
    const left = [...this.rows.value.values()].filter((row) => row.state === 'waiting')
    for (const row of left.sort((a, b) => a.created_at - b.created_at)) this.begin(row.id)
  }

  /** Until it is there, refused, or ended from outside. */
  private async carry(id: string, signal: AbortSignal): Promise<void> {
    const { store } = this.options
    for (let tries = 0; !signal.aborted; tries += 1) {
      const row = await store.uploads.get(id)
      const kept = await store.blobs.get(id)
      if (!row || row.state !== 'waiting') return
      if (!kept) return this.fail(row, new Trouble('device.lost', '', 410))
      const before = this.carried.get(id) ?? 0
      try {
        const told: Told = {
          begun: (url) => void store.uploads.update(id, { url }),
          moved: (bytes) => this.carried.set(id, bytes),
        }
        const media = await this.options.carry(row, asBlob(kept.blob, row.type), told, signal)
        await this.arrived(id, media)
        return
      } catch (error) {
        if (signal.aborted) return
        const trouble = asTrouble(error)
        if (row.url && LOST.has(trouble.code)) {
          await store.uploads.update(id, { url: '' })
          this.carried.set(id, 0)
        } else if (!trouble.passing && !trouble.unauthorized && !CONTESTED.has(trouble.status)) {
          return this.fail(row, trouble)
        }
        // What moved was not in vain: the next try comes soon.
        if ((this.carried.get(id) ?? 0) > before) tries = 0
        await this.pause(tries, signal)
      }
    }
  }

  private async arrived(id: string, media: string): Promise<void> {
    const shown = this.previews.get(id)
    if (shown) this.previews.set(media, shown)
    await this.options.store.uploads.update(id, { state: 'done', media })
    this.options.go()
  }

  private async fail(row: UploadRow, trouble: Trouble): Promise<void> {
    const { store } = this.options
    const { sentence, code } = trouble
    // The commands first: one that waits for a refused upload means "again".
    const commands = await store.pending.filter((one) => localIds(one.fields).includes(row.id)).toArray()
    for (const one of commands) await this.options.refuse(one.command_id, trouble)
    await store.uploads.update(row.id, { state: 'failed', sentence, code, url: '' })
  }

  /** Forgets an upload; the address of its bytes stays while the page lives, its message may show it. */
  private async end(row: UploadRow): Promise<void> {
    const { store } = this.options
    const running = this.running.get(row.id)
    running?.stop.abort()
    if (row.state === 'done') this.past.set(row.id, row)
    await store.transaction('rw', [store.uploads, store.blobs], async () => {
      await store.uploads.delete(row.id)
      await store.blobs.delete(row.id)
    })
    this.carried.delete(row.id)
    await running?.ended
    if (row.state !== 'done' && row.url) await this.options.drop?.(row).catch(() => undefined)
  }

  private async pause(tries: number, signal: AbortSignal): Promise<void> {
    const random = this.options.random ?? Math.random
    const ceiling = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(tries, 8))
    const nudged = new Promise<void>((resolve) => {
      this.nudges.push(resolve)
      signal.addEventListener('abort', () => resolve(), { once: true })
    })
    await Promise.race([(this.options.wait ?? sleep)(ceiling / 2 + (random() * ceiling) / 2), nudged])
  }

  /** One tab carries an upload; the others look again after a while. */
  private async locked(id: string, work: () => Promise<void>): Promise<void> {
    const locks = this.options.locks === undefined ? globalThis.navigator?.locks : this.options.locks
    if (!locks) return work()
    await locks.request(`huaxin.${this.options.app}.${id}`, { ifAvailable: true }, async (lock) => {
      if (lock) return work()
      this.elsewhere.add(id)
      setTimeout(() => {
        this.elsewhere.delete(id)
        if (!this.stopped) this.next()
      }, ELSEWHERE_MS)
    })
  }
}

const asBlob = (kept: Blob | ArrayBuffer, type: string): Blob =>
  kept instanceof ArrayBuffer ? new Blob([kept], { type }) : kept

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
