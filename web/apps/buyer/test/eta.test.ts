import type { EtaView, TrackView } from '@huaxin/sync'
import { expect, test } from 'vitest'
import { oldPosition, rangeOf, sureness } from '../src/eta'

const eta: EtaView = { p50_at: 600, p90_at: 900, p10_at: 450, chance: 0.99, verdict: 'on_time' }

test('a range is from P10 to P90, and from P50 where an older server says no P10 (TR-36)', () => {
  expect(rangeOf(eta)).toEqual([450, 900])
  expect(rangeOf({ ...eta, p10_at: undefined })).toEqual([600, 900])
})

test('the chance is said in words: certain, likely, slipping, late, nobody knows (TR-31)', () => {
  expect(sureness(eta)).toBe('on_time')
  expect(sureness({ ...eta, chance: 0.85 })).toBe('likely')
  expect(sureness({ ...eta, chance: 0.4, verdict: 'slipping' })).toBe('slipping')
  expect(sureness({ ...eta, chance: 0.1, verdict: 'late' })).toBe('late')
  expect(sureness({ ...eta, verdict: 'something new' })).toBe('unknown')
})

test('an old position says how old it is, a missing one that it is missing (TR-7)', () => {
  const track: TrackView = { order: 'o' }
  expect(oldPosition(null)).toBeNull()
  expect(oldPosition(track)).toBeNull()
  expect(oldPosition({ ...track, stale: true })).toBe(0)
  expect(oldPosition({ ...track, stale: true, position: { point: { lat: 1, lon: 2 }, at: 77 } })).toBe(77)
})
