import type { TransportName } from 'centrifuge'

export type Transport = Extract<TransportName, 'websocket' | 'http_stream' | 'sse'>

/** One way to the server: how, and to which of its addresses. */
export interface Way {
  transport: Transport
  base: string
}

const TRANSPORTS: readonly Transport[] = ['websocket', 'http_stream', 'sse']

export const sameWay = (a: Way, b: Way): boolean => a.transport === b.transport && a.base === b.base

/** Every way once, best first. What blocks WebSocket blocks it to every address, so all addresses come before the next kind. */
export function waysOf(bases: readonly string[]): Way[] {
  return TRANSPORTS.flatMap((transport) => bases.map((base) => ({ transport, base })))
}

/** A round of tries: the way that stood a moment ago first. */
export function roundOf(bases: readonly string[], last: Way | null): Way[] {
  const all = waysOf(bases)
  const again = last && all.find((way) => sameWay(way, last))
  return again ? [again, ...all.filter((way) => way !== again)] : all
}

export function addressOf({ transport, base }: Way): string {
  const scheme = transport === 'websocket' ? base.replace(/^http/, 'ws') : base
  return `${scheme}/connection/${transport}`
}

/** Half of it at random, so that a thousand phones do not come back at once. */
export function jittered(tries: number, first: number, longest: number, random: () => number = Math.random): number {
  const ceiling = Math.min(longest, first * 2 ** Math.min(tries, 10))
  return ceiling / 2 + (random() * ceiling) / 2
}
