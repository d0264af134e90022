import type { Status } from '@huaxin/sync'

/** Colour of a state; the word beside it says the same. */
export type Tone = 'plain' | 'mine' | 'good' | 'warn' | 'bad'

const TONES: Record<Status, Tone> = {
  placed: 'plain',
  confirmed: 'mine',
  making: 'mine',
  ready: 'mine',
  assigned: 'mine',
  picked_up: 'mine',
  delivering: 'mine',
  arriving: 'mine',
  arrived: 'mine',
  delivered: 'good',
  rated: 'good',
  cancelled: 'plain',
  failed: 'bad',
  returning: 'warn',
  returned: 'plain',
}

export const toneOf = (status: Status): Tone => TONES[status]

const CLOSED: ReadonlySet<Status> = new Set(['delivered', 'rated', 'cancelled', 'returned'])
export const isClosed = (status: Status): boolean => CLOSED.has(status)

const ROAD: ReadonlySet<Status> = new Set(['picked_up', 'delivering', 'arriving', 'arrived'])
export const isOnTheRoad = (status: Status): boolean => ROAD.has(status)

export function verdictTone(verdict: string): Tone {
  if (verdict === 'on_time') return 'good'
  if (verdict === 'slipping') return 'warn'
  return verdict === 'late' ? 'bad' : 'plain'
}
