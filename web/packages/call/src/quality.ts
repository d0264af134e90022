/** What the statistics of one connection say, between two looks at them. */
export interface Sample {
  /** ms there and back; 0: not known yet. */
  rtt: number
  /** Parts of a hundred that got lost on the way here or there, whichever is worse. */
  lost: number
  /** kbit/s that may go out, as the browser guesses; 0: it does not say. */
  room: number
  /** Bytes of sound and pictures, frames of video that came since the last look. */
  heard: number
  frames: number
  /** ms since the last look. */
  over: number
  /** By way of the relay. */
  relayed: boolean
}

/** Sums as they were at the last look. */
export interface Sums {
  at: number
  bytes: number
  frames: number
  lost: number
  packets: number
}

export const NO_SUMS: Sums = { at: 0, bytes: 0, frames: 0, lost: 0, packets: 0 }

type Row = { type: string; id: string; [field: string]: unknown }

const num = (row: Row | undefined, field: string): number => (typeof row?.[field] === 'number' ? (row[field] as number) : 0)

export function readStats(rows: Iterable<Row>, before: Sums, at: number): { sample: Sample; sums: Sums } {
  const all = [...rows]
  const byId = new Map(all.map((row) => [row.id, row]))
  const inbound = all.filter((row) => row.type === 'inbound-rtp')
  const sums: Sums = {
    at,
    bytes: total(inbound, 'bytesReceived'),
    frames: total(inbound, 'framesDecoded'),
    lost: total(inbound, 'packetsLost'),
    packets: total(inbound, 'packetsReceived'),
  }
  const pair = pairOf(all)
  const remote = all.filter((row) => row.type === 'remote-inbound-rtp')
  const there = Math.max(0, ...remote.map((row) => num(row, 'fractionLost') * 100))
  const ways = byId.get(String(pair?.['localCandidateId'] ?? ''))
  const sample: Sample = {
    rtt: Math.round(num(pair, 'currentRoundTripTime') * 1000),
    lost: Math.max(there, lostHere(sums, before)),
    room: Math.round(num(pair, 'availableOutgoingBitrate') / 1000),
    heard: Math.max(0, sums.bytes - before.bytes),
    frames: Math.max(0, sums.frames - before.frames),
    over: before.at ? at - before.at : 0,
    relayed: ways?.['candidateType'] === 'relay',
  }
  return { sample, sums }
}

function lostHere(now: Sums, before: Sums): number {
  const lost = now.lost - before.lost
  const all = lost + now.packets - before.packets
  return before.at && all > 0 && lost > 0 ? (lost / all) * 100 : 0
}

const total = (rows: Row[], field: string): number => rows.reduce((sum, row) => sum + num(row, field), 0)

/** The pair of ways in use: the transport names it; browsers without that mark it themselves. */
function pairOf(all: Row[]): Row | undefined {
  const named = all.find((row) => row.type === 'transport' && row['selectedCandidatePairId'])
  if (named) return all.find((row) => row.id === named['selectedCandidatePairId'])
  return all.find((row) => row.type === 'candidate-pair' && row['nominated'] === true && row['state'] === 'succeeded')
}

/** How it is, in a word of `calling.quality`: nobody reads figures while talking. */
export type QualityWord = 'good' | 'fair' | 'poor' | 'repairing'

export function wordOf(sample: Pick<Sample, 'rtt' | 'lost'>): Exclude<QualityWord, 'repairing'> {
  if (sample.lost > 8 || sample.rtt > 800) return 'poor'
  if (sample.lost > 2.5 || sample.rtt > 350) return 'fair'
  return 'good'
}

const ORDER: QualityWord[] = ['good', 'fair', 'poor', 'repairing']
/** Of several connections the worst is what one hears. */
export const worst = (words: QualityWord[]): QualityWord =>
  words.reduce((found, one) => (ORDER.indexOf(one) > ORDER.indexOf(found) ? one : found), 'good')
