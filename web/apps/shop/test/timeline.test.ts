import type { CourierView } from '@huaxin/sync'
import { describe, expect, it } from 'vitest'
import { axisOf, lanesOf, pack, share } from '../src/board/timeline'
import { MIN, NOW, by, card, eta } from './fixtures'

const zhang: CourierView = { person: 'z', name: '张师傅', orders: [] }
const courier = { courier: { person: 'z', name: '张师傅' } }

describe('axisOf', () => {
  it('begins a little before now and holds the last thing that matters', () => {
    const axis = axisOf(NOW, [NOW + 150 * MIN])
    expect(axis.start).toBe(NOW - 15 * MIN)
    expect(axis.end).toBe(NOW + 165 * MIN)
    expect(axis.ticks).toEqual([0, 30, 60, 90, 120, 150].map((minutes) => NOW + minutes * MIN))
  })

  it('shows at least two hours and at most six', () => {
    expect(axisOf(NOW, []).end - NOW).toBe(135 * MIN)
    const day = axisOf(NOW, [NOW + 20 * 60 * MIN])
    expect(day.end - NOW).toBe(360 * MIN)
    expect((day.ticks[1] ?? 0) - (day.ticks[0] ?? 0)).toBe(60 * MIN)
  })

  it('keeps what lies outside at its edge', () => {
    const axis = axisOf(NOW, [])
    expect(share(axis, NOW - 60 * MIN)).toBe(0)
    expect(share(axis, NOW + 900 * MIN)).toBe(1)
  })
})

describe('lanesOf', () => {
  const input = { couriers: [zhang], now: NOW, markWidth: 0.1 }

  it('shows the part after the promise before it is late', () => {
    const stop = card('delivering', { ...by(NOW + 30 * MIN), ...courier })
    const etas = { [stop.order.id]: eta(NOW + 25 * MIN, NOW + 40 * MIN) }
    const { lanes, axis } = lanesOf({ ...input, cards: [stop], etas })
    const drawn = lanes[0]?.stops[0]
    expect(drawn?.tone).toBe('amber')
    expect(drawn?.late?.x).toBeCloseTo(share(axis, NOW + 30 * MIN))
    expect(drawn?.late?.width).toBeCloseTo(share(axis, NOW + 40 * MIN) - share(axis, NOW + 30 * MIN))
  })

  it('has no late part when the promise is kept, and none invented without a forecast', () => {
    const good = card('delivering', { ...by(NOW + 60 * MIN), ...courier })
    const blind = card('assigned', { ...by(NOW + 60 * MIN), ...courier })
    const etas = { [good.order.id]: eta(NOW + 20 * MIN, NOW + 30 * MIN) }
    const stops = lanesOf({ ...input, cards: [good, blind], etas }).lanes[0]?.stops ?? []
    expect(stops.map((stop) => [stop.number, stop.late, stop.tone])).toEqual([
      [good.order.number, null, 'leaf'],
      [blind.order.number, null, 'ink'],
    ])
  })

  it('follows the visiting order of the server, then time', () => {
    const [a, b, c] = [40, 20, 30].map((minutes) => card('assigned', { ...by(NOW + minutes * MIN), ...courier }))
    const couriers = [{ ...zhang, orders: [c!.order.id] }]
    const stops = lanesOf({ ...input, couriers, cards: [a!, b!, c!], etas: {} }).lanes[0]?.stops ?? []
    expect(stops.map((stop) => [stop.id, stop.rank])).toEqual([
      [c!.order.id, 1],
      [b!.order.id, 2],
      [a!.order.id, 3],
    ])
  })

  it('leaves out what is delivered or somebody else’s', () => {
    const done = card('delivered', courier)
    const other = card('delivering', { courier: { person: 'w', name: '王师傅' } })
    expect(lanesOf({ ...input, cards: [done, other], etas: {} }).lanes[0]?.stops).toEqual([])
  })

  it('keeps every mark inside the lane', () => {
    const far = card('assigned', { ...by(NOW + 5000 * MIN), ...courier })
    const mark = lanesOf({ ...input, cards: [far], etas: {} }).lanes[0]?.stops[0]?.mark
    expect((mark?.x ?? 2) + (mark?.width ?? 0)).toBeLessThanOrEqual(1)
  })
})

describe('pack', () => {
  it('gives stops that would cover each other lines of their own', () => {
    const stops = [0, 0.05, 0.1, 0.35].map((x) => ({ covers: { x, width: 0.2 }, row: 0 }))
    expect(pack(stops)).toBe(3)
    expect(stops.map((stop) => stop.row)).toEqual([0, 1, 2, 0])
  })

  it('needs one line for an empty lane', () => expect(pack([])).toBe(1))
})
