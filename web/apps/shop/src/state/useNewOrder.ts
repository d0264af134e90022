import {
  asTrouble,
  newId,
  placeWords,
  useHuaxin,
  type Catalogue,
  type ContactWish,
  type OrderPromise,
  type PlaceMatch,
  type PlaceOrder,
  type Quote,
} from '@huaxin/sync'
import { useWords } from '@huaxin/ui'
import { computed, reactive, shallowRef, watch } from 'vue'
import { inSizes, lineOf } from '../catalogue/sizes'

/** A telephone order while it is being written down. */
export function useNewOrder(shop: () => string) {
  const { api, outbox } = useHuaxin()
  const words = useWords()
  const { t } = words
  const catalogue = shallowRef<Catalogue | null>(null)
  const quote = shallowRef<Quote | null>(null)
  const place = shallowRef<PlaceMatch | null>(null)
  const trouble = shallowRef('')
  const placing = shallowRef(false)
  const counts = reactive<Record<string, number>>({})
  const form = reactive({
    buyer: '',
    buyerPhone: '',
    recipient: '',
    phone: '',
    detail: '',
    gateNote: '',
    slot: '',
    note: '',
    text: '',
    signature: '',
    anonymous: false,
    surprise: false,
    contact: { policy: 'free', after: 0 } as ContactWish,
    whenOut: 'ask' as 'ask' | 'similar' | 'refund',
    voucher: '',
    off: 0,
  })
  // A surprise is spoiled by a ringing phone; it can still be agreed otherwise.
  watch(
    () => form.surprise,
    (on) => {
      if (on && form.contact.policy === 'free') form.contact = { policy: 'door', after: 0 }
    },
  )
  /** Of several times the note may mean. */
  const chosen = shallowRef<OrderPromise | null>(null)
  /** One id for this order however often it is tried. */
  const order = newId()

  const noCatalogue = shallowRef('')
  async function load(): Promise<void> {
    noCatalogue.value = ''
    try {
      const found = await api.query('get_catalogue', { shop: shop() })
      catalogue.value = { ...found, products: found.products.flatMap(inSizes) }
    } catch (error) {
      noCatalogue.value = words.trouble(error)
    }
  }
  void load()

  let round = 0
  let timer: ReturnType<typeof setTimeout> | undefined
  async function ask(): Promise<void> {
    const mine = ++round
    if (!place.value) return void (quote.value = null)
    const note = form.note.trim()
    try {
      const answer = await api.query('quote', { shop: shop(), point: place.value.point, ...(note ? { note } : {}) })
      if (mine === round) quote.value = answer
    } catch (error) {
      if (mine === round) trouble.value = words.trouble(error)
    }
  }
  watch(place, (now) => {
    if (now?.detail && !form.detail) form.detail = now.detail
    void ask()
  })
  watch(
    () => form.note,
    () => {
      chosen.value = null
      clearTimeout(timer)
      timer = setTimeout(() => void ask(), 400)
    },
  )

  const lines = computed(() =>
    (catalogue.value?.products ?? []).filter(({ id }) => (counts[id] ?? 0) > 0).map((product) => ({ product, quantity: counts[product.id] ?? 0 })),
  )
  /** Full windows too: the shop may take more than it said it would. */
  const slots = computed(() => (quote.value?.slots ?? []).filter((slot) => slot.open || slot.full))
  const slot = computed(() => slots.value.find((one) => String(one.start) === form.slot) ?? null)
  /** What the note was read as; a chosen window goes before it. */
  const noted = computed(() => (form.slot === '' ? (quote.value?.note ?? null) : null))
  const promised = computed(() => (noted.value?.doubt ? chosen.value : (noted.value?.promise ?? null)))
  /** Fen, and why the slots would say no: for the chosen window, the note, or "at once". */
  const bringing = computed(() => {
    const asked = slot.value ?? (form.note.trim() ? quote.value?.note_slot : null) ?? quote.value?.asap ?? null
    const full = slot.value?.full ? t('slots.overbook_full') : ''
    return { fee: asked?.fee ?? 0, no: full || (asked && !asked.open && 'words' in asked ? words.text(asked.words) : '') }
  })
  const wanted = computed(() => lines.value.map(({ product, quantity }) => ({ ...lineOf(product.id), quantity })))
  const total = computed(() => lines.value.reduce((sum, { product, quantity }) => sum + product.price * quantity, bringing.value.fee - (wanted.value.length > 0 ? form.off : 0)))
  const missing = computed(() => {
    if (lines.value.length === 0) return t('fresh.missing_lines')
    if (!form.recipient.trim()) return t('fresh.missing_recipient')
    if (!form.phone.trim()) return t('fresh.missing_phone')
    if (!place.value) return t('fresh.missing_address')
    if (noted.value?.doubt && !chosen.value) return t('fresh.missing_choice')
    return quote.value && !quote.value.reachable ? t('fresh.unreachable') : ''
  })

  function wish(at: PlaceMatch): Omit<PlaceOrder, 'order'> {
    const buyer = { name: form.buyer.trim(), phone: form.buyerPhone.trim() }
    return {
      shop: shop(),
      lines: wanted.value,
      recipient: { name: form.recipient.trim(), phone: form.phone.trim() },
      address: { text: placeWords(at), point: at.point, detail: form.detail.trim(), note: form.gateNote.trim(), gate: at.gate },
      promise: slot.value ? { start: slot.value.start, end: slot.value.end, source: 'window' } : promised.value,
      // Said on the sheet before the tap: the shop takes it all the same.
      overbook: bringing.value.no !== '',
      card: { text: form.text.trim(), signature: form.signature.trim(), anonymous: form.anonymous },
      note: form.note.trim(),
      surprise: form.surprise,
      contact: { ...form.contact },
      when_out: form.whenOut,
      ...(form.voucher ? { voucher: form.voucher } : {}),
      buyer_name: buyer.name,
      // The buyer's number lets the shop call back; they have no account.
      ...(buyer.phone ? { buyer } : {}),
    }
  }

  /** Answers the order's id; empty when it was refused, and then `trouble` says why. */
  async function submit(): Promise<string> {
    if (missing.value || !place.value || placing.value) {
      trouble.value = missing.value
      return ''
    }
    placing.value = true
    trouble.value = ''
    const command = newId()
    const answer = outbox.result(command)
    try {
      await outbox.add('place_order', order, wish(place.value), command)
      await answer
      return order
    } catch (error) {
      trouble.value = words.trouble(asTrouble(error))
      await outbox.discard(command)
      return ''
    } finally {
      placing.value = false
    }
  }

  /** Something was written that would be lost. */
  const blank = JSON.stringify(form)
  const touched = computed(() => lines.value.length > 0 || place.value !== null || JSON.stringify(form) !== blank)

  return { catalogue, noCatalogue, load, touched, quote, place, trouble, placing, counts, form, noted, chosen, promised, lines, wanted, order, total, bringing, slots, missing, submit }
}
