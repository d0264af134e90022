import { describe, expect, it } from 'vitest'
import type { OrderView, Pending, StopView } from '@huaxin/sync'
import { held, isOnBike, isWithOther, lateMinutes, mainAct, moved, newestUndo } from '../src/run/stops'

const order = (id: string, more: Partial<OrderView> = {}): OrderView => ({
  id, shop: 's', number: 1, status: 'delivering', placed_at: 0, promise: { start: 0, end: 600_000, source: 'window' }, ...more,
})
const stop = (more: Partial<StopView> = {}): StopView => ({ rank: 0, eta_at: 0, order: order('a'), actions: [], distance_m: 0, unread: 0, ...more })

describe('the one next action', () => {
  it.each([
    [['pick_up', 'agree_time'], 'pick_up', true],
    [['set_off', 'mark_arrived', 'deliver'], 'set_off', false],
    [['mark_arriving', 'mark_arrived', 'deliver'], 'mark_arrived', false],
    [['deliver', 'fail_delivery'], 'deliver', true],
    [['retry_delivery', 'start_return'], 'retry_delivery', false],
  ])('%j', (actions, name, slide) => {
    expect(mainAct(actions)).toEqual({ name, slide })
  })
  it('is nothing while the shop has to act', () => {
    expect(mainAct(['say'])).toBeNull()
  })
})

describe('flowers on another bike', () => {
  const held = (person: string) => stop({ actions: ['pick_up'], order: order('a', { status: 'assigned', held_by: { person, name: '老周' } }) })
  it('are met first, unless the bike is my own', () => {
    expect(isWithOther(held('zhou'), 'me')).toBe(true)
    expect(isWithOther(held('me'), 'me')).toBe(false)
    expect(isWithOther(stop({ actions: ['pick_up'] }), 'me')).toBe(false)
  })
  it('are what one has until they are handed over', () => {
    expect(['assigned', 'picked_up', 'arrived', 'delivered'].map((status) => isOnBike(order('a', { status: status as OrderView['status'] })))).toEqual([false, true, true, false])
  })
})

describe('lateness', () => {
  it('is counted from the later of promise and agreement', () => {
    expect(lateMinutes(stop({ eta_at: 900_000 }))).toBe(5)
    expect(lateMinutes(stop({ eta_at: 900_000, order: order('a', { agreed_at: 900_000 }) }))).toBe(0)
  })
})

describe('taking back', () => {
  const undo = (until: number, command = 'pick_up') => ({ by: 'me', command, until })
  const row = (id: string, device_at: number): Pending => ({
    command_id: id, person: 'me', order: id, name: 'pick_up', fields: {}, device_at, state: 'waiting', tries: 0, sentence: '', code: '',
  })

  it('one slide that picked up three orders is taken back as one', () => {
    const orders = [order('a', { undo: undo(20_000) }), order('b', { undo: undo(20_200) }), order('c', { undo: undo(15_000, 'set_off') })]
    expect(newestUndo(orders, [], 11_000, 0)).toMatchObject({ command: 'pick_up', orders: ['a', 'b'], rows: [] })
  })

  it('a tap that was never sent is simply dropped', () => {
    expect(newestUndo([], [row('x', 5_000)], 8_000, 0)).toMatchObject({ orders: [], rows: ['x'] })
  })

  it('is over after ten seconds, by the clock of the server', () => {
    expect(newestUndo([order('a', { undo: undo(10_000) })], [], 10_001, 0)).toBeNull()
    expect(newestUndo([], [row('x', 5_000)], 5_000 + 180_000, 180_000)).not.toBeNull()
  })
})

describe('the order of stops by hand', () => {
  it('moves one stop and leaves the rest in their order', () => {
    expect(moved(['a', 'b', 'c'], 2, 0)).toEqual(['c', 'a', 'b'])
    expect(moved(['a', 'b', 'c'], 0, 1)).toEqual(['b', 'a', 'c'])
    expect(moved(['a', 'b'], 0, -1)).toEqual(['a', 'b'])
    expect(moved(['a', 'b'], 1, 2)).toEqual(['a', 'b'])
  })
})

describe('flowers that should not leave yet (PG-1, PG-4)', () => {
  const gates = { photo: 'required', answer_minutes: 15, open_fix: 'warn', picture: false, signature: false, code: false } as const
  const bouquet = { id: 'b', picture: 'p', at: 1, status: 'fix', answer_by: 0, answered_at: 1, fix: '丝带', earlier: [] }

  it('is said, and whether the shop lets them', () => {
    expect(held(order('o', { bouquet }), gates)).toEqual({ key: 'pickup.fix_open', what: '丝带', hard: false })
    expect(held(order('o', { bouquet }), { ...gates, open_fix: 'refuse' })?.hard).toBe(true)
    expect(held(order('o', { bouquet }), null)?.hard).toBe(true)
    expect(held(order('o'), gates)?.key).toBe('pickup.no_photo')
    expect(held(order('o', { bouquet: { ...bouquet, status: 'approved' } }), gates)).toBeNull()
    expect(held(order('o'), { ...gates, photo: 'wanted' })).toBeNull()
  })
})
