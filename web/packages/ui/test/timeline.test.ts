import { describe, expect, it } from 'vitest'
import type { EventView, Pending } from '@huaxin/sync'
import { callLink, mapLink, navigationLink, receiptOf, timeline } from '../src'

function event(seq: number, type: string, person: string, more: Partial<EventView> = {}): EventView {
  return { shop: 's', order: 'o', seq, at: 1_800_000_000_000 + seq * 1000, type, v: 1, actor: { person, role: 'buyer' }, body: {}, ...more }
}
const base = { pending: [], person: 'me', readUpTo: 0 }
const kinds = (items: { kind: string }[]): string => items.map((item) => item.kind).join(' ')

describe('the conversation as a list', () => {
  it('a fact that a notice speaks of is not said twice', () => {
    const events = [
      event(1, 'status_changed', 'c', { command_id: 'x' }),
      event(2, 'notice_posted', 'system', { command_id: 'x' }),
      event(3, 'status_changed', 'c', { command_id: 'y' }),
      event(4, 'order_updated', 'c'),
    ]
    expect(kinds(timeline({ ...base, events }))).toBe('time notice fact')
  })

  it('the unread divider stands before the first of somebody else', () => {
    const events = [event(1, 'message_sent', 'b'), event(2, 'message_sent', 'me'), event(3, 'message_sent', 'b')]
    expect(kinds(timeline({ ...base, events, readUpTo: 1 }))).toBe('time message message unread message')
  })

  it('a name stands over the first bubble of a sender', () => {
    const events = [event(1, 'message_sent', 'b'), event(2, 'message_sent', 'b'), event(3, 'message_sent', 'c')]
    const firsts = timeline({ ...base, events }).flatMap((item) => (item.kind === 'message' ? [item.first] : []))
    expect(firsts).toEqual([true, false, true])
  })

  it('a pending message keeps its key when it becomes a fact', () => {
    const row = { command_id: 'k', name: 'say', device_at: 1, state: 'waiting' } as Pending
    const before = timeline({ ...base, events: [], pending: [row] })
    const after = timeline({ ...base, events: [event(1, 'message_sent', 'me', { command_id: 'k' })] })
    expect(before[before.length - 1]?.key).toBe(after[after.length - 1]?.key)
  })

  it('receipts name who has read', () => {
    const marks = [
      { person: 'me', role: 'buyer', received: 9, read: 9 },
      { person: 'c', role: 'courier', received: 9, read: 9 },
      { person: 's', role: 'shop', received: 9, read: 2 },
    ]
    expect(receiptOf(8, marks, 'me')).toEqual({ state: 'read', roles: ['courier'] })
    expect(receiptOf(8, marks.slice(2), 'me')).toEqual({ state: 'received', roles: ['shop'] })
    expect(receiptOf(10, marks, 'me').state).toBe('sent')
  })
})

describe('links out of the conversation', () => {
  const point = { lat: 30.25, lon: 120.1 }
  it('say which datum they speak, so that nothing is half a kilometre off', () => {
    expect(mapLink(point, '阳光小区')).toContain('coordinate=wgs84')
    expect(decodeURIComponent(navigationLink(point, '阳光小区'))).toContain('to=120.100000,30.250000,阳光小区')
    expect(navigationLink(point, 'x')).toContain('mode=ride')
  })
  it('a masked number is not dialled', () => {
    expect(callLink('138****8888')).toBe('')
    expect(callLink('13800000001')).toBe('tel:13800000001')
  })
})
