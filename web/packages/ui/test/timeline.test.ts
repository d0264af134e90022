import { describe, expect, it } from 'vitest'
import type { EventView, Pending } from '@huaxin/sync'
import { callLink, mapLink, navigationLink, receiptOf, timeline } from '../src'
import { saidOf } from '../src/chat/said'
import { newestOf } from '../src/chat/timeline'

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

  it('the divider waits until the place where it belongs is loaded', () => {
    const events = [event(5, 'message_sent', 'b'), event(6, 'message_sent', 'b')]
    expect(kinds(timeline({ ...base, events, readUpTo: 2, more: true }))).toBe('time message message')
    expect(kinds(timeline({ ...base, events, readUpTo: 5, more: true }))).toBe('time message unread message')
    expect(kinds(timeline({ ...base, events, readUpTo: 2 }))).toBe('time unread message message')
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

describe('what more a conversation holds', () => {
  it('questions and shared positions are messages', () => {
    const events = [event(1, 'question_asked', 'b'), event(2, 'live_shared', 'me'), event(3, 'message_edited', 'b'), event(4, 'reaction_changed', 'b')]
    expect(kinds(timeline({ ...base, events }))).toBe('time message message')
  })

  it('changes and troubles are cards, answers of the system are quiet', () => {
    const events = [event(1, 'change_asked', 'b'), event(2, 'incident_reported', 'c'), event(3, 'answer_given', 'system')]
    expect(kinds(timeline({ ...base, events }))).toBe('time card card answer')
  })

  it('the way has one card, where it began, and none for who rides', () => {
    const moved = (seq: number, after: string) => event(seq, 'status_changed', 'c', { body: { before: 'ready', after } })
    const events = [moved(1, 'picked_up'), moved(2, 'delivering'), moved(3, 'picked_up'), moved(4, 'arriving')]
    expect(kinds(timeline({ ...base, events }))).toBe('time fact fact card fact')
    expect(kinds(timeline({ ...base, events, role: 'courier' }))).toBe('time fact fact fact fact')
  })

  it('a card shows the newest that was said of the same', () => {
    const change = (seq: number, id: string, status: string) => event(seq, 'change_asked', 'b', { body: { change: { id, status } } })
    const events = [change(1, 'x', 'asked'), change(2, 'y', 'asked'), change(3, 'x', 'confirmed')]
    expect(newestOf(events, 'change', { id: 'x', status: 'asked' })).toEqual({ id: 'x', status: 'confirmed' })
    expect(newestOf(events, 'change', { id: 'z', status: 'asked' })).toEqual({ id: 'z', status: 'asked' })
  })

  it('several forwarded with one command have keys of their own', () => {
    const events = [1, 2].map((seq) => event(seq, 'message_sent', 'b', { command_id: 'k', body: { forwarded: true } }))
    const keys = timeline({ ...base, events }).map((item) => item.key)
    expect(new Set(keys).size).toBe(keys.length)
  })

  it('receipts count only those who hear it', () => {
    const marks = [{ person: 'c', role: 'courier', received: 9, read: 9 }, { person: 's', role: 'shop', received: 9, read: 0 }]
    expect(receiptOf(8, marks, 'me', ['buyer', 'shop'])).toEqual({ state: 'received', roles: ['shop'] })
  })
})

describe('what stands in a bubble', () => {
  const known = (seq: number) => (seq === 5 ? event(5, 'message_sent', 'c', { body: { name: '张师傅', text: '到了' } }) : undefined)
  const pending = (name: Pending['name'], fields: object) =>
    fromItem({ command_id: 'k', name, device_at: 1, state: 'waiting', fields } as unknown as Pending)
  const fromItem = (row: Pending) => saidOf({ kind: 'pending', key: 'k', at: 1, row, first: true }, known)

  it('an answer quotes before the server has said so', () => {
    expect(pending('say', { text: '好', reply_to: 5 }).quote).toMatchObject({ seq: 5, name: '张师傅', text: '到了', kind: 'text' })
    expect(pending('say', { text: '好' }).quote).toBeNull()
  })
  it('every kind that can be on its way', () => {
    expect(pending('send_place', { point: { lat: 1, lon: 2 }, name: '门' })).toMatchObject({ kind: 'place', place: { name: '门' } })
    expect(pending('ask', { text: '哪里', options: ['a', 'b'], minutes: 15 }).question).toMatchObject({ options: ['a', 'b'], until: 900_001 })
    expect(pending('share_live', { minutes: 30 }).live?.until).toBe(1_800_001)
    expect(pending('forward_messages', { seqs: [1, 2] })).toMatchObject({ kind: 'forward', count: 2 })
  })
})
