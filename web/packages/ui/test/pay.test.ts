import type { Payment, Refund } from '@huaxin/sync'
import { describe, expect, it } from 'vitest'
import { leftOf, payState, sumsOf } from '../src/words/pay'

const payment = (some: Partial<Payment>): Payment => ({ method: 'at_shop', paid: 0, refunded: 0, reference: '', at: 0, due: -1, owed: 0, ...some })
const refund = (some: Partial<Refund>): Refund => ({ id: 'r', source: 'remedy', at: 1, amount: 300, reason: '', lowers: true, back: 0, back_at: 0, ...some })

describe('the account of an order (IM-34)', () => {
  it('says what is left to pay, by what the order costs now', () => {
    expect(sumsOf({ total: 1000, payment: payment({ paid: 200, due: 700 }) })).toEqual({ due: 700, left: 500, held: 200 })
    expect(sumsOf({ total: 1000, payment: payment({ paid: 1000, refunded: 300, due: 700 }) }).left).toBe(0)
    expect(sumsOf({ total: 1000, payment: payment({ paid: 400 }) }).left, 'kept before there were accounts').toBe(600)
  })

  it('gives back no more than was paid too much', () => {
    expect(leftOf(refund({}), payment({ paid: 0, due: 700 }))).toBe(0)
    expect(leftOf(refund({}), payment({ paid: 900, due: 700, owed: 200 }))).toBe(200)
    expect(leftOf(refund({ back: 300 }), payment({ owed: 200 }))).toBe(0)
  })

  it('has a word for each state', () => {
    const keys = [payment({ due: 0 }), payment({ due: 900 }), payment({ paid: 400, due: 900 }), payment({ paid: 900, due: 900 }), payment({ paid: 900, refunded: 300, due: 600 }), payment({ paid: 900, refunded: 900, due: 0 })]
    expect(keys.map((one) => payState({ total: 900, payment: one })?.key)).toEqual(['free', 'unpaid', 'part', 'paid', 'refunded_part', 'refunded'])
  })
})
