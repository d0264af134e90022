import { describe, expect, it } from 'vitest'
import {
  applyEvent,
  applySignal,
  fromSnapshot,
  overlay,
  prependHistory,
  raiseMarks,
  stillShown,
  unreadIn,
  type EventView,
  type OrderSnapshot,
  type Pending,
} from '../src'

const order = {
  id: 'o1', shop: 's1', number: 1042, status: 'ready' as const, placed_at: 1,
  promise: { start: 0, end: 100, source: 'note' }, times: { ready: 1 },
}

const snapshot = (): OrderSnapshot => ({
  cursor: { epoch: 'e', seq: 10 },
  role: 'courier',
  order,
  actions: ['pick_up', 'say'],
  events: [event(8), event(10)],
  more: true,
  marks: [{ person: 'me', role: 'courier', received: 10, read: 8 }],
  members: [{ person: 'b', role: 'buyer', name: '李女士' }],
  track: null,
  shop_name: '花信花店',
  shop_point: null,
  attention: [],
  live: [],
  muted: false,
})

function event(seq: number, more: Partial<EventView> = {}): EventView {
  const actor = { person: 'b', role: 'buyer', name: '李女士' }
  return { shop: 's1', order: 'o1', seq, at: seq * 1000, type: 'message_sent', v: 1, actor, body: { text: `m${seq}` }, ...more }
}

const row = (name: Pending['name'], fields: object = {}, n = 1): Pending => ({
  n, command_id: `c${n}`, person: 'me', order: 'o1', name, fields: { ...fields }, device_at: 5, state: 'waiting', tries: 0, sentence: '', code: '',
})

describe('events', () => {
  it('a delta is assigned over the order, null empties a field, actions are replaced', () => {
    const state = applyEvent(fromSnapshot(snapshot()), event(12, {
      type: 'status_changed', delta: { status: 'picked_up', change: null }, actions: ['set_off'],
    }))
    expect(state.order.status).toBe('picked_up')
    expect(state.order.change).toBeNull()
    expect(state.order.number).toBe(1042)
    expect(state.actions).toEqual(['set_off'])
    expect(state.cursor).toEqual({ epoch: 'e', seq: 12 })
  })

  it('overlays are laid over by entry, a null entry goes, null empties them', () => {
    const laid = (state: ReturnType<typeof fromSnapshot>, seq: number, overlays: object | null) =>
      applyEvent(state, event(seq, { type: 'reaction_changed', delta: { overlays } }))
    const first = laid(fromSnapshot(snapshot()), 11, { 8: { edited_at: 5, text: '好' } })
    const second = laid(first, 12, { 9: { recalled_at: 6 } })
    expect(second.order.overlays).toEqual({ 8: { edited_at: 5, text: '好' }, 9: { recalled_at: 6 } })
    expect(first.order.overlays).toEqual({ 8: { edited_at: 5, text: '好' } })
    expect(laid(second, 13, { 8: null }).order.overlays).toEqual({ 9: { recalled_at: 6 } })
    expect(laid(second, 13, null).order.overlays).toBeNull()
  })

  it('an event that is already in changes nothing', () => {
    const state = fromSnapshot(snapshot())
    expect(applyEvent(state, event(10))).toBe(state)
    expect(applyEvent(state, event(3))).toBe(state)
  })

  it('an event of another order changes nothing', () => {
    const state = fromSnapshot(snapshot())
    expect(applyEvent(state, event(11, { order: 'o2' }))).toBe(state)
  })

  it('older pages are put before, each event once', () => {
    const state = prependHistory(fromSnapshot(snapshot()), [event(2), event(8)], false)
    expect(state.events.map((one) => one.seq)).toEqual([2, 8, 10])
    expect(state.more).toBe(false)
  })

  it('counts messages of others after my mark, not notices and not mine', () => {
    const mine = event(11, { actor: { person: 'me', role: 'courier' } })
    expect(unreadIn([event(8), event(10), mine, event(12, { type: 'notice_posted' })], 8, 'me')).toBe(1)
    expect(unreadIn([event(11, { type: 'question_asked' }), event(12, { type: 'live_shared' })], 8, 'me')).toBe(2)
    expect(unreadIn([event(11, { type: 'reaction_changed' })], 8, 'me')).toBe(0)
  })
})

describe('live positions', () => {
  const live = (seq: number, at: number) => ({
    signal: 'live' as const, order: 'o1', seq, person: 'b', role: 'courier', point: { lat: 30, lon: 120 }, at, until: 999_999,
  })

  it('the newest of each share counts, another order is not ours', () => {
    let state = applySignal(fromSnapshot(snapshot()), live(7, 100))
    state = applySignal(state, live(7, 90))
    state = applySignal(state, live(9, 50))
    expect(state.live?.map(({ seq, at }) => [seq, at])).toEqual([[7, 100], [9, 50]])
    expect(applySignal(state, { ...live(7, 300), order: 'o2' })).toBe(state)
  })
})

describe('signals', () => {
  it('marks only ever move forward', () => {
    const marks = raiseMarks([{ person: 'b', role: 'buyer', received: 9, read: 9 }], { person: 'b', role: 'buyer', received: 12, read: 4 })
    expect(marks).toEqual([{ person: 'b', role: 'buyer', received: 12, read: 9 }])
  })

  it('the path stays until a new one comes', () => {
    const first = applySignal(fromSnapshot(snapshot()), {
      signal: 'track', track: { order: 'o1', path: [{ lat: 1, lon: 1 }, { lat: 2, lon: 2 }] },
    })
    const second = applySignal(first, { signal: 'track', track: { order: 'o1', stale: true } })
    expect(second.track?.path).toHaveLength(2)
    expect(second.track?.stale).toBe(true)
  })

  it('presence touches the one member', () => {
    const state = applySignal(fromSnapshot(snapshot()), { signal: 'presence', order: 'o1', person: 'b', online: true, last_seen: 3 })
    expect(state.members[0]).toMatchObject({ online: true, last_seen: 3 })
  })
})

describe('one\'s own taps before the answer', () => {
  it('move the order on and offer the next act, marked as a guess', () => {
    const shown = overlay(order, ['pick_up'], 'courier', [row('pick_up'), row('set_off', {}, 2)])
    expect(shown.order.status).toBe('delivering')
    expect(shown.actions).toContain('mark_arrived')
    expect(shown.guessed).toBe(true)
    expect(order.status).toBe('ready')
  })

  it('an agreed time is shown at once', () => {
    expect(overlay(order, [], 'courier', [row('agree_time', { at: 77 })]).order.agreed_at).toBe(77)
  })

  it('leave the list when their event is there', () => {
    const pending = [row('say', {}, 1), row('say', {}, 2)]
    const shown = stillShown(pending, [{ pending: row('say', {}, 1), result: { shop: 's', seq: 9, at: 1 } }], [event(9, { command_id: 'c1' })])
    expect(shown.map((one) => one.command_id)).toEqual(['c2'])
  })
})

describe('answers on their way', () => {
  const change = {
    id: 'ch', asked_by: 'buyer', asked_at: 1, promise: null, address: null, recipient: null, card: null, lines: null,
    cancel: false, status: 'asked', answered_by: '', reason: '', needs: ['courier', 'shop'], agreed: [], expires_at: 9, fee: 0, zone: null, counter: null,
  }
  const incident = {
    id: 'in', reason: 'no_answer' as const, at: 1, reporter: '', role: 'courier', note: '', delay_minutes: 0, picture: '', status: 'open',
    resolution: '', playbook: 'door', stage: 'ask', decides: 'buyer', choices: ['guard', 'return'], until: 9, default: 'return', decided: [],
    offer: '', percent: 0, minutes: 0, refund: 0, joined: [], outcome: '', closed_at: 0,
  }

  it('one yes of several leaves it asked, the shop decides for all', () => {
    const shown = { ...order, change }
    const yes = [row('answer_change', { change: 'ch', accept: true })]
    const byCourier = overlay(shown, ['answer_change'], 'courier', yes).order.change
    expect([byCourier?.status, byCourier?.needs]).toEqual(['asked', ['shop']])
    expect(overlay(shown, ['answer_change'], 'shop', yes).order.change?.status).toBe('confirmed')
    expect(overlay(shown, [], 'courier', [row('counter_change', { change: 'ch' })]).order.change?.status).toBe('countered')
  })

  it('a decision takes its buttons away at once, one of another stage does not', () => {
    const shown = { ...order, incidents: [incident] }
    const after = overlay(shown, [], 'buyer', [row('decide_incident', { incident: 'in', stage: 'ask', choice: 'guard' })]).order
    expect(after.incidents?.[0]?.stage).toBe('')
    expect(after.incidents?.[0]?.decided.at(-1)?.choice).toBe('guard')
    const old = overlay(shown, [], 'buyer', [row('decide_incident', { incident: 'in', stage: 'call', choice: 'reached' })]).order
    expect(old.incidents?.[0]?.stage).toBe('ask')
  })
})
