import { describe, expect, it } from 'vitest'
import en from '../src/i18n/en'
import zh from '../src/i18n/zh'
import { grouped } from '../src/board/groups'
import { markTone, needsOf, needy, tight, toneOf } from '../src/board/needs'
import { MIN, NOW, attention, by, card, eta, said } from './fixtures'

describe('needy', () => {
  it('puts the worst first and, of the same kind, whoever has waited longest', () => {
    const confirm = card('placed', {}, { attention: [attention('confirm', 'ask', NOW - 9 * MIN)] })
    const tyre = card('delivering', {}, { attention: [attention('incident', 'alarm', NOW - MIN)] })
    const older = card('delivering', {}, { attention: [attention('incident', 'alarm', NOW - 5 * MIN)] })
    const slipping = card('delivering', {}, { attention: [attention('slipping', 'warn')] })
    const calm = card('making')
    const found = needy([confirm, tyre, calm, slipping, older], NOW)
    expect(found.map((one) => one.card)).toEqual([older, tyre, slipping, confirm])
  })

  it('calls an order late when its promise passes, though no event came', () => {
    const order = card('delivering', by(NOW - MIN))
    expect(needsOf(order, NOW)[0]).toEqual({ kind: 'late', level: 'alarm', since: NOW - MIN })
    expect(needsOf(order, NOW - 2 * MIN)).toEqual([])
  })

  it('says late once, and not that it may become late', () => {
    const order = card('delivering', by(NOW - MIN), {
      attention: [attention('late', 'alarm', NOW - MIN), attention('slipping', 'warn')],
    })
    expect(needsOf(order, NOW).map((need) => need.kind)).toEqual(['late'])
  })

  it('has words in both languages for a reported message, and puts it before new ones', () => {
    const told = card('making', {}, { attention: [attention('report', 'ask')], unread: 1, last: said('buyer') })
    const kinds = needsOf(told, NOW).map((need) => need.kind)
    expect(kinds).toEqual(['report', 'message'])
    for (const { need } of [zh, en]) expect(kinds.every((kind) => kind in need)).toBe(true)
  })

  it('leaves finished orders alone, except when somebody writes', () => {
    expect(needsOf(card('delivered', by(NOW - MIN)), NOW)).toEqual([])
    const wrote = card('delivered', by(NOW - MIN), { unread: 1, last: said('buyer') })
    expect(needsOf(wrote, NOW).map((need) => need.kind)).toEqual(['message'])
  })

  it('does not ask for an answer that a colleague has given', () => {
    expect(needsOf(card('making', {}, { unread: 2, last: said('shop') }), NOW)).toEqual([])
  })

  it('never says that something has waited since the future', () => {
    const order = card('ready', { times: { ready: NOW - 3 * MIN } }, { attention: [attention('unassigned', 'warn', NOW + MIN)] })
    expect(needsOf(order, NOW)[0]?.since).toBe(NOW - 3 * MIN)
  })
})

describe('tight', () => {
  it('finds what will be trouble, nearest first, without what is trouble already', () => {
    const unmade = card('confirmed', by(NOW + 40 * MIN))
    const unpicked = card('assigned', by(NOW + 20 * MIN))
    const slow = card('delivering', by(NOW + 30 * MIN))
    const needed = card('making', by(NOW + 10 * MIN))
    const early = card('confirmed', by(NOW + 300 * MIN))
    const etas = { [slow.order.id]: eta(NOW + 28 * MIN, NOW + 36 * MIN, 'slipping') }
    const found = tight([unmade, unpicked, slow, needed, early], etas, NOW, new Set([needed.order.id]))
    expect(found.map((one) => [one.card, one.kind])).toEqual([
      [slow, 'eta'],
      [unpicked, 'not_picked'],
      [unmade, 'unmade'],
    ])
    expect(found[0]?.left).toBe(-6 * MIN)
  })
})

describe('toneOf', () => {
  const order = card('delivering', by(NOW + 30 * MIN)).order
  it.each([
    ['leaf', eta(NOW + 10 * MIN, NOW + 20 * MIN)],
    ['amber', eta(NOW + 25 * MIN, NOW + 35 * MIN)],
    ['amber', eta(NOW + 31 * MIN, NOW + 35 * MIN, 'slipping')],
    ['cinnabar', eta(NOW + 31 * MIN, NOW + 35 * MIN, 'late')],
    ['cinnabar', eta(NOW + 31 * MIN, NOW + 35 * MIN, 'unknown')],
    ['ink', eta(NOW + 10 * MIN, NOW + 20 * MIN, 'unknown')],
    ['ink', undefined],
  ])('is %s', (tone, predicted) => expect(toneOf(order, predicted, NOW)).toBe(tone))

  it('is red once the promise has passed, whatever is predicted', () => {
    expect(toneOf(order, eta(NOW, NOW), NOW + 31 * MIN)).toBe('cinnabar')
  })

  it('marks an order in trouble though its time is good', () => {
    const broken = { ...order, incidents: [{ status: 'open' }] } as never
    expect(toneOf(broken, eta(NOW, NOW + MIN), NOW)).toBe('leaf')
    expect(markTone(broken, eta(NOW, NOW + MIN), NOW)).toBe('cinnabar')
  })
})

describe('grouped', () => {
  it('lists open orders by promise and finished ones newest first', () => {
    const late = card('making', by(NOW + 90 * MIN))
    const soon = card('making', by(NOW + 30 * MIN))
    const first = card('delivered', { times: { delivered: NOW - 50 * MIN } })
    const last = card('rated', { times: { delivered: NOW - 5 * MIN } })
    const groups = grouped([late, soon, first, last])
    expect(groups.making).toEqual([soon, late])
    expect(groups.done).toEqual([last, first])
    expect(groups.road).toEqual([])
  })
})
