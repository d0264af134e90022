import type { SlotPlan } from '@huaxin/sync'
import { describe, expect, it } from 'vitest'
import { bouquetsOf, clockOf, draftOf, minuteOf, nextSlot, nextZone, planOf, seatsOf } from '../src/intake/plan'

const PLAN: SlotPlan = {
  slots: [{ start: 540, end: 660, days: [1, 5], couriers: 2, drops: 6, florists: 1, cut_off: 60, evening: 1200, fee: 350 }],
  zones: [{ id: 'z1', up_to_m: 3500, name: '近', name_en: '', fee: 805, seats: 3 }],
  occasions: [{ day: '2027-02-14', name: '情人节', name_en: '', fee: 1000 }],
  blackouts: ['2027-02-06'],
  making: 30,
  asap: true,
}

describe('the slots being edited', () => {
  it('come back as they were, money and ways exact', () => {
    expect(planOf(draftOf(PLAN))).toEqual(PLAN)
    expect(clockOf(1439)).toBe('23:59')
    expect([minuteOf('09:05'), minuteOf('00:00'), minuteOf('00:00', true)]).toEqual([545, 0, 1440])
    const late = { ...PLAN, slots: [{ ...PLAN.slots[0]!, end: 1440 }] }
    expect(planOf(draftOf(late))).toEqual(late)
  })

  it('say what they hold', () => {
    const draft = draftOf(PLAN)
    expect([seatsOf(draft.slots[0]!), bouquetsOf(draft.slots[0]!, 30)]).toEqual([12, 4])
    expect(seatsOf({ ...draft.slots[0]!, couriers: 0 })).toBe(0)
  })

  it('grow by what follows', () => {
    const draft = draftOf(PLAN)
    expect(nextSlot(draft)).toMatchObject({ start: '11:00', end: '13:00', days: [1, 5], couriers: 2 })
    expect(nextZone(draft)).toMatchObject({ id: 'z2', km: 6.5 })
    draft.blackouts.push('')
    draft.occasions.push({ day: '', name: '', name_en: '', fee: 1 })
    expect(planOf(draft)).toEqual(PLAN)
  })
})
