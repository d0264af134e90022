import { shallowReactive } from 'vue'
import { asTrouble } from '../trouble'
import type { MediaLinks } from '../types.gen'

export interface LinksOptions {
  ask: (order: string, media: string[]) => Promise<MediaLinks[]>
  now?: () => number
  /** Runs when a screen has said all it wants. */
  soon?: (work: () => void) => void
}

interface Held {
  links: MediaLinks
  /** By this device's clock, which may be wrong: how long the server gave it counts, not until when. */
  until: number
}

const AT_ONCE = 60
const BEFORE_MS = 60_000
const SHORTEST_MS = 5 * 60_000
const LONGEST_MS = 110 * 60_000
const RENEW_MS = 4_000
const AGAIN_MS = 3_000

/** Addresses of media, asked for together, used until shortly before they run out. */
export class LinkBook {
  private readonly held = shallowReactive(new Map<string, Held>())
  private readonly wanted = new Map<string, Set<string>>()
  private readonly asking = new Set<string>()
  private readonly renewed = new Map<string, number>()
  /** Answered without it: not to be seen (any more). */
  readonly missing = shallowReactive(new Set<string>())
  private planned = false

  constructor(private readonly options: LinksOptions) {}

  /** What is known now; asks for the rest. Read it where changes are watched. */
  get(order: string, id: string): MediaLinks | null {
    const held = this.held.get(key(order, id))
    if (!held || held.until <= this.now()) this.want(order, id)
    return held?.links ?? null
  }

  /** An address was refused: another one, but not again and again. False: it has just been tried. */
  renew(order: string, id: string): boolean {
    const one = key(order, id)
    if (this.now() - (this.renewed.get(one) ?? -RENEW_MS) < RENEW_MS) return false
    this.renewed.set(one, this.now())
    this.missing.delete(one)
    this.want(order, id)
    return true
  }

  clear(): void {
    for (const map of [this.held, this.wanted, this.renewed, this.missing, this.asking]) map.clear()
  }

  private want(order: string, id: string): void {
    const one = key(order, id)
    if (!order || !id || this.asking.has(one) || this.missing.has(one)) return
    const ids = this.wanted.get(order) ?? new Set()
    this.wanted.set(order, ids.add(id))
    if (this.planned) return
    this.planned = true
    const soon = this.options.soon ?? ((work: () => void) => setTimeout(work, 16))
    soon(() => this.ask())
  }

  private ask(): void {
    this.planned = false
    const all = [...this.wanted]
    this.wanted.clear()
    for (const [order, ids] of all) {
      const list = [...ids]
      for (let at = 0; at < list.length; at += AT_ONCE) void this.fetch(order, list.slice(at, at + AT_ONCE))
    }
  }

  private async fetch(order: string, ids: string[]): Promise<void> {
    for (const id of ids) this.asking.add(key(order, id))
    try {
      const found = await this.options.ask(order, ids)
      for (const links of found) this.keep(order, links)
      const there = new Set(found.map((one) => one.id))
      for (const id of ids) if (!there.has(id)) this.missing.add(key(order, id))
      for (const id of ids) this.asking.delete(key(order, id))
    } catch (error) {
      const trouble = asTrouble(error)
      if (!trouble.passing && !trouble.unauthorized) return this.refused(order, ids)
      // No line: again in a while, for whoever still looks.
      setTimeout(() => {
        for (const id of ids) this.asking.delete(key(order, id))
        for (const id of ids) this.want(order, id)
      }, AGAIN_MS)
    }
  }

  /** One that the server does not take must not cost the others theirs. */
  private refused(order: string, ids: string[]): void {
    for (const id of ids) this.asking.delete(key(order, id))
    if (ids.length === 1) this.missing.add(key(order, ids[0]!))
    else for (const id of ids) void this.fetch(order, [id])
  }

  private keep(order: string, links: MediaLinks): void {
    const now = this.now()
    const lives = Math.min(LONGEST_MS, Math.max(SHORTEST_MS, links.expires_at - now - BEFORE_MS))
    this.held.set(key(order, links.id), { links, until: now + lives })
  }

  private now(): number {
    return (this.options.now ?? Date.now)()
  }
}

const key = (order: string, id: string): string => `${order} ${id}`
