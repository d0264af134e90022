/**
 * The server's clock as seen from here. Device clocks are wrong by minutes in real life; a ten-second undo bar
 * must not depend on them. The most certain recent sample wins.
 */
export class ServerClock {
  private offset = 0
  private uncertainty = Number.POSITIVE_INFINITY
  private takenAt = 0

  constructor(private readonly device: () => number = Date.now) {}

  /** Server time now, ms since 1970. */
  now = (): number => this.device() + this.offset

  /** Server minus device, ms. */
  get skew(): number {
    return this.offset
  }

  /** The server said `at` somewhere between sending and receiving (device ms). */
  answered(at: number, sent: number, received: number, grain = 0): void {
    this.sample(at + grain / 2 - (sent + received) / 2, (received - sent) / 2 + grain / 2)
  }

  /** An event stamped `at` has arrived: the server's clock cannot be behind it. */
  heard(at: number): void {
    const behind = at - this.now()
    if (behind > 0) this.sample(at - this.device(), Math.min(this.uncertainty, 500))
  }

  /** The Date header has whole seconds. */
  dated(header: string | null, sent: number, received: number): void {
    const at = header ? Date.parse(header) : Number.NaN
    if (!Number.isNaN(at)) this.answered(at, sent, received, 1000)
  }

  private sample(offset: number, uncertainty: number): void {
    const age = this.device() - this.takenAt
    // Clocks drift and phones sleep: an old sample loses its certainty at 1 ms per second.
    const known = this.uncertainty + age / 1000
    if (uncertainty <= known || Math.abs(offset - this.offset) > uncertainty + known) {
      this.offset = offset
      this.uncertainty = uncertainty
      this.takenAt = this.device()
    }
  }
}
