/**
 * The server's clock as seen from here. Device clocks are wrong by minutes in real life; a ten-second undo bar
 * must not depend on them. The most certain recent sample wins.
 */
export class ServerClock {
  /** Server time `at` was when the device said `taken`. */
  private at = 0
  private taken = 0
  private uncertainty = Number.POSITIVE_INFINITY
  /** How fast the server's day goes: a simulated one may run faster than life. */
  private pace = 1

  constructor(private readonly device: () => number = Date.now) {}

  /** Server time now, ms since 1970. */
  now = (): number => {
    const device = this.device()
    return this.taken === 0 ? device : Math.round(this.at + (device - this.taken) * this.pace)
  }

  /** Server minus device, ms. */
  get skew(): number {
    return this.now() - this.device()
  }

  get speed(): number {
    return this.pace
  }

  /** GET /api/info tells the time and the pace of it. */
  told(at: number, pace: number, sent: number, received: number): void {
    if (pace >= 0 && pace !== this.pace) {
      this.pace = pace
      this.uncertainty = Number.POSITIVE_INFINITY
    }
    this.answered(at, sent, received)
  }

  /** The server said `at` somewhere between sending and receiving (device ms). */
  answered(at: number, sent: number, received: number): void {
    this.sample(at, (sent + received) / 2, ((received - sent) / 2) * this.pace)
  }

  /** An event stamped `at` has arrived: the server's clock cannot be behind it. */
  heard(at: number): void {
    if (at > this.now()) this.sample(at, this.device(), Math.min(this.uncertainty, 500))
  }

  private sample(at: number, taken: number, uncertainty: number): void {
    const off = Math.abs(at - (this.at + (taken - this.taken) * this.pace))
    // Clocks drift and phones sleep: an old sample loses its certainty at 1 ms per second.
    const known = this.uncertainty + (taken - this.taken) / 1000
    if (this.taken === 0 || uncertainty <= known || off > uncertainty + known) {
      this.at = at
      this.taken = taken
      this.uncertainty = uncertainty
    }
  }
}
