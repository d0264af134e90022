import { describe, expect, it } from 'vitest'
import { askedFor, bench, hasteOf, stageOf } from '../src/board/making'
import { by, card, MIN, NOW } from './fixtures'

const bouquet = (status: string) => ({
  id: 'b', picture: 'p', at: NOW, status, answer_by: 0, answered_at: 0, fix: status === 'fix' ? '丝带' : '', earlier: [],
})

describe('the bench (FQ-2, FQ-3)', () => {
  it('what must be ready first stands first, wherever it is', () => {
    const cards = [
      card('making', { id: 'late', ...by(NOW + 90 * MIN) }),
      card('confirmed', { id: 'near', ...by(NOW + 120 * MIN) }),
    ]
    const rows = bench(cards, { late: NOW + 60 * MIN, near: NOW + 20 * MIN })
    expect(rows.map((row) => row.card.order.id)).toEqual(['near', 'late'])
    expect(rows.map((row) => hasteOf(row, NOW))).toEqual(['soon', 'calm'])
    expect(hasteOf(rows[0]!, NOW + 21 * MIN)).toBe('late')
  })

  it('a change that was asked for puts it back to the beginning', () => {
    for (const status of ['making', 'ready', 'assigned'] as const) {
      expect(stageOf(card(status, { bouquet: bouquet('fix') }).order)).toBe('todo')
    }
    expect(bench([card('ready', { bouquet: bouquet('fix') })], {})[0]?.fix).toBe('丝带')
    expect(stageOf(card('ready', { bouquet: bouquet('approved') }).order)).toBe('ready')
  })

  it('what is not confirmed yet or has left is not on it', () => {
    for (const status of ['placed', 'picked_up', 'delivered', 'cancelled'] as const) {
      expect(stageOf(card(status).order)).toBeNull()
    }
  })

  it('a new promise or another order is a new question', () => {
    const one = card('making', { id: 'o', ...by(NOW) })
    const later = card('making', { id: 'o', ...by(NOW + 1) })
    expect(askedFor([one])).not.toBe(askedFor([later]))
    expect(askedFor([one, card('delivered')])).toBe(askedFor([one]))
  })
})
