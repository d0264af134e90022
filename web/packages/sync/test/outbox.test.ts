import 'fake-indexeddb/auto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DeviceStore, Outbox, Trouble, headsOf, type CommandResult, type Pending } from '../src'
import type { Send } from '../src/outbox'

let store: DeviceStore
let count = 0
const open: Outbox[] = []

beforeEach(() => {
  store = new DeviceStore(`test-${(count += 1)}`)
})
afterEach(async () => {
  for (const outbox of open.splice(0)) outbox.stop()
  await store.delete()
})

const offline = (): never => {
  throw new Trouble('net.offline', '', 0)
}
const refused = (sentence: string): never => {
  throw new Trouble('order.illegal_move', sentence, 409)
}
const answer = (row: Pending, seq: number): CommandResult => ({ shop: 's', seq, at: 1, order: row.order })

/** An outbox whose back-off lasts until `go` is called. */
function make(send: Send, person = 'p1'): { outbox: Outbox; go: () => void; waits: number[] } {
  const waits: number[] = []
  const gates: (() => void)[] = []
  const outbox = new Outbox({
    store,
    send,
    person: () => person,
    app: 'test',
    locks: null,
    random: () => 0.5,
    wait: (ms) => {
      waits.push(ms)
      return new Promise((resolve) => gates.push(resolve))
    },
  })
  open.push(outbox)
  return { outbox, waits, go: () => gates.splice(0).forEach((gate) => gate()) }
}

/** Waits until something is so; the database works in its own time. */
async function until(so: () => boolean | Promise<boolean>): Promise<void> {
  for (let i = 0; i < 400; i += 1) {
    if (await so()) return
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  throw new Error('it never became so')
}

describe('the outbox', () => {
  it('sends in order within a conversation and forgets what is answered', async () => {
    const sent: string[] = []
    const { outbox } = make(async (row) => {
      sent.push(String(row.fields['text']))
      return answer(row, sent.length)
    })
    for (const text of ['1', '2', '3', '4', '5']) await outbox.add('say', 'o1', { text })
    await until(async () => (await store.pending.count()) === 0)
    expect(sent).toEqual(['1', '2', '3', '4', '5'])
  })

  it('does not send the second of a conversation before the first is answered', async () => {
    let busy = 0
    let most = 0
    const { outbox } = make(async (row) => {
      busy += 1
      most = Math.max(most, busy)
      await new Promise((resolve) => setTimeout(resolve, 5))
      busy -= 1
      return answer(row, 1)
    })
    for (let i = 0; i < 6; i += 1) await outbox.add('say', 'o1', { text: String(i) })
    await until(async () => (await store.pending.count()) === 0)
    expect(most).toBe(1)
  })

  it('keeps everything without network and repeats the same id until somebody answers', async () => {
    let online = false
    const ids: string[] = []
    const { outbox, go, waits } = make(async (row) => {
      ids.push(row.command_id)
      if (!online) offline()
      return answer(row, 1)
    })
    const id = await outbox.add('pick_up', 'o1', {})
    await until(() => waits.length === 1)
    expect(await store.pending.count()).toBe(1)
    go()
    await until(() => waits.length === 2)
    expect(waits[1]).toBeGreaterThan(waits[0] ?? 0)
    online = true
    outbox.kick()
    go()
    await until(async () => (await store.pending.count()) === 0)
    expect(new Set(ids)).toEqual(new Set([id]))
  })

  it('sends after a reload what was written before it', async () => {
    const before = make(async () => offline())
    await before.outbox.add('say', 'o1', { text: 'before the reload' })
    await until(() => before.waits.length > 0)
    before.outbox.stop()
    const sent: unknown[] = []
    const after = make(async (row) => {
      sent.push(row.fields['text'])
      return answer(row, 1)
    })
    after.outbox.start()
    await until(async () => (await store.pending.count()) === 0)
    expect(sent).toEqual(['before the reload'])
  })

  it('keeps a refused command with the sentence and goes on with those behind it', async () => {
    const { outbox } = make(async (row) => {
      if (row.name === 'set_off') refused('The order is delivered.')
      return answer(row, 7)
    })
    outbox.start()
    const id = await outbox.add('set_off', 'o1', {})
    const told = outbox.result(id).catch((error: Trouble) => error.code)
    const good = await outbox.add('say', 'o1', { text: 'still there?' })
    expect((await outbox.result(good)).seq).toBe(7)
    expect(await told).toBe('order.illegal_move')
    const [row] = await store.pending.toArray()
    expect(row).toMatchObject({ state: 'failed', sentence: 'The order is delivered.' })
  })

  it('tells what became of a command also to who asks after the answer', async () => {
    const { outbox } = make(async (row) => (row.name === 'say' ? answer(row, 9) : refused('no')))
    outbox.start()
    const good = await outbox.add('say', 'o1', { text: 'quick' })
    const bad = await outbox.add('deliver', 'o1', {})
    await until(async () => (await store.pending.toArray()).every((row) => row.state === 'failed'))
    await until(() => outbox.waiting.value === 0)
    expect((await outbox.result(good)).seq).toBe(9)
    await expect(outbox.result(bad)).rejects.toMatchObject({ code: 'order.illegal_move' })
  })

  it('lets a command leave before it is shown, and does not show what is answered by then', async () => {
    const shown: number[] = []
    const { outbox } = make(async (row) => {
      shown.push(outbox.pending.value.length)
      return answer(row, 1)
    })
    await outbox.add('say', 'o1', { text: 'quick' })
    await until(async () => (await store.pending.count()) === 0)
    expect(shown).toEqual([0])
  })

  it('sends a refused command again when asked, and drops it when told', async () => {
    let allowed = false
    const { outbox } = make(async (row) => (allowed ? answer(row, 1) : refused('no')))
    outbox.start()
    const id = await outbox.add('deliver', 'o1', {})
    const failed = async (): Promise<boolean> => (await store.pending.where('command_id').equals(id).first())?.state === 'failed'
    await until(failed)
    allowed = true
    await outbox.retry(id)
    await until(async () => (await store.pending.count()) === 0)
    allowed = false
    const other = await outbox.add('deliver', 'o1', {})
    await until(async () => (await store.pending.toArray())[0]?.state === 'failed')
    await outbox.discard(other)
    expect(await store.pending.count()).toBe(0)
  })

  it('drops a command whose event came although its answer was lost', async () => {
    const { outbox, waits } = make(async () => offline())
    outbox.start()
    const id = await outbox.add('say', 'o1', { text: 'hello' })
    await until(() => waits.length > 0)
    outbox.confirmed(id)
    await until(async () => (await store.pending.count()) === 0)
  })

  it('never sends for another person on the same device', async () => {
    const first = make(async () => offline(), 'p1')
    await first.outbox.add('say', 'o1', { text: 'mine' })
    await until(() => first.waits.length > 0)
    first.outbox.stop()
    let sent = 0
    const second = make(async (row) => {
      sent += 1
      return answer(row, 1)
    }, 'p2')
    second.outbox.start()
    await second.outbox.add('say', 'o1', { text: 'yours' })
    await until(async () => (await store.pending.where('person').equals('p2').count().catch(() => 0)) === 0 && sent > 0)
    expect(sent).toBe(1)
    expect((await store.pending.toArray()).map((row) => row.person)).toEqual(['p1'])
  })

  it('a server that is only broken for one command gives it back to the person', async () => {
    const { outbox, go, waits } = make(async () => {
      throw new Trouble('http.500', 'Something went wrong.', 500)
    })
    await outbox.add('say', 'o1', { text: 'x' })
    for (let i = 1; i <= 8; i += 1) {
      await until(() => waits.length >= i)
      go()
    }
    await until(async () => (await store.pending.toArray())[0]?.state === 'failed')
  })

  it('shows the oldest unanswered of each conversation as head', () => {
    const row = (n: number, order: string, state: Pending['state'] = 'waiting'): Pending => ({
      n, order, state, command_id: `c${n}`, person: 'p', name: 'say', fields: {}, device_at: n, tries: 0, sentence: '', code: '',
    })
    const heads = headsOf([row(1, 'a', 'failed'), row(2, 'a'), row(3, 'b'), row(4, 'a')])
    expect(heads.map((head) => head.n)).toEqual([2, 3])
  })
})
