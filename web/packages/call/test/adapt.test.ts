import { describe, expect, it } from 'vitest'
import { Adapter } from '../src/adapt'
import { NO_SUMS, readStats, wordOf, worst } from '../src/quality'

const GOOD = { rtt: 40, lost: 0, room: 900 }

/** So many looks, one a second. */
function looks(adapter: Adapter, sample: typeof GOOD, from: number, n: number): number {
  for (let at = from; at < from + n * 1_000; at += 1_000) adapter.look(sample, at)
  return from + n * 1_000
}

describe('CA-33: a weak network', () => {
  it('grows to the best picture where there is room', () => {
    const adapter = new Adapter()
    looks(adapter, GOOD, 0, 12)
    expect(adapter.step).toBe(0)
  })

  it('at 100 kbit/s the picture is off within three looks, and one bad look takes nothing away', () => {
    const adapter = new Adapter()
    adapter.look({ ...GOOD, room: 100 }, 0)
    expect(adapter.off).toBe(false)
    adapter.look(GOOD, 1_000)
    looks(adapter, { ...GOOD, room: 100 }, 2_000, 3)
    expect(adapter.off).toBe(true)
    expect(adapter.now.bits).toBeNull()
  })

  it('comes back when it holds; each try that fails makes the next one later', () => {
    const adapter = new Adapter()
    let at = looks(adapter, { ...GOOD, room: 60 }, 0, 3)
    expect(adapter.off).toBe(true)
    const tries: number[] = []
    for (const end = at + 120_000; at < end; at += 1_000) {
      const before = adapter.off
      adapter.look(before ? { rtt: 60, lost: 0, room: 0 } : { rtt: 60, lost: 0, room: 60 }, at)
      if (before && !adapter.off) tries.push(at)
    }
    const gaps = tries.slice(1).map((one, n) => one - tries[n]!)
    expect(gaps[0]! < gaps[1]!).toBe(true)
    while (adapter.off) adapter.look({ rtt: 60, lost: 0, room: 0 }, (at += 1_000))
    looks(adapter, GOOD, at + 1_000, 20)
    expect(adapter.step).toBe(0)
  })

  it('loss alone steps down as well', () => {
    const adapter = new Adapter()
    looks(adapter, { rtt: 60, lost: 20, room: 0 }, 0, 6)
    expect(adapter.off).toBe(true)
  })
})

describe('what the statistics say', () => {
  const rows = (bytes: number, lost: number, packets: number) => [
    { type: 'inbound-rtp', id: 'i', bytesReceived: bytes, packetsLost: lost, packetsReceived: packets, framesDecoded: packets },
    { type: 'transport', id: 't', selectedCandidatePairId: 'p' },
    { type: 'candidate-pair', id: 'p', currentRoundTripTime: 0.08, availableOutgoingBitrate: 300_000, localCandidateId: 'l' },
    { type: 'local-candidate', id: 'l', candidateType: 'relay' },
  ]

  it('since the last look, with the way in use', () => {
    const first = readStats(rows(1_000, 0, 100), NO_SUMS, 1_000)
    const { sample } = readStats(rows(3_000, 5, 195), first.sums, 2_000)
    expect(sample).toEqual({ rtt: 80, lost: 5, room: 300, heard: 2_000, frames: 95, over: 1_000, relayed: true })
  })

  it('in a word; of several the worst', () => {
    expect([wordOf({ rtt: 50, lost: 0 }), wordOf({ rtt: 400, lost: 0 }), wordOf({ rtt: 50, lost: 9 })]).toEqual(['good', 'fair', 'poor'])
    expect(worst(['good', 'repairing', 'fair'])).toBe('repairing')
    expect(worst([])).toBe('good')
  })
})
