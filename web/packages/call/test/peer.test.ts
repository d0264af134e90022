import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Peer, type Hindrance } from '../src/peer'
import { FakeConnection, FakeTrack, install, settle } from './fakes'

interface Sent {
  kind: string
  data: string
}

interface End {
  peer: Peer
  sent: Sent[]
  why: Hindrance[]
  pc: () => FakeConnection
}

let named = 0

function end(me: string, other: string, relay = true): End {
  const sent: Sent[] = []
  const why: Hindrance[] = []
  const made: FakeConnection[] = []
  const tracks = { audio: new FakeTrack('audio'), video: null } as never
  const peer = new Peer({
    me,
    other,
    servers: async (fresh) => ({ ice: [{ urls: fresh ? 'turn:fresh' : 'turn:first' }], relay }),
    connect: (config) => {
      const one = new FakeConnection(config as never)
      made.push(one)
      return one as never
    },
    send: (kind, data) => sent.push({ kind, data }),
    tracks: () => tracks,
    changed: () => undefined,
    said: () => undefined,
    hindered: (_, one) => why.push(one),
    newId: () => `sid-${(named += 1)}`,
  })
  return { peer, sent, why, pc: () => made.at(-1)! }
}

/** Everything each has said is given to the other, until both are silent. */
async function talk(a: End, b: End): Promise<void> {
  for (let round = 0; round < 12; round += 1) {
    await settle()
    const said = [a.sent.splice(0), b.sent.splice(0)] as const
    if (said[0].length + said[1].length === 0) return
    for (const one of said[0]) b.peer.hear(one.kind, one.data)
    for (const one of said[1]) a.peer.hear(one.kind, one.data)
  }
}

async function pair(): Promise<[End, End]> {
  const a = end('a', 'b')
  const b = end('b', 'a')
  await Promise.all([a.peer.start(), b.peer.start()])
  await talk(a, b)
  return [a, b]
}

describe('one connection', () => {
  beforeEach(() => {
    install()
    vi.useFakeTimers()
  })
  afterEach(() => vi.useRealTimers())

  it('CA-31: the larger device makes the first offer, the other only answers; both send their sound', async () => {
    const a = end('a', 'b')
    const b = end('b', 'a')
    await Promise.all([a.peer.start(), b.peer.start()])
    await settle()
    expect(a.sent.map((one) => one.kind)).toEqual(['ice'])
    expect(b.sent.map((one) => one.kind)).toEqual(['offer'])
    await talk(a, b)
    for (const one of [a, b]) {
      expect(one.pc().signalingState).toBe('stable')
      expect(one.pc().transceivers.map((each) => each.direction)).toEqual(['sendrecv', 'sendrecv'])
      expect(one.pc().transceivers[0]?.sender.track).not.toBeNull()
      one.pc().become('connected')
      expect(one.peer.state).toBe('connected')
    }
  })

  it('both begin anew at the same moment: the polite one gives way, and both are stable', async () => {
    const [a, b] = await pair()
    for (const one of [a, b]) one.pc().become('connected')
    await Promise.all([a.peer.restart(), b.peer.restart()])
    await talk(a, b)
    expect([a.pc().signalingState, b.pc().signalingState]).toEqual(['stable', 'stable'])
    expect(a.pc().config.iceServers).toEqual([{ urls: 'turn:fresh' }])
  })

  it('CA-34: a connection that goes away comes back by itself, else new ways are looked for with fresh servers', async () => {
    const [a, b] = await pair()
    for (const one of [a, b]) one.pc().become('connected')
    b.pc().become('disconnected')
    expect(b.peer.state).toBe('lost')
    await vi.advanceTimersByTimeAsync(800)
    expect(b.pc().restarts).toBe(1)
    expect(b.pc().config.iceServers).toEqual([{ urls: 'turn:fresh' }])
    b.pc().become('connected')
    expect(b.peer.state).toBe('connected')
    b.pc().become('disconnected')
    b.pc().become('connected')
    await vi.advanceTimersByTimeAsync(5_000)
    expect(b.pc().restarts).toBe(1)
  })

  it('an offer that got lost is said again', async () => {
    const b = end('b', 'a')
    await b.peer.start()
    await settle()
    expect(b.sent.splice(0).map((one) => one.kind)).toEqual(['offer'])
    await vi.advanceTimersByTimeAsync(3_100)
    expect(b.sent.map((one) => one.kind)).toContain('offer')
  })

  it('CA-35: says within five seconds that the relay refuses, that there is none, or that nothing comes through', async () => {
    const refused = end('b', 'a')
    await refused.peer.start()
    refused.pc().onicecandidateerror?.({ errorCode: 401 })
    const none = end('b', 'a', false)
    const blocked = end('b', 'a')
    await Promise.all([none.peer.start(), blocked.peer.start()])
    await vi.advanceTimersByTimeAsync(5_000)
    expect([refused.why, none.why, blocked.why]).toEqual([['relay_auth'], ['relay_none'], ['unreachable']])
    expect(refused.peer.state).toBe('new')
    await vi.advanceTimersByTimeAsync(40_000)
    expect(refused.peer.state).toBe('over')
  })

  it('CA-32: words that cannot be read change nothing', async () => {
    const [a, b] = await pair()
    const before = a.pc().remoteDescription
    for (const data of ['', '{', '[]', '{"sid":"x"}', '{"sid":"x","sdp":"hello"}', `{"sid":"x","sdp":"${'v=0'.repeat(9_000)}"}`]) {
      a.peer.hear('offer', data)
    }
    a.peer.hear('offer', JSON.stringify({ sid: JSON.parse(idOf(b)), sdp: 'v=0 broken' }))
    a.peer.hear('ice', '{"sid":"x","candidates":"none"}')
    await settle()
    expect(a.pc().remoteDescription).toBe(before)
    expect(a.pc().closed).toBe(false)
    expect(a.why.every((one) => one === 'sdp')).toBe(true)
    expect(a.why.length).toBeGreaterThan(5)
  })

  it('ways that come before the description wait for it', async () => {
    const a = end('a', 'b')
    await a.peer.start()
    a.peer.hear('ice', JSON.stringify({ sid: 's', candidates: [{ candidate: 'one' }] }))
    await settle()
    expect(a.pc().candidates).toEqual([])
    a.peer.hear('offer', JSON.stringify({ sid: 's', sdp: 'v=0 first' }))
    await settle()
    expect(a.pc().candidates).toEqual([{ candidate: 'one' }])
  })

  it('CA-31: a page that was loaded anew is met anew, whichever of the two it was', async () => {
    for (const [mine, other] of [['a', 'b'], ['b', 'a']] as const) {
      const stays = end(mine, other)
      const left = end(other, mine)
      await Promise.all([stays.peer.start(), left.peer.start()])
      await talk(stays, left)
      const before = stays.pc()
      before.become('connected')
      const again = end(other, mine)
      await again.peer.start()
      await talk(stays, again)
      expect(before.closed).toBe(true)
      expect([stays.pc().signalingState, again.pc().signalingState]).toEqual(['stable', 'stable'])
      expect(again.pc().remoteDescription).not.toBeNull()
    }
  })

  it('the picture is limited, made small or left out without a new negotiation', async () => {
    const [, b] = await pair()
    const video = b.pc().transceivers[1]!.sender
    await b.peer.limitVideo(150_000, 2)
    expect(video.params.encodings[0]).toMatchObject({ active: true, maxBitrate: 150_000, scaleResolutionDownBy: 2 })
    await b.peer.limitVideo(null)
    expect(video.params.encodings[0]).toMatchObject({ active: false })
    expect(b.pc().signalingState).toBe('stable')
  })
})

/** The name of the other's connection, as it stands in what it says. */
const idOf = (one: End): string => JSON.stringify((one.peer as unknown as { sid: string }).sid)
