import { placeWords, type ContactWish, type NoteView, type OrderPromise, type PlaceMatch, type PlaceOrder, type Point } from '@huaxin/sync'
import { lineKey } from './shelf'

/** The steps of ordering, in order. Each is a page of its own, so that the back button works. */
export const STEPS = ['bouquet', 'card', 'place', 'confirm'] as const
export type Step = (typeof STEPS)[number]

/** Longest card the florist can write by hand on one side. */
export const CARD_MAX = 200
export const NOTE_MAX = 200
/** Of one bouquet; the server's own limit. */
export const QUANTITY_MAX = 99

export interface DraftLine {
  product: string
  /** Which of its sizes; absent or empty: it comes in one. */
  variant?: string
  quantity: number
}

export const WHEN_OUT = ['ask', 'similar', 'refund'] as const
export type WhenOut = (typeof WHEN_OUT)[number]

export interface DraftPlace {
  text: string
  point: Point
  gate: Point | null
}

/** Everything typed so far. Written down on every change; plain JSON. */
export interface OrderDraft {
  version: 1
  /** Client-made, so that the order has its address before the server has heard of it. */
  order: string
  command_id: string
  shop: string
  /** product → how many; in the order they were chosen. */
  lines: DraftLine[]
  /** What to do when flowers are out. */
  when_out: WhenOut
  card: { text: string; signature: string; anonymous: boolean }
  recipient: { name: string; phone: string }
  surprise: boolean
  /** When the recipient may be reached. */
  contact: ContactWish
  /** What the shop and the courier call the buyer; asked for once. */
  buyer_name: string
  place: DraftPlace | null
  /** 5号楼3单元401 */
  detail: string
  /** Which gate, its code. */
  gate_note: string
  /** How the time is said: a window from the list (or as soon as possible), or in one's own words. */
  when: 'slot' | 'note'
  /** Null: as soon as possible. */
  slot: { start: number; end: number } | null
  note: string
  /** What `note` was read as and which of its readings was chosen; null: not read yet. */
  noted: Noted | null
  /** fen: what bringing it costs at that time and place, as far as it is known. */
  fee: number
  pay: 'at_shop' | 'elsewhere'
  /** A voucher's code as the server knows it, and fen that it takes off; empty: none. */
  voucher: string
  voucher_off: number
}

export interface Noted {
  /** The words that were read. */
  note: string
  reading: NoteView
  /** In doubt: the buyer's choice. */
  chosen: OrderPromise | null
}

/** The promise a read note makes: the chosen one where it was in doubt; null: none (yet). */
export function promiseNoted(noted: Noted | null): OrderPromise | null {
  if (!noted) return null
  return noted.reading.doubt ? noted.chosen : (noted.reading.promise ?? null)
}

export function emptyDraft(shop: string, order: string, commandId: string): OrderDraft {
  return {
    version: 1,
    order,
    command_id: commandId,
    shop,
    lines: [],
    when_out: 'ask',
    card: { text: '', signature: '', anonymous: false },
    recipient: { name: '', phone: '' },
    surprise: false,
    contact: { policy: 'free', after: 0 },
    buyer_name: '',
    place: null,
    detail: '',
    gate_note: '',
    when: 'slot',
    slot: null,
    note: '',
    noted: null,
    fee: 0,
    pay: 'at_shop',
    voucher: '',
    voucher_off: 0,
  }
}

/** What was written down by this or an earlier version; null when it cannot be used. */
export function readDraft(text: string | null): OrderDraft | null {
  if (!text) return null
  try {
    const read = JSON.parse(text) as Partial<OrderDraft>
    if (read.version !== 1 || !read.order || !read.command_id || !read.shop) return null
    return { ...emptyDraft(read.shop, read.order, read.command_id), ...read }
  } catch {
    return null
  }
}

/** Does it hold anything a person typed or chose? */
export function isTouched(draft: OrderDraft): boolean {
  const typed = [draft.card.text, draft.recipient.name, draft.recipient.phone, draft.note, draft.detail]
  return draft.lines.length > 0 || draft.place !== null || typed.some((text) => text.trim() !== '')
}

const isOf = (line: DraftLine, product: string, variant: string): boolean =>
  line.product === product && (line.variant ?? '') === variant

export const quantityOf = (draft: OrderDraft, product: string, variant = ''): number =>
  draft.lines.find((line) => isOf(line, product, variant))?.quantity ?? 0

/** Of a bouquet in all its sizes. */
export const countOf = (draft: OrderDraft, product: string): number =>
  draft.lines.reduce((sum, line) => sum + (line.product === product ? line.quantity : 0), 0)

/** The lines with `product` at `quantity`; 0 takes it out. */
export function withQuantity(draft: OrderDraft, product: string, quantity: number, variant = ''): DraftLine[] {
  const wanted = Math.max(0, Math.min(QUANTITY_MAX, Math.round(quantity)))
  const line: DraftLine = { product, ...(variant ? { variant } : {}), quantity: wanted }
  if (wanted === 0) return draft.lines.filter((one) => !isOf(one, product, variant))
  if (quantityOf(draft, product, variant) === 0) return [...draft.lines, line]
  return draft.lines.map((one) => (isOf(one, product, variant) ? line : one))
}

/** Total in fen; prices by `lineKey`. A product that is no longer sold counts nothing (its step says so). */
export function totalOf(draft: OrderDraft, prices: ReadonlyMap<string, number>): number {
  return draft.lines.reduce((sum, line) => sum + (prices.get(lineKey(line)) ?? 0) * line.quantity, 0)
}

/** What a chosen place fills in. A detail that was typed by hand is kept when the search found none. */
export function withPlace(draft: OrderDraft, match: PlaceMatch): Pick<OrderDraft, 'place' | 'detail'> {
  const place: DraftPlace = { text: placeWords(match), point: match.point, gate: match.gate ?? null }
  return { place, detail: match.detail || draft.detail }
}

/** 阳光小区 + 5号楼3单元401, without saying the tail twice. */
export function addressText(place: DraftPlace, detail: string): string {
  const tail = detail.trim()
  if (!tail || place.text.endsWith(tail)) return place.text
  const words = /[A-Za-z0-9]$/.test(place.text) && /^[A-Za-z0-9]/.test(tail)
  const between = words || /^[A-Za-z]{2}/.test(tail) ? ' ' : ''
  return place.text + between + tail
}

/** The wish as the server takes it. Call only when nothing is missing. */
export function toCommand(draft: OrderDraft): Omit<PlaceOrder, 'order'> {
  const place = draft.place
  if (!place) throw new Error('an order without an address')
  const byNote = draft.when === 'note'
  const noted = promiseNoted(draft.noted)
  const chosen = draft.slot ? { ...draft.slot, source: 'window' } : null
  return {
    shop: draft.shop,
    lines: draft.lines.map((line) => ({ ...line })),
    recipient: { name: draft.recipient.name.trim(), phone: tidyPhone(draft.recipient.phone) },
    address: {
      text: addressText(place, draft.detail),
      point: place.point,
      detail: draft.detail.trim(),
      note: draft.gate_note.trim(),
      gate: place.gate,
    },
    // What was shown is what is promised, however long this waits for a network.
    promise: byNote ? noted : chosen,
    card: {
      text: draft.card.text.trim(),
      signature: draft.card.anonymous ? '' : draft.card.signature.trim(),
      anonymous: draft.card.anonymous,
    },
    note: byNote ? draft.note.trim() : '',
    surprise: draft.surprise,
    when_out: draft.when_out,
    contact: { ...draft.contact },
    buyer_name: draft.buyer_name.trim(),
    pay: draft.pay,
    ...(draft.voucher ? { voucher: draft.voucher } : {}),
  }
}

/** 138 0013 8000, (021) 6555-1234 → digits and a leading plus. */
export function tidyPhone(phone: string): string {
  const typed = phone.normalize('NFKC').trim()
  return (typed.startsWith('+') ? '+' : '') + typed.replace(/\D/g, '')
}
