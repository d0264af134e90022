import { promiseNoted, STEPS, tidyPhone, type OrderDraft, type Step } from './model'
import { lineKey, weekdayOf } from './shelf'

/** A field that needs another look, and the word (`need.*`) that says why. */
export interface Missing {
  step: Step
  field: 'lines' | 'name' | 'phone' | 'place' | 'slot' | 'note'
  word: string
}

export interface CheckFacts {
  /** What the shop still sells, by `lineKey`; null: not known yet (nothing is refused for it). */
  products: ReadonlySet<string> | null
  /** ms, server clock */
  now: number
  /** Is the shop delivering just now? null: not known yet. */
  soon: boolean | null
  /** Weekdays on which all that is chosen is delivered; null: all. */
  days?: ReadonlySet<number> | null
  zone?: string
}

const MOBILE = /^(\+?86)?1[3-9]\d{9}$/
const ANY_PHONE = /^\+?\d{7,15}$/

/** A phone number somebody can be called at. Mainland mobiles are checked whole, others by length. */
export function isPhone(typed: string): boolean {
  const phone = tidyPhone(typed)
  if (/^(\+?86)?1\d{9,}$/.test(phone)) return MOBILE.test(phone)
  return ANY_PHONE.test(phone)
}

/** What is still missing in one step. */
export function missingIn(draft: OrderDraft, step: Step, facts: CheckFacts): Missing[] {
  switch (step) {
    case 'bouquet':
      return missingBouquet(draft, facts)
    case 'card':
      return missingRecipient(draft)
    case 'place':
      return missingPlace(draft, facts)
    case 'confirm':
      return STEPS.slice(0, 3).flatMap((before) => missingIn(draft, before, facts))
  }
}

/** The first step that is not complete; confirm when all are. */
export function firstOpenStep(draft: OrderDraft, facts: CheckFacts): Step {
  return STEPS.find((step) => missingIn(draft, step, facts).length > 0) ?? 'confirm'
}

function missingBouquet(draft: OrderDraft, facts: CheckFacts): Missing[] {
  if (draft.lines.length === 0) return [{ step: 'bouquet', field: 'lines', word: 'need.bouquet' }]
  const known = facts.products
  if (known && draft.lines.some((line) => !known.has(lineKey(line)))) {
    return [{ step: 'bouquet', field: 'lines', word: 'need.gone' }]
  }
  return []
}

function missingRecipient(draft: OrderDraft): Missing[] {
  const found: Missing[] = []
  if (!draft.recipient.name.trim()) found.push({ step: 'card', field: 'name', word: 'need.name' })
  const phone = draft.recipient.phone
  if (!phone.trim()) found.push({ step: 'card', field: 'phone', word: 'need.phone' })
  else if (!isPhone(phone)) found.push({ step: 'card', field: 'phone', word: 'need.phoneRight' })
  return found
}

function missingPlace(draft: OrderDraft, facts: CheckFacts): Missing[] {
  const found: Missing[] = []
  if (!draft.place) found.push({ step: 'place', field: 'place', word: 'need.place' })
  if (draft.when === 'slot' && draft.slot && draft.slot.end <= facts.now) {
    found.push({ step: 'place', field: 'slot', word: 'need.slotPast' })
  }
  const at = draft.when === 'slot' ? (draft.slot?.start ?? facts.now) : promiseNoted(draft.noted)?.end
  if (at && facts.days && !facts.days.has(weekdayOf(at, facts.zone ?? 'Asia/Shanghai'))) {
    found.push({ step: 'place', field: draft.when, word: 'need.notThatDay' })
  }
  if (draft.when === 'slot' && !draft.slot && facts.soon === false) {
    found.push({ step: 'place', field: 'slot', word: 'need.slot' })
  }
  if (draft.when === 'note' && !draft.note.trim()) {
    found.push({ step: 'place', field: 'note', word: 'need.note' })
  }
  if (draft.when === 'note' && draft.noted?.reading.doubt && !draft.noted.chosen) {
    found.push({ step: 'place', field: 'note', word: 'need.noteChoice' })
  }
  return found
}
