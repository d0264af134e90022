import type { CourierView, Pending, SuggestionView } from '@huaxin/sync'
import { describe, expect, it } from 'vitest'
import { offered } from '../src/board/actions'
import { withPending } from '../src/board/pending'
import { bestFirst } from '../src/state/useCosts'
import { card, order } from './fixtures'

const tap = (name: Pending['name'], id: string, fields: Record<string, unknown> = {}): Pending => ({
  command_id: name,
  person: 'me',
  order: id,
  name,
  fields,
  device_at: 1,
  state: 'waiting',
  tries: 0,
  sentence: '',
  code: '',
})
const couriers: CourierView[] = [
  { person: 'a', name: '甲' },
  { person: 'b', name: '乙' },
  { person: 'c', name: '丙' },
]

describe('offered', () => {
  it('makes the next sensible step stand out', () => {
    expect(offered(order('placed'), ['confirm_order', 'cancel_order', 'say']).primary).toBe('confirm_order')
    expect(offered(order('confirmed'), ['start_making', 'mark_ready']).primary).toBe('start_making')
    expect(offered(order('ready'), ['assign_courier']).primary).toBe('assign_courier')
  })

  it('offers only what is allowed now, the rare things apart', () => {
    const choice = offered(order('assigned'), ['assign_courier', 'cancel_order', 'report_incident', 'say', 'undo'])
    expect(choice).toEqual({ primary: null, usual: ['assign_courier'], rare: ['cancel_order', 'report_incident'] })
  })
})

describe('withPending', () => {
  it('shows one’s own taps before the server has answered', () => {
    const [mine, other] = [card('placed', {}, { actions: ['confirm_order'] }), card('ready')]
    const taps = [tap('confirm_order', mine.order.id), tap('assign_courier', other.order.id, { courier: 'b' })]
    const [first, second] = withPending([mine, other], taps, couriers)
    expect(first?.order.status).toBe('confirmed')
    expect(second?.order.courier).toEqual({ person: 'b', name: '乙' })
  })

  it('keeps what nobody has touched as it is', () => {
    const cards = [card('placed'), card('ready')]
    expect(withPending(cards, [], couriers)).toBe(cards)
    expect(withPending(cards, [tap('confirm_order', 'other')], couriers)[0]).toBe(cards[0])
  })
})

describe('who is named first', () => {
  const suggestion = (courier: string): SuggestionView => ({
    courier,
    name: courier,
    reason: { zh: '都能准时', en: 'all on time' },
    extra_minutes: 1,
    late_orders: [],
    eta_at: 0,
    reachable: true,
  })

  it('is as the server says; who was not judged yet comes after', () => {
    expect(bestFirst([suggestion('c'), suggestion('a')], couriers).map((one) => one.person)).toEqual(['c', 'a', 'b'])
    expect(bestFirst([], couriers).map((one) => one.person)).toEqual(['a', 'b', 'c'])
  })
})
