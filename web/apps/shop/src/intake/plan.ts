import type { DaySlot, SlotPlan, Zone } from '@huaxin/sync'

/** A shop's slots while they are edited: money in yuan, ways in km, times as the browser's own fields have them. */
export interface SlotDraft extends Omit<DaySlot, 'start' | 'end' | 'evening' | 'fee'> {
  key: number
  start: string
  end: string
  evening: string
  fee: number
}
export interface ZoneDraft extends Omit<Zone, 'up_to_m' | 'fee'> {
  km: number
  fee: number
}
export interface PlanDraft {
  slots: SlotDraft[]
  zones: ZoneDraft[]
  occasions: { day: string; name: string; name_en: string; fee: number }[]
  blackouts: string[]
  making: number
  asap: boolean
}

let keys = 0

/** 540 → 09:00 */
export function clockOf(minute: number): string {
  return `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`
}

/** 09:00 → 540; an end at 00:00 is midnight. */
export function minuteOf(clock: string, end = false): number {
  const [hour = 0, minute = 0] = clock.split(':').map(Number)
  const found = (hour || 0) * 60 + (minute || 0)
  return end && found === 0 ? 24 * 60 : found
}

const yuan = (fen: number): number => fen / 100
const fen = (typed: number): number => Math.round((Number(typed) || 0) * 100)
const whole = (typed: number): number => Math.max(0, Math.round(Number(typed) || 0))

export function draftOf(plan: SlotPlan): PlanDraft {
  return {
    slots: plan.slots.map((one) => ({
      ...one,
      days: [...one.days],
      key: ++keys,
      start: clockOf(one.start),
      end: clockOf(one.end % (24 * 60)),
      evening: one.evening ? clockOf(one.evening) : '',
      fee: yuan(one.fee),
    })),
    zones: plan.zones.map(({ up_to_m, fee: cost, ...rest }) => ({ ...rest, km: up_to_m / 1000, fee: yuan(cost) })),
    occasions: plan.occasions.map((one) => ({ ...one, fee: yuan(one.fee) })),
    blackouts: [...plan.blackouts],
    making: plan.making,
    asap: plan.asap,
  }
}

/** What the server is told. Days without a date are left out. */
export function planOf(draft: PlanDraft): SlotPlan {
  return {
    slots: draft.slots.map(({ days, start, end, couriers, drops, florists, cut_off, evening, fee: cost }) => ({
      days: [...days].sort(),
      start: minuteOf(start),
      end: minuteOf(end, true),
      couriers: whole(couriers),
      drops: Math.max(1, whole(drops)),
      florists: whole(florists),
      cut_off: whole(cut_off),
      evening: evening ? minuteOf(evening) : 0,
      fee: fen(cost),
    })),
    zones: draft.zones.map(({ id, name, name_en, km, fee: cost, seats }) => ({
      id,
      name: name.trim(),
      name_en: name_en.trim(),
      up_to_m: Math.round((Number(km) || 0) * 1000),
      fee: fen(cost),
      seats: whole(seats),
    })),
    occasions: draft.occasions.filter(({ day }) => day).map(({ day, name, name_en, fee: cost }) => ({ day, name: name.trim(), name_en: name_en.trim(), fee: fen(cost) })),
    blackouts: draft.blackouts.filter(Boolean),
    making: Math.max(1, whole(draft.making)),
    asap: draft.asap,
  }
}

/** The next slot of a day: after the last one, two hours long. */
export function nextSlot(draft: PlanDraft): SlotDraft {
  const last = draft.slots.at(-1)
  const start = Math.min(last ? minuteOf(last.end, true) : 9 * 60, 22 * 60)
  return {
    key: ++keys,
    days: last ? [...last.days] : [1, 2, 3, 4, 5, 6, 7],
    start: clockOf(start),
    end: clockOf((start + 120) % (24 * 60)),
    couriers: last?.couriers ?? 2,
    drops: last?.drops ?? 6,
    florists: last?.florists ?? 0,
    cut_off: last?.cut_off ?? 60,
    evening: last?.evening ?? '',
    fee: 0,
  }
}

export function nextZone(draft: PlanDraft): ZoneDraft {
  const taken = new Set(draft.zones.map(({ id }) => id))
  let nth = draft.zones.length + 1
  while (taken.has(`z${nth}`)) nth += 1
  const last = draft.zones.at(-1)
  return { id: `z${nth}`, name: '', name_en: '', km: (last?.km ?? 0) + 3, fee: (last?.fee ?? 0) + 5, seats: 0 }
}

/** Seats of a slot, 0: any number. */
export const seatsOf = (slot: SlotDraft): number => whole(slot.couriers) * Math.max(1, whole(slot.drops))

/** Bouquets the florists make in it, 0: any number. */
export function bouquetsOf(slot: SlotDraft, making: number): number {
  return Math.floor((whole(slot.florists) * (minuteOf(slot.end, true) - minuteOf(slot.start))) / Math.max(1, whole(making)))
}
