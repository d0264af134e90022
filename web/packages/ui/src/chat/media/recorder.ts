import { shallowRef } from 'vue'

export const LONGEST_MS = 60_000
export const SHORTEST_MS = 700
const TICK_MS = 50
const BARS = 64

/** Why there is no recording. */
export type Refusal = 'denied' | 'none' | 'busy' | 'unsupported' | 'failed'

/** A microphone that is open. */
export interface Mic {
  start(): void
  /** Ends the recording; its bytes. */
  stop(): Promise<Blob>
  close(): void
  /** Loudness now, 0…1. */
  level(): number
  /** It was taken away (unplugged, a call came). */
  onLost: (() => void) | null
}

export class MicRefused extends Error {
  constructor(readonly why: Refusal) {
    super(why)
  }
}

export interface Recording {
  blob: Blob
  ms: number
  /** 0…100, at most 64. */
  waveform: number[]
}

/**
 * idle → asking → recording → (full) → idle. held: a finger is on it, lifting it ends; else buttons end it.
 * full: as long as a message may be, or the microphone was taken away: to be sent or dropped.
 */
export type RecorderState = 'idle' | 'asking' | 'recording' | 'full'
/** What became of it. early: the finger was lifted while the browser still asked for permission. */
export type Ending = Recording | 'short' | 'early' | 'dropped'

export class Recorder {
  readonly state = shallowRef<RecorderState>('idle')
  readonly held = shallowRef(false)
  readonly ms = shallowRef(0)
  readonly levels = shallowRef<number[]>([])
  readonly lost = shallowRef(false)
  private mic: Mic | null = null
  private recorded: Promise<Blob> | null = null
  private begun = 0
  private timer: ReturnType<typeof setInterval> | undefined
  private round = 0

  constructor(
    private readonly open: () => Promise<Mic>,
    /** A held recording is as long as may be: it ends as if the finger were lifted. */
    private readonly whenFull: () => void = () => undefined,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Begins. Throws MicRefused. Answers false when it was ended before the microphone was there. */
  async start(held: boolean): Promise<boolean> {
    if (this.state.value !== 'idle') return false
    const mine = ++this.round
    this.state.value = 'asking'
    this.held.value = held
    let mic: Mic
    try {
      mic = await this.open()
    } catch (error) {
      if (mine === this.round) this.reset()
      throw error instanceof MicRefused ? error : new MicRefused('failed')
    }
    if (mine !== this.round) {
      mic.close()
      return false
    }
    this.mic = mic
    mic.onLost = () => this.fill(true)
    mic.start()
    this.begun = this.now()
    this.ms.value = 0
    this.levels.value = []
    this.lost.value = false
    this.state.value = 'recording'
    this.timer = setInterval(() => this.tick(), TICK_MS)
    return true
  }

  /** The finger may go: buttons end it now. */
  lock(): void {
    this.held.value = false
  }

  /** Ends it, to be sent. */
  async finish(): Promise<Ending> {
    if (this.state.value === 'asking') {
      this.drop()
      return 'early'
    }
    if (this.state.value === 'idle') return 'dropped'
    if (this.state.value === 'recording') this.tick()
    const ms = Math.min(this.ms.value, LONGEST_MS)
    if (ms < SHORTEST_MS) {
      this.drop()
      return 'short'
    }
    const mic = this.mic!
    const waveform = squeezed(this.levels.value, BARS)
    const blob = await (this.recorded ?? mic.stop())
    this.drop()
    return blob.size > 0 ? { blob, ms: Math.round(ms), waveform } : 'short'
  }

  /** Ends it; nothing is kept. */
  drop(): void {
    this.round += 1
    this.mic?.close()
    this.reset()
  }

  private tick(): void {
    if (this.state.value !== 'recording' || !this.mic) return
    this.ms.value = this.now() - this.begun
    this.levels.value = [...this.levels.value, this.mic.level()]
    if (this.ms.value >= LONGEST_MS) this.fill(false)
  }

  private fill(lost: boolean): void {
    if (this.state.value !== 'recording' || !this.mic) return
    clearInterval(this.timer)
    this.ms.value = Math.min(this.now() - this.begun, LONGEST_MS)
    this.lost.value = lost
    this.recorded = this.mic.stop()
    this.state.value = 'full'
    if (this.held.value && !lost) this.whenFull()
    this.held.value = false
  }

  private reset(): void {
    clearInterval(this.timer)
    if (this.mic) this.mic.onLost = null
    this.mic = null
    this.recorded = null
    this.held.value = false
    this.ms.value = 0
    this.levels.value = []
    this.state.value = 'idle'
  }
}

/** Loudness as at most `bars` numbers 0…100; the loudest near 100, silence flat. */
export function squeezed(levels: number[], bars: number): number[] {
  if (levels.length === 0) return []
  const count = Math.min(bars, levels.length)
  const most = Math.max(0.08, ...levels)
  return Array.from({ length: count }, (_, at) => {
    const part = levels.slice(Math.floor((at * levels.length) / count), Math.floor(((at + 1) * levels.length) / count))
    const mean = part.reduce((sum, one) => sum + one, 0) / Math.max(1, part.length)
    return Math.round(100 * (mean / most) ** 0.7)
  })
}
