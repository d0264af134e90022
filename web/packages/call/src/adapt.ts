import type { Sample } from './quality'

/** What of the picture goes out: bits a second and how much smaller than the camera gives; null: none. */
export interface Step {
  bits: number | null
  scale: number
}

/** From the best to none. Sound is never touched: it comes first. */
export const STEPS: readonly Step[] = [
  { bits: 600_000, scale: 1 },
  { bits: 320_000, scale: 1.5 },
  { bits: 150_000, scale: 2 },
  { bits: null, scale: 2 },
]
/** kbit/s below which a step is not kept: what it sends and the sound beside it. */
const NEEDS = [420, 240, 120]
const OFF = STEPS.length - 1
/** Looks in a row that must agree before anything is taken away or given back. */
const DOWN_AFTER = 2
const UP_AFTER = 4
const FIRST_TRY_MS = 8_000
const LONGEST_TRY_MS = 60_000

/**
 * Steps the picture down and off on a weak network, and back when it holds. Without a picture the browser cannot
 * tell what would fit, so it is tried: after a while, and after a longer one each time it failed.
 */
export class Adapter {
  /** The browser's guess grows from small; so do we. */
  step = 1
  private bad = 0
  private good = 0
  private tryMs = FIRST_TRY_MS
  private offAt = 0
  private triedAt = 0

  /** Is the picture off because of the network. */
  get off(): boolean {
    return this.step === OFF
  }

  get now(): Step {
    return STEPS[this.step]!
  }

  /** One look at how it goes; `at` in ms by any clock that only goes on. Answers whether the step changed. */
  look(sample: Pick<Sample, 'rtt' | 'lost' | 'room'>, at: number): boolean {
    const before = this.step
    if (this.off) this.perhapsOn(sample, at)
    else if (this.isTight(sample)) this.tighter(sample, at)
    else this.looser(sample, at)
    return before !== this.step
  }

  private isTight({ room, lost, rtt }: Pick<Sample, 'rtt' | 'lost' | 'room'>): boolean {
    return (room > 0 && room < NEEDS[this.step]!) || lost > 10 || rtt > 1_500
  }

  private tighter(sample: Pick<Sample, 'rtt' | 'lost' | 'room'>, at: number): void {
    this.good = 0
    this.bad += 1
    if (this.bad < DOWN_AFTER) return
    this.bad = 0
    const fits = sample.room > 0 ? NEEDS.findIndex((needs) => sample.room >= needs) : -1
    this.step = sample.room > 0 ? Math.max(this.step + 1, fits < 0 ? OFF : fits) : this.step + 1
    if (!this.off) return
    this.offAt = at
    // It was tried and did not hold: not again so soon.
    if (this.triedAt && at - this.triedAt < 30_000) this.tryMs = Math.min(LONGEST_TRY_MS, this.tryMs * 2)
  }

  private looser({ room, lost, rtt }: Pick<Sample, 'rtt' | 'lost' | 'room'>, at: number): void {
    this.bad = 0
    if (this.triedAt && at - this.triedAt > 30_000) this.tryMs = FIRST_TRY_MS
    if (this.step === 0) return
    const enough = room === 0 || room > NEEDS[this.step - 1]! * 1.15
    this.good = enough && lost < 3 && rtt < 600 ? this.good + 1 : 0
    if (this.good < UP_AFTER) return
    this.good = 0
    this.step -= 1
  }

  private perhapsOn({ lost, rtt }: Pick<Sample, 'rtt' | 'lost'>, at: number): void {
    if (lost > 5 || rtt > 800) {
      this.offAt = Math.max(this.offAt, at - this.tryMs / 2)
      return
    }
    if (at - this.offAt < this.tryMs) return
    this.step = OFF - 1
    this.triedAt = at
    this.bad = this.good = 0
  }
}
