import type { Attention, EtaView, EventView, OrderCard, OrderView, Status } from '@huaxin/sync'

export const NOW = Date.UTC(2026, 1, 14, 6, 0)
export const MIN = 60_000

let count = 1000

export function order(status: Status, more: Partial<OrderView> = {}): OrderView {
  count += 1
  return {
    id: `o${count}`,
    shop: 's',
    number: count,
    status,
    placed_at: NOW - 120 * MIN,
    promise: { start: NOW + 60 * MIN, end: NOW + 120 * MIN, source: 'window' },
    ...more,
  }
}

export function card(status: Status, more: Partial<OrderView> = {}, rest: Partial<OrderCard> = {}): OrderCard {
  return { order: order(status, more), role: 'shop', actions: [], attention: [], unread: 0, last: null, ...rest }
}

export const attention = (kind: string, level: string, since = NOW - MIN): Attention => ({ kind, level, since })

export const by = (end: number, start = 0) => ({ promise: { start, end, source: 'window' } })

export function eta(p50: number, p90: number, verdict = 'on_time'): EtaView {
  return { p50_at: p50, p90_at: p90, chance: 0.9, verdict }
}

export function said(role: string, at = NOW - MIN): EventView {
  return {
    shop: 's',
    order: 'o',
    seq: 1,
    at,
    type: 'message_sent',
    v: 1,
    actor: { person: role, role },
    body: { name: role, to: [], text: '到哪了' },
  }
}
