/** What two pages tell each other directly. */
export type Said =
  | { t: 'state'; cam: boolean; mic: boolean; low: boolean }
  /** A finger on a picture, as parts of its width and height. `mine`: on the teller's own. */
  | { t: 'point'; x: number; y: number; mine: boolean }

export interface Described {
  sid: string
  /** Whom an answer answers. */
  to: string
  sdp: string
  candidates: RTCIceCandidateInit[]
}

const MOST_SDP = 16_000
const MOST_CANDIDATES = 40

/** What came by way of the server, read; null: not to be understood. */
export function readOffer(kind: string, data: string): Described | null {
  if (!['offer', 'answer', 'ice'].includes(kind) || data.length > MOST_SDP) return null
  try {
    const found: unknown = JSON.parse(data)
    if (typeof found !== 'object' || found === null) return null
    const { sid, to, sdp, candidates } = found as Partial<Described>
    if (typeof sid !== 'string' || !sid || sid.length > 64) return null
    if (kind !== 'ice' && (typeof sdp !== 'string' || !sdp.startsWith('v=0'))) return null
    if (kind === 'ice' && !Array.isArray(candidates)) return null
    return {
      sid,
      to: typeof to === 'string' ? to : '',
      sdp: sdp ?? '',
      candidates: (candidates ?? []).slice(0, MOST_CANDIDATES),
    }
  } catch {
    return null
  }
}

export function readPoint(words: Said): { x: number; y: number; mine: boolean } | null {
  if (words.t !== 'point') return null
  const inside = (n: unknown): n is number => typeof n === 'number' && n >= 0 && n <= 1
  return inside(words.x) && inside(words.y) ? { x: words.x, y: words.y, mine: words.mine === true } : null
}

const GATHER_MS = 40

/** Ways found within a moment go out together: a relay gives several at once, and the server counts signals. */
export class Outward {
  private found: RTCIceCandidateInit[] = []
  private timer: ReturnType<typeof setTimeout> | undefined

  constructor(private readonly send: (candidates: RTCIceCandidateInit[]) => void) {}

  add(candidate: RTCIceCandidateInit | null): void {
    // An end with nothing before it says nothing that matters.
    if (!candidate || candidate.candidate === '') return
    this.found.push(candidate)
    this.timer ??= setTimeout(() => this.flush(), GATHER_MS)
  }

  stop(): void {
    clearTimeout(this.timer)
    this.timer = undefined
    this.found = []
  }

  private flush(): void {
    this.timer = undefined
    const now = this.found.splice(0)
    if (now.length > 0) this.send(now)
  }
}
