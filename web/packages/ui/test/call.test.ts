import { describe, expect, it } from 'vitest'
import type { CallEnded, OrderView } from '@huaxin/sync'
import { callable } from '../src/call/callable'
import { isUnanswered, lengthOf, lineOf } from '../src/call/lines'

const ended = (why: string, ms = 0): CallEnded => ({ call: 'c', media: 'audio', why, by_person: 'li', by_role: 'buyer', to: ['courier'], duration_ms: ms, text: { zh: '', en: '' } })

describe('what stays of a call', () => {
  it('says how long it was, as a clock does', () => {
    expect([133_000, 0, 3_725_000].map(lengthOf)).toEqual(['02:13', '00:00', '1:02:05'])
  })

  it('is told from where one stands', () => {
    expect([lineOf(ended('missed'), 'li'), lineOf(ended('missed'), 'zhang')]).toEqual(['missed_out', 'missed_in'])
    expect(lineOf(ended('busy'), 'li')).toBe('busy_out')
    expect(lineOf(ended('lost', 5_000), 'li')).toBe('talked')
    expect(lineOf(ended('failed'), 'li')).toBe('failed')
  })

  it('one calls back what nobody answered', () => {
    expect(isUnanswered(ended('missed'))).toBe(true)
    expect(isUnanswered(ended('hung_up', 9_000))).toBe(false)
  })
})

it('whom one may ring is what the server offers', () => {
  const order = { id: 'o', courier: { name: '小张' } } as OrderView
  expect(callable(order, ['say', 'ring_courier', 'ring_shop'])).toEqual([
    { role: 'courier', name: '小张' },
    { role: 'shop', name: '' },
  ])
})
