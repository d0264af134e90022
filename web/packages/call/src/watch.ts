import { shallowRef } from 'vue'
import type { CallQualityWish } from '@huaxin/sync'
import { Adapter } from './adapt'
import type { Peer } from './peer'
import { NO_SUMS, readStats, wordOf, worst, type QualityWord, type Sample, type Sums } from './quality'

const LOOK_MS = 1_000
/** Nothing comes although it is connected: the way is dead, whatever the browser still believes. */
const DEAF_MS = 2_500
const RESTART_EVERY_MS = 4_000

const NO_FIGURES = { rtt_ms: 0, lost_percent: 0, kbps: 0, relayed: false, restarts: 0, looked: false }

interface Seen {
  sums: Sums
  heardAt: number
  restartedAt: number
  ever: boolean
}

/** Looks at all connections once a second: says how it goes, steps the picture down, finds dead ways. */
export class CallWatch {
  readonly word = shallowRef<QualityWord>('good')
  /** One's own picture does not go out, because of the network. */
  readonly low = shallowRef(false)
  /** For the record of the call. */
  private figures = { ...NO_FIGURES }
  private adapter = new Adapter()
  private readonly seen = new Map<Peer, Seen>()
  private timer: ReturnType<typeof setInterval> | undefined

  constructor(
    private readonly peers: () => Peer[],
    private readonly sending: () => boolean,
    private readonly lowChanged: () => void,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** How it was, for what stays of the call; null: it never was. */
  record(): CallQualityWish | null {
    const { looked, ...figures } = this.figures
    return looked ? { ...figures, words: wordOf({ rtt: figures.rtt_ms, lost: figures.lost_percent }) } : null
  }

  start(): void {
    this.timer ??= setInterval(() => void this.look(), LOOK_MS)
  }

  stop(): void {
    clearInterval(this.timer)
    this.timer = undefined
    this.seen.clear()
    this.adapter = new Adapter()
    this.low.value = false
    this.word.value = 'good'
    this.figures = { ...NO_FIGURES }
  }

  /** What the picture may take now, to every one of the others. */
  async limit(): Promise<void> {
    const peers = this.peers()
    const { bits, scale } = this.adapter.now
    const each = bits === null ? null : Math.round(bits / Math.max(1, Math.min(3, peers.length)))
    await Promise.all(peers.map((peer) => peer.limitVideo(this.sending() ? each : null, scale)))
  }

  async look(): Promise<void> {
    const at = this.now()
    const words: QualityWord[] = []
    const samples: Sample[] = []
    for (const peer of this.peers()) {
      if (peer.state === 'lost') words.push('repairing')
      if (peer.state !== 'connected') continue
      const sample = await this.sampleOf(peer, at)
      if (!sample) continue
      samples.push(sample)
      words.push(wordOf(sample))
    }
    this.word.value = worst(words)
    if (samples.length > 0) this.take(samples, at)
  }

  private take(samples: Sample[], at: number): void {
    const rtt = Math.max(...samples.map((one) => one.rtt))
    const lost = Math.max(...samples.map((one) => one.lost))
    const rooms = samples.map((one) => one.room).filter((one) => one > 0)
    const figures = this.figures
    figures.rtt_ms = Math.round(figures.rtt_ms ? figures.rtt_ms * 0.8 + rtt * 0.2 : rtt)
    figures.lost_percent = Math.round((figures.lost_percent * 0.8 + lost * 0.2) * 10) / 10
    figures.kbps = rooms.length > 0 ? Math.min(...rooms) : 0
    figures.relayed = samples.some((one) => one.relayed)
    figures.restarts = this.peers().reduce((sum, peer) => sum + peer.restarts, 0)
    figures.looked = true
    if (!this.sending()) return
    const room = rooms.length > 0 ? Math.min(...rooms) : 0
    if (!this.adapter.look({ rtt, lost, room }, at)) return
    void this.limit()
    if (this.low.value === this.adapter.off) return
    this.low.value = this.adapter.off
    this.lowChanged()
  }

  private async sampleOf(peer: Peer, at: number): Promise<Sample | null> {
    const before = this.seen.get(peer) ?? { sums: NO_SUMS, heardAt: at, restartedAt: 0, ever: false }
    const report = await peer.pc?.getStats().catch(() => null)
    if (!report) return null
    const { sample, sums } = readStats(rowsOf(report), before.sums, at)
    const heardAt = sample.heard > 0 ? at : before.heardAt
    const seen = { sums, heardAt, restartedAt: before.restartedAt, ever: before.ever || sample.heard > 0 }
    if (seen.ever && at - heardAt > DEAF_MS && at - before.restartedAt > RESTART_EVERY_MS) {
      seen.restartedAt = at
      void peer.restart().catch(() => undefined)
    }
    this.seen.set(peer, seen)
    return sample
  }
}

function rowsOf(report: RTCStatsReport): { type: string; id: string }[] {
  const rows: { type: string; id: string }[] = []
  report.forEach((row: { type: string; id: string }) => rows.push(row))
  return rows
}
