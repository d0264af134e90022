import { describe, expect, it } from 'vitest'
import type { Bouquet, Gates } from '@huaxin/sync'
import { isAsked, metresBetween, needed, needsName, standing, TAKERS } from '../src/handing/needs'
import zh from '../src/handing/zh'

const ALL: Gates = { photo: 'required', answer_minutes: 15, open_fix: 'refuse', picture: true, signature: true, code: true }
const made = (change: Partial<Bouquet>): Bouquet => ({
  id: 'b', picture: 'p', at: 0, status: 'asked', answer_by: 100, answered_at: 0, fix: '', earlier: [], ...change,
})

describe('what is asked for at the door (PD-1, PD-2, PD-5)', () => {
  it.each([
    [ALL, 'self', true, ['picture', 'signature', 'code']],
    [ALL, 'self', false, ['picture', 'signature']],
    [ALL, 'locker', true, ['picture']],
    [{ ...ALL, picture: false, signature: false }, 'guard', false, []],
    [null, 'self', true, []],
  ] as const)('%#', (gates, taker, hasCode, wanted) => {
    expect(needed(gates, taker, hasCode)).toEqual(wanted)
  })

  it('everybody who may take them has a word', () => {
    expect(Object.keys(zh.taker)).toEqual([...TAKERS])
    expect(TAKERS.filter(needsName)).toEqual(['guard', 'neighbour', 'locker'])
  })

  it('a distance', () => {
    expect(metresBetween({ lat: 30, lon: 120 }, { lat: 30.01, lon: 120 })).toBeCloseTo(1113, 0)
  })
})

describe('what the picture stands for (PG-2, PG-3)', () => {
  it('no answer in time is a yes', () => {
    expect([isAsked(made({}), 100), isAsked(made({}), 101)]).toEqual([true, false])
    expect([standing(made({}), 100), standing(made({}), 101)]).toEqual(['asked', 'lapsed'])
  })

  it('a change that was made says so', () => {
    expect(standing(made({ status: 'shown', fix: '丝带' }), 0)).toBe('fixed')
    expect(standing(made({ status: 'fix', fix: '丝带' }), 0)).toBe('fix')
  })
})
