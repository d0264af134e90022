/** How long an address that did not answer is asked last. */
const AVOID_MS = 30_000

/** The addresses by which one server can be reached: the page's own first, then those it told of. */
export class Endpoints {
  private further: string[] = []
  private readonly failedAt = new Map<string, number>()

  constructor(
    /** Origin of the page; plain requests to it stay relative. */
    readonly own: string = globalThis.location?.origin ?? '',
    private readonly now: () => number = Date.now,
  ) {}

  /** What `GET /api/info` says. */
  learn(addresses: readonly string[] | undefined): void {
    const found = (addresses ?? []).map((one) => one.replace(/\/+$/, ''))
    this.further = [...new Set(found)].filter((one) => one && one !== this.own)
  }

  get all(): string[] {
    return [this.own, ...this.further]
  }

  /** All of them, the best guess first: what failed a moment ago comes last, the longest ago before the others. */
  inTurn(): string[] {
    const since = (base: string): number => {
      const at = this.failedAt.get(base)
      return at === undefined || this.now() - at > AVOID_MS ? 0 : at
    }
    return this.all.map((base, rank) => ({ base, rank, at: since(base) }))
      .sort((a, b) => a.at - b.at || a.rank - b.rank)
      .map(({ base }) => base)
  }

  failed(base: string): void {
    // Without any network no address is to blame.
    if (globalThis.navigator?.onLine !== false) this.failedAt.set(base, this.now())
  }

  answered(base: string): void {
    this.failedAt.delete(base)
  }
}
