import 'fake-indexeddb/auto'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { DeviceStore, Endpoints, Outbox, Saver, Trouble, type CommandResult, type Pending } from '../src'
import { PostedEvents } from '../src/heard'
import { Http } from '../src/http'
import { addressOf, jittered, roundOf, waysOf } from '../src/ways'

const OWN = 'https://flowers.example'
const TWO = 'https://two.flowers.example'

// The database works in its own time.
vi.setConfig({ testTimeout: 60_000 })

describe('the ways to the server', () => {
  it('NW-10: tries every address by WebSocket before anything slower', () => {
    const ways = waysOf([OWN, TWO]).map(addressOf)
    expect(ways).toEqual([
      'wss://flowers.example/connection/websocket',
      'wss://two.flowers.example/connection/websocket',
      `${OWN}/connection/http_stream`,
      `${TWO}/connection/http_stream`,
      `${OWN}/connection/sse`,
      `${TWO}/connection/sse`,
    ])
  })

  it('NW-11: begins a round with the way that stood a moment ago', () => {
    const round = roundOf([OWN], { transport: 'sse', base: OWN })
    expect(round.map((way) => way.transport)).toEqual(['sse', 'websocket', 'http_stream'])
    expect(roundOf([OWN], { transport: 'sse', base: TWO })).toHaveLength(3)
  })

  it('NW-7, NW-10: waits longer each time, half of it at random', () => {
    expect(jittered(0, 300, 8000, () => 0)).toBe(150)
    expect(jittered(0, 300, 8000, () => 1)).toBe(300)
    expect(jittered(3, 300, 8000, () => 1)).toBe(2400)
    expect(jittered(99, 300, 8000, () => 1)).toBe(8000)
  })
})

describe('several addresses', () => {
  it('NW-14: what failed is asked last, for a while', () => {
    let now = 1_000
    const endpoints = new Endpoints(OWN, () => now)
    endpoints.learn([`${TWO}/`, OWN])
    expect(endpoints.inTurn()).toEqual([OWN, TWO])
    endpoints.failed(OWN)
    expect(endpoints.inTurn()).toEqual([TWO, OWN])
    now += 31_000
    expect(endpoints.inTurn()).toEqual([OWN, TWO])
  })

  it('NW-14: a request goes to the next when one does not answer', async () => {
    const endpoints = new Endpoints(OWN)
    endpoints.learn([TWO])
    const asked: string[] = []
    const http = new Http(
      () => 'en',
      async (url) => {
        asked.push(url)
        if (!url.startsWith(TWO)) throw new TypeError('no route')
        return new Response('{"ok":true}')
      },
      endpoints,
    )
    expect(await http.ask('/api/info')).toEqual({ ok: true })
    await http.ask('/api/info')
    expect(asked).toEqual(['/api/info', `${TWO}/api/info`, `${TWO}/api/info`])
  })

  it('a refusal is an answer, and what may not be repeated is not', async () => {
    const endpoints = new Endpoints(OWN)
    endpoints.learn([TWO])
    const asked: string[] = []
    let answer: () => Response = () => new Response('{"code":"order.not_found"}', { status: 404 })
    const http = new Http(
      () => 'en',
      async (url) => {
        asked.push(url)
        return answer()
      },
      endpoints,
    )
    await expect(http.ask('/api/me')).rejects.toMatchObject({ code: 'order.not_found' })
    expect(asked).toHaveLength(1)
    answer = () => {
      throw new TypeError('no route')
    }
    await expect(http.ask('/api/login', { body: {}, once: true })).rejects.toMatchObject({ status: 0 })
    expect(asked).toHaveLength(2)
  })
})

describe('an outbox with a line', () => {
  let store: DeviceStore
  let count = 0
  const open: Outbox[] = []
  afterEach(async () => {
    for (const outbox of open.splice(0)) outbox.stop()
    await store.delete()
  })

  const answer = (row: Pending): CommandResult => ({ shop: 's', seq: row.n ?? 0, at: 1 })
  function make(sendLine: (rows: readonly Pending[]) => Promise<(CommandResult | Trouble)[]>, more = {}): Outbox {
    store = new DeviceStore(`line-${(count += 1)}`)
    const outbox = new Outbox({
      store,
      send: async (row) => answer(row),
      sendLine,
      lineIsUp: () => true,
      person: () => 'p1',
      app: 'test',
      locks: null,
      wait: (ms) => new Promise((resolve) => setTimeout(resolve, Math.min(ms, 5))),
      ...more,
    })
    open.push(outbox)
    return outbox
  }
  const fill = async (outbox: Outbox, orders: string[]): Promise<void> => {
    outbox.stop()
    for (const [n, order] of orders.entries()) await outbox.add('say', order, { text: String(n) })
  }

  it('NW-5: sends fifty at a time, in order', async () => {
    const lines: string[][] = []
    const outbox = make(async (rows) => {
      lines.push(rows.map((row) => String(row.fields['text'])))
      return rows.map(answer)
    })
    await fill(outbox, Array.from({ length: 120 }, () => 'o1'))
    outbox.start()
    outbox.kick()
    await vi.waitFor(async () => expect(await store.pending.count()).toBe(0), 30_000)
    expect(lines.flat()).toEqual(Array.from({ length: 120 }, (_, n) => String(n)))
    expect(Math.max(...lines.map((line) => line.length))).toBe(50)
  })

  it('NW-2: begins again with the first that was turned away', async () => {
    const sent: string[] = []
    let moods = 2
    const outbox = make(async (rows) => {
      const bad = moods-- > 0 ? 3 : rows.length
      return rows.map((row, at) => {
        if (at > bad) return new Trouble('command.out_of_line', '', 503)
        if (at === bad) return new Trouble('rate.too_fast', '', 429)
        sent.push(String(row.fields['text']))
        return answer(row)
      })
    })
    await fill(outbox, Array.from({ length: 10 }, () => 'o1'))
    outbox.start()
    outbox.kick()
    await vi.waitFor(async () => expect(await store.pending.count()).toBe(0), 30_000)
    expect(sent).toEqual(Array.from({ length: 10 }, (_, n) => String(n)))
  })

  it('what needs an upload first goes by itself, and nothing of its conversation passes it', async () => {
    const lines: string[][] = []
    const single: string[] = []
    const outbox = make(
      async (rows) => {
        lines.push(rows.map((row) => String(row.fields['text'])))
        return rows.map(answer)
      },
      {
        alone: (row: Pending) => row.fields['text'] === '2',
        send: async (row: Pending) => {
          single.push(String(row.fields['text']))
          return answer(row)
        },
      },
    )
    await fill(outbox, ['o1', 'o1', 'o1', 'o1', 'o2'])
    outbox.start()
    outbox.kick()
    await vi.waitFor(async () => expect(await store.pending.count()).toBe(0), 30_000)
    expect(lines).toEqual([['0', '1', '4']])
    expect(single).toEqual(['2', '3'])
  })

  it('a refused one is kept with its sentence, those behind it go on', async () => {
    const outbox = make(async (rows) =>
      rows.map((row, at) => (at === 1 ? new Trouble('message.empty', 'Nothing to say.', 422) : answer(row))),
    )
    await fill(outbox, ['o1', 'o1', 'o1'])
    outbox.start()
    outbox.kick()
    await vi.waitFor(
      async () =>
        expect(await store.pending.toArray()).toMatchObject([{ state: 'failed', sentence: 'Nothing to say.' }]),
      30_000,
    )
  })
})

describe('saving data', () => {
  const network = (fields: object): never => Object.assign(new EventTarget(), fields) as never
  const storage = (): Storage => {
    const kept = new Map<string, string>()
    return { getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, value: string) => kept.set(key, value) } as never
  }

  it('NW-20: the phone decides until the person does', () => {
    const kept = storage()
    expect(new Saver(kept, network({ saveData: true })).on.value).toBe(true)
    expect(new Saver(kept, network({ effectiveType: '2g' })).on.value).toBe(true)
    const saver = new Saver(kept, network({ effectiveType: '4g' }))
    expect(saver.on.value).toBe(false)
    saver.choose('on')
    expect(new Saver(kept, network({})).on.value).toBe(true)
    saver.choose('off')
    expect(new Saver(kept, network({ saveData: true })).on.value).toBe(false)
  })
})

describe('server-sent events by POST', () => {
  it('NW-15: the token is not in the address; events are put together from any pieces', async () => {
    let asked: { url: string; init: RequestInit } | null = null
    const text = 'data: {"a":1}\n\ndata: one\ndata: two\n\n: nothing\n\ndata: 花'
    const bytes = new TextEncoder().encode(`${text}\n\n`)
    vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
      asked = { url, init }
      const pieces = new ReadableStream({
        start(controller) {
          for (let at = 0; at < bytes.length; at += 7) controller.enqueue(bytes.slice(at, at + 7))
          controller.close()
        },
      })
      return new Response(pieces)
    })
    const seen: string[] = []
    const source = new PostedEvents(`${OWN}/connection/sse?cf_connect=${encodeURIComponent('{"token":"secret"}')}`)
    source.onmessage = ({ data }) => seen.push(data)
    await new Promise<void>((resolve) => {
      source.onerror = () => resolve()
    })
    vi.unstubAllGlobals()
    expect(seen).toEqual(['{"a":1}', 'one\ntwo', '花'])
    expect(asked!.url).not.toContain('secret')
    expect(asked!.init.body).toBe('{"token":"secret"}')
  })
})
