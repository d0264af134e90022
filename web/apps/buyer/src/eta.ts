import type { EtaView, TrackView } from '@huaxin/sync'

/** Nine in ten and more is as good as certain; below, four in five is only likely. */
const CERTAIN = 0.93

/** From when to when it is expected: eight times in ten it comes true. */
export function rangeOf(eta: EtaView): [number, number] {
  return [eta.p10_at || eta.p50_at, Math.max(eta.p90_at, eta.p50_at)]
}

/** How sure the promise is, as one of the words that people read. */
export function sureness(eta: EtaView): 'on_time' | 'likely' | 'slipping' | 'late' | 'unknown' {
  if (eta.verdict === 'on_time') return eta.chance < CERTAIN ? 'likely' : 'on_time'
  if (eta.verdict === 'slipping' || eta.verdict === 'late') return eta.verdict
  return 'unknown'
}

/** What the times stand on when the newest position is old: its time, 0 when there is none, null when fresh. */
export function oldPosition(track: TrackView | null): number | null {
  if (!track?.stale) return null
  return track.position?.at ?? 0
}
