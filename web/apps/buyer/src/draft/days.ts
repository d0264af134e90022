import type { Slot } from '@huaxin/sync'

export interface SlotDay {
  /** 2026-02-14, in the shop's own time. */
  key: string
  /** Any moment of that day, ms. */
  at: number
  slots: Slot[]
}

/** "As soon as possible" is honest only while windows of the coming hours can be had. */
const SOON_MS = 2 * 3_600_000

export function canBeSoon(slots: Slot[], now: number): boolean {
  return slots.some((slot) => slot.open && slot.start <= now + SOON_MS)
}

/** The calendar day of a moment in a time zone: 2026-02-14. */
export function dayKey(ms: number, zone: string): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(ms)
}

/** Slots by day, days on which nothing is delivered left out; a day that is booked up is shown as that. */
export function byDay(slots: Slot[], zone: string): SlotDay[] {
  const days = new Map<string, SlotDay>()
  for (const slot of slots) {
    const key = dayKey(slot.start, zone)
    const day = days.get(key) ?? { key, at: slot.start, slots: [] }
    day.slots.push(slot)
    days.set(key, day)
  }
  return [...days.values()].filter((day) => day.slots.some((slot) => slot.open || slot.full))
}
