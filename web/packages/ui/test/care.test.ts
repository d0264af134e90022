import type { OrderView } from '@huaxin/sync'
import { describe, expect, it } from 'vitest'
import { contactWish, mayCall, policyOf } from '../src/care/useCare'

const order = (fields: Partial<OrderView>): OrderView => ({ status: 'delivering', ...fields }) as OrderView
const contact = (policy: 'free' | 'door' | 'after' | 'never' | '', opened_at = 0) => ({ policy, after: 9, opened_at, anonymous: false })

describe('the contact policy on a screen', () => {
  it('a surprise that says nothing waits for the door', () => {
    expect(policyOf(order({}))).toBe('free')
    expect(policyOf(order({ surprise: true }))).toBe('door')
    expect(policyOf(order({ surprise: true, contact: contact('') }))).toBe('door')
    expect(policyOf(order({ surprise: true, contact: contact('free') }))).toBe('free')
  })

  it('offers no call before it may be', () => {
    expect(mayCall(order({ contact: contact('free') }))).toBe(true)
    expect(mayCall(order({ contact: contact('door') }))).toBe(false)
    expect(mayCall(order({ contact: contact('door'), status: 'arrived' }))).toBe(true)
    expect(mayCall(order({ contact: contact('after') }))).toBe(false)
    expect(mayCall(order({ contact: contact('after', 10) }))).toBe(true)
    expect(mayCall(order({ contact: contact('after'), status: 'delivered' }))).toBe(true)
    for (const status of ['delivering', 'arrived', 'delivered'] as const) {
      expect(mayCall(order({ contact: contact('never'), status }))).toBe(false)
    }
  })

  it('sends no time where none is meant', () => {
    expect(contactWish('door', 5)).toEqual({ policy: 'door', after: 0 })
    expect(contactWish('after', 5)).toEqual({ policy: 'after', after: 5 })
  })
})
