import 'fake-indexeddb/auto'
import { Blob as NodeBlob } from 'node:buffer'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { DeviceStore, LinkBook, Outbox, Trouble, Uploads, localIds, type CommandResult, type Pending } from '../src'
import { withMedia } from '../src/uploads/model'
import type { Carry } from '../src/uploads/uploads'

let store: DeviceStore
let count = 0
const open: { stop(): void }[] = []

beforeEach(() => {
  store = new DeviceStore(`uploads-${(count += 1)}`)
  vi.stubGlobal('URL', Object.assign(URL, { createObjectURL: () => `blob:${Math.random()}` }))
})
afterEach(async () => {
  for (const one of open.splice(0)) one.stop()
  await new Promise((resolve) => setTimeout(resolve, 20))
  await store.delete()
})

const blob = (text: string): Blob => new NodeBlob([text], { type: 'image/jpeg' }) as unknown as Blob
const parcel = (text: string) => ({ blob: blob(text), name: `${text}.jpg`, purpose: 'picture' as const })

interface Made {
  outbox: Outbox
  uploads: Uploads
  sent: Pending[]
}

/** An outbox and its uploads, as the client puts them together. */
function make(carry: Carry, drop?: (id: string) => void): Made {
  const sent: Pending[] = []
  const made = {} as Made
  const uploads = new Uploads({
    store,
    carry,
    drop: async (row) => drop?.(row.id),
    person: () => 'p1',
    app: 'test',
    refuse: (id, trouble) => made.outbox.refuse(id, trouble),
    go: () => made.outbox.kick(),
    locks: null,
    wait: () => new Promise((resolve) => setTimeout(resolve, 1)),
  })
  const outbox = new Outbox({
    store,
    send: async (row): Promise<CommandResult> => {
      sent.push(await uploads.resolved(row))
      return { shop: 's', seq: sent.length, at: 1 }
    },
    held: (row) => uploads.held(row),
    person: () => 'p1',
    app: 'test',
    locks: null,
    wait: () => new Promise((resolve) => setTimeout(resolve, 1)),
  })
  open.push(uploads, outbox)
  Object.assign(made, { outbox, uploads, sent })
  outbox.start()
  uploads.start()
  return made
}

async function until(so: () => boolean | Promise<boolean>): Promise<void> {
  for (let i = 0; i < 600; i += 1) {
    if (await so()) return
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  throw new Error('it never became so')
}

const none = async (): Promise<boolean> =>
  (await store.pending.count()) + (await store.uploads.count()) + (await store.blobs.count()) === 0

describe('uploads', () => {
  it('a text written after a picture is sent after it, another conversation does not wait', async () => {
    let arrive: () => void = () => undefined
    const gate = new Promise<void>((resolve) => (arrive = resolve))
    const { outbox, uploads, sent } = make(async (row) => {
      await gate
      return `server-${row.name}`
    })
    const id = await uploads.add('o1', parcel('a'))
    await outbox.add('send_media', 'o1', { media: [id], text: '' })
    await outbox.add('say', 'o1', { text: 'after' })
    await outbox.add('say', 'o2', { text: 'elsewhere' })
    await until(() => sent.length === 1)
    expect(sent[0]?.order).toBe('o2')
    arrive()
    await until(() => sent.length === 3)
    expect(sent.slice(1).map((row) => row.name)).toEqual(['send_media', 'say'])
    expect(sent[1]?.fields['media']).toEqual(['server-a.jpg'])
    await until(none)
  })

  it('is gone on with where it was after the page was loaded anew', async () => {
    const first = make(async (_, __, told, signal) => {
      told.begun('/api/uploads/x1')
      told.moved(3)
      await new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('gone'))))
      return ''
    })
    const id = await first.uploads.add('o1', parcel('abcdef'))
    await first.outbox.add('send_media', 'o1', { media: [id] })
    await until(async () => (await store.uploads.get(id))?.url === '/api/uploads/x1')
    first.uploads.stop()
    first.outbox.stop()
    const urls: string[] = []
    const second = make(async (row, bytes) => {
      urls.push(row.url)
      expect(bytes.size).toBe(6)
      return 'x1'
    })
    await until(() => second.sent.length === 1)
    expect(urls).toEqual(['/api/uploads/x1'])
    expect(second.sent[0]?.fields['media']).toEqual(['x1'])
  })

  it('no more than three are carried at once', async () => {
    let [busy, most, carried] = [0, 0, 0]
    let open: () => void = () => undefined
    const gate = new Promise<void>((resolve) => (open = resolve))
    const { uploads, outbox } = make(async (row) => {
      busy += 1
      most = Math.max(most, busy)
      await gate
      busy -= 1
      carried += 1
      return `m-${row.id}`
    })
    const ids: string[] = []
    for (const name of 'abcdefg') ids.push(await uploads.add('o1', parcel(name)))
    await outbox.add('send_media', 'o1', { media: ids })
    await until(() => busy === 3)
    open()
    await until(none)
    expect([most, carried]).toEqual([3, 7])
  })

  it('a broken line is tried again, a lost upload begins anew, a refusal is said in the words of the server', async () => {
    const answers: (string | Trouble)[] = [
      new Trouble('net.offline', '', 0),
      new Trouble('http.404', '', 404),
      new Trouble('media.type', '这不是图片', 422),
    ]
    const urls: string[] = []
    const { uploads, outbox } = make(async (row, _, told) => {
      urls.push(row.url)
      told.begun('/api/uploads/y')
      await new Promise((resolve) => setTimeout(resolve, 5))
      const answer = answers.shift() ?? 'fine'
      if (answer instanceof Trouble) throw answer
      return answer
    })
    const id = await uploads.add('o1', parcel('a'))
    const command = await outbox.add('send_media', 'o1', { media: [id] })
    await until(async () => (await store.pending.where({ command_id: command }).first())?.state === 'failed')
    expect((await store.pending.where({ command_id: command }).first())?.sentence).toBe('这不是图片')
    expect(urls).toEqual(['', '/api/uploads/y', ''])
    await outbox.retry(command)
    await until(none)
  })

  it('a message thought better of ends its uploads here and at the server', async () => {
    const dropped: string[] = []
    const { uploads, outbox } = make(
      (_, __, told, signal) => {
        told.begun('/api/uploads/z')
        return new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('gone'))))
      },
      (id) => dropped.push(id),
    )
    const id = await uploads.add('o1', parcel('a'))
    const command = await outbox.add('send_media', 'o1', { media: [id] })
    await uploads.claim([id])
    await until(async () => (await store.uploads.get(id))?.url !== '')
    await outbox.discard(command)
    await until(none)
    await until(() => dropped.length === 1)
    expect(dropped).toEqual([id])
  })

  it('begins before its step is tapped, and the step does not wait when it is there already', async () => {
    const { uploads, outbox, sent } = make(async () => 'proof-1')
    const id = await uploads.add('o1', { ...parcel('p'), purpose: 'proof' })
    await until(async () => (await store.uploads.get(id))?.state === 'done')
    await outbox.add('deliver', 'o1', { picture: id, received_by: 'x' })
    await until(() => sent.length === 1)
    expect(sent[0]?.fields).toEqual({ picture: 'proof-1', received_by: 'x' })
  })

  it('what the server has lost after all is carried once more', async () => {
    const { uploads, outbox } = make(async () => 'm1')
    const id = await uploads.add('o1', parcel('a'))
    await until(async () => (await store.uploads.get(id))?.state === 'done')
    uploads.stop()
    outbox.stop()
    const row = { fields: { media: [id] } } as unknown as Pending
    const unknown = new Trouble('media.unknown', '', 404)
    expect([await uploads.again(row, unknown), await uploads.again(row, unknown)]).toEqual([true, true])
    expect(await uploads.again(row, unknown)).toBe(false)
    expect(await uploads.again(row, new Trouble('media.type', '', 422))).toBe(false)
    expect(await uploads.held(row)).toBe(true)
  })

  it('ids of the device are found and replaced where commands have media', () => {
    const fields = { media: ['up.1', 'kept'], picture: 'up.2', text: 'up.3' }
    expect(localIds(fields)).toEqual(['up.1', 'up.2'])
    expect(withMedia(fields, (id) => `s-${id}`)).toEqual({ media: ['s-up.1', 'kept'], picture: 's-up.2', text: 'up.3' })
  })
})

describe('the book of addresses', () => {
  const answer = (id: string, expires_at: number) => ({ id, expires_at, original: `/media/t-${id}/original` })

  it('asks once for what a screen wants, and again shortly before they run out', async () => {
    let now = 1_000_000
    const asked: string[][] = []
    const book = new LinkBook({
      ask: async (_, ids) => {
        asked.push(ids)
        return ids.map((id) => answer(id, now + 7_200_000))
      },
      now: () => now,
      soon: (work) => queueMicrotask(work),
    })
    expect(book.get('o', 'a')).toBeNull()
    expect(book.get('o', 'b')).toBeNull()
    await until(() => book.get('o', 'b') !== null)
    expect(asked).toEqual([['a', 'b']])
    now += 109 * 60_000
    book.get('o', 'a')
    expect(asked).toHaveLength(1)
    now += 2 * 60_000
    book.get('o', 'a')
    await until(() => asked.length === 2)
  })

  it('one that the server does not take costs the others nothing', async () => {
    const asked: string[][] = []
    const book = new LinkBook({
      ask: async (_, ids) => {
        asked.push(ids)
        if (ids.includes('?')) throw new Trouble('request.wrong', '', 422)
        return ids.map((id) => answer(id, Date.now() + 7_200_000))
      },
      soon: (work) => queueMicrotask(work),
    })
    for (const id of ['a', '', '?', 'b']) book.get('o', id)
    await until(() => book.get('o', 'a') !== null && book.get('o', 'b') !== null)
    await until(() => book.missing.has('o ?'))
    expect(asked).toEqual([['a', '?', 'b'], ['a'], ['?'], ['b']])
  })

  it('a device whose clock is days ahead does not ask for ever', async () => {
    const asked: string[][] = []
    const book = new LinkBook({
      ask: async (_, ids) => {
        asked.push(ids)
        return ids.map((id) => answer(id, 5_000))
      },
      now: () => 300_000_000,
      soon: (work) => queueMicrotask(work),
    })
    book.get('o', 'a')
    await until(() => book.get('o', 'a') !== null)
    book.get('o', 'a')
    expect(asked).toHaveLength(1)
  })

  it('a refused address is renewed once in a while, what may not be seen is not asked for again', async () => {
    let now = 0
    const asked: string[][] = []
    const book = new LinkBook({
      ask: async (_, ids) => {
        asked.push(ids)
        return ids.filter((id) => id !== 'hidden').map((id) => answer(id, now + 7_200_000))
      },
      now: () => now,
      soon: (work) => queueMicrotask(work),
    })
    book.get('o', 'a')
    book.get('o', 'hidden')
    await until(() => book.get('o', 'a') !== null)
    expect(book.missing.has('o hidden')).toBe(true)
    expect(book.renew('o', 'a')).toBe(true)
    expect(book.renew('o', 'a')).toBe(false)
    await until(() => asked.length === 2)
    book.get('o', 'hidden')
    now += 10_000
    expect(book.renew('o', 'a')).toBe(true)
  })
})
