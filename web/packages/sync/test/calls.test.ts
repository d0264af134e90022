import { describe, expect, it } from 'vitest'
import { Calls, ringsFor } from '../src/calls'
import type { CallView, OrderView } from '../src/types.gen'

const call = (more: Partial<CallView> = {}): CallView => ({
  id: 'c', media: 'audio', at: 1, by_person: 'li', by_role: 'buyer', by_name: '', to: ['courier'], ringing: ['courier'],
  declined: [], members: [{ person: 'li', role: 'buyer', device: 'd', joined_at: 1, name: '' }], state: 'ringing',
  answered_at: 0, ring_until: 100, ring_ms: 45_000, ...more,
})

describe('CA-30: a ring', () => {
  it('rings for the role that is rung, until its time is over, somebody took it or the person refused it', () => {
    expect(ringsFor(call(), 'zhang', 'courier', 50)).toBe(true)
    expect(ringsFor(call(), 'zhang', 'courier', 100)).toBe(false)
    expect(ringsFor(call(), 'lin', 'shop', 50)).toBe(false)
    expect(ringsFor(call({ ringing: [], state: 'talking' }), 'zhang', 'courier', 50)).toBe(false)
    expect(ringsFor(call({ declined: ['zhang'] }), 'zhang', 'courier', 50)).toBe(false)
    expect(ringsFor(call({ ringing: ['buyer'] }), 'li', 'buyer', 50)).toBe(false)
  })

  it('is heard from every screen that lends its ears, once; silenced here it is silent', () => {
    const calls = new Calls(() => 'zhang', () => 50)
    const cards = (ones: CallView[]) => () => [{ order: { id: 'o', calls: ones } as OrderView, role: 'courier' as const, actions: [] }]
    const stop = calls.hear(cards([call(), call({ id: 'b', at: 0 })]))
    calls.hear(cards([call(), call({ id: 'b', at: 0 })]))
    expect(calls.ringing().map((one) => one.call.id)).toEqual(['b', 'c'])
    calls.silenced.add('b')
    expect(calls.ringing().map((one) => one.call.id)).toEqual(['c'])
    stop()
    expect(calls.ringing()).toHaveLength(1)
  })

  it('a page that was loaded anew knows the call it was in', () => {
    const calls = new Calls(() => 'zhang', () => 50)
    const mine = { person: 'zhang', role: 'courier' as const, device: calls.device, joined_at: 2, name: '' }
    calls.hear(() => [{ order: { id: 'o', calls: [call({ members: [mine] })] } as OrderView, role: 'courier', actions: [] }])
    expect(calls.left()?.call.id).toBe('c')
    expect(new Calls(() => 'zhang', () => 50).device).toBe(calls.device)
  })

  it('nobody begins a call during a call', () => {
    const calls = new Calls(() => 'zhang', () => 50)
    calls.current.value = 'c'
    calls.start({ order: 'o', media: 'audio', to: ['buyer'], name: '' })
    expect(calls.wish.value).toBeNull()
  })
})
