import type { Point } from '@huaxin/sync'

/** Metres per degree of latitude; good to a few per mille at city size, enough to draw by. */
const M_PER_DEG = 111_320

export const metresBetween = (a: Point, b: Point): number => {
  const x = (b.lon - a.lon) * Math.cos((a.lat * Math.PI) / 180)
  return Math.hypot(x, b.lat - a.lat) * M_PER_DEG
}

const mix = (a: Point, b: Point, t: number): Point => ({
  lat: a.lat + (b.lat - a.lat) * t,
  lon: a.lon + (b.lon - a.lon) * t,
})

interface OnLine {
  /** Metres from the line's start. */
  along: number
  /** Metres off the line. */
  off: number
}

/** Where a point falls on a line of points. */
export function projectOn(line: Point[], point: Point): OnLine {
  let best: OnLine = { along: 0, off: Number.POSITIVE_INFINITY }
  let walked = 0
  for (let i = 0; i + 1 < line.length; i += 1) {
    const [a, b] = [line[i]!, line[i + 1]!]
    const scale = Math.cos((a.lat * Math.PI) / 180)
    const [dx, dy] = [(b.lon - a.lon) * scale, b.lat - a.lat]
    const length2 = dx * dx + dy * dy
    const t = length2 === 0 ? 0 : ((point.lon - a.lon) * scale * dx + (point.lat - a.lat) * dy) / length2
    const at = mix(a, b, Math.max(0, Math.min(1, t)))
    const off = metresBetween(at, point)
    const length = metresBetween(a, b)
    if (off < best.off) best = { along: walked + length * Math.max(0, Math.min(1, t)), off }
    walked += length
  }
  return best
}

/** The piece of a line between two distances from its start, ends included. */
export function cut(line: Point[], from: number, to: number): Point[] {
  const piece: Point[] = []
  let walked = 0
  for (let i = 0; i + 1 < line.length; i += 1) {
    const [a, b] = [line[i]!, line[i + 1]!]
    const length = metresBetween(a, b)
    const [start, end] = [walked, walked + length]
    if (end >= from && start <= to && length > 0) {
      if (piece.length === 0) piece.push(mix(a, b, Math.max(0, (from - start) / length)))
      piece.push(mix(a, b, Math.min(1, (to - start) / length)))
    }
    walked = end
  }
  return piece
}

/** Farther off its road than this, the bike is not on it. */
const ON_ROAD_M = 35
/** A jump this long is not ridden but shown at once. */
const JUMP_M = 1_500

/** The way from one fix to the next: along the road when both lie on it, else straight. */
export function wayBetween(from: Point, to: Point, road: Point[] | null | undefined): Point[] {
  if (road && road.length > 1) {
    const [a, b] = [projectOn(road, from), projectOn(road, to)]
    if (a.off < ON_ROAD_M && b.off < ON_ROAD_M && b.along > a.along) {
      const piece = cut(road, a.along, b.along)
      if (piece.length > 1) return [from, ...piece, to]
    }
  }
  return [from, to]
}

/** What of a road still lies before a bike on it: nobody needs to see where it has been. */
export function ahead(road: Point[], bike: Point | null): Point[] {
  if (!bike || road.length < 2) return road
  const { along, off } = projectOn(road, bike)
  return off < ON_ROAD_M ? cut(road, along, Number.POSITIVE_INFINITY) : road
}

export interface GlideClock {
  now: () => number
  frame: (step: () => void) => number
  cancel: (id: number) => void
}

/** Moves a mark smoothly from fix to fix. With reduced motion, or after a long jump, it is simply there. */
export class Glide {
  private at: Point | null = null
  private running: number | null = null
  private lastFix = 0

  constructor(
    private readonly show: (point: Point) => void,
    private readonly clock: GlideClock,
    private readonly calm: () => boolean,
  ) {}

  /** A new fix; `fixAt` its time in ms, by which the length of the glide is chosen. */
  to(point: Point, fixAt: number, road?: Point[] | null): void {
    const from = this.at
    const pause = Math.min(5_000, Math.max(300, fixAt - this.lastFix))
    const first = this.lastFix === 0
    this.lastFix = fixAt
    this.stop()
    const far = from ? metresBetween(from, point) : 0
    if (!from || first || far > JUMP_M || far < 0.5 || this.calm()) return this.place(point)
    const way = wayBetween(from, point, road)
    const length = way.reduce((sum, p, i) => (i === 0 ? 0 : sum + metresBetween(way[i - 1]!, p)), 0)
    const begun = this.clock.now()
    const step = (): void => {
      const t = Math.min(1, (this.clock.now() - begun) / pause)
      const reached = cut(way, 0, length * t)
      this.place(t >= 1 ? point : (reached[reached.length - 1] ?? point))
      this.running = t < 1 ? this.clock.frame(step) : null
    }
    this.running = this.clock.frame(step)
  }

  stop(): void {
    if (this.running !== null) this.clock.cancel(this.running)
    this.running = null
  }

  private place(point: Point): void {
    this.at = point
    this.show(point)
  }
}
