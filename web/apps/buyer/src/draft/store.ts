import { newId } from '@huaxin/sync'
import { effectScope, reactive, watch } from 'vue'
import { emptyDraft, isTouched, readDraft, type OrderDraft } from './model'

const KEY = 'huaxin.buyer.draft'
const PLACED = 'huaxin.buyer.placed.'

/**
 * The one order being written on this device. Every change is written down at once, so that a reload, a dead
 * battery or a stray back button loses nothing.
 */
export class DraftKeeper {
  readonly draft: OrderDraft

  constructor(private readonly storage: Storage = globalThis.localStorage) {
    this.draft = reactive(readDraft(this.read(KEY)) ?? fresh(''))
    // Apart from whichever page happens to ask first: its end must not end the writing.
    effectScope(true).run(() => watch(this.draft, () => this.write(), { deep: true, flush: 'sync' }))
  }

  get touched(): boolean {
    return isTouched(this.draft)
  }

  /** Another shop sells other bouquets: those are dropped, everything else stays. */
  chooseShop(shop: string): void {
    if (this.draft.shop === shop) return
    Object.assign(this.draft, { shop, lines: [], slot: null, noted: null, fee: 0, voucher: '', voucher_off: 0 })
  }

  clear(): void {
    Object.assign(this.draft, fresh(this.draft.shop))
  }

  /** It is in the outbox now. A copy stays until the server has it, in case it is refused. */
  handedOver(): void {
    this.save(PLACED + this.draft.order, JSON.stringify(this.draft))
    this.clear()
  }

  /** Refused: everything typed comes back, as a new wish with new ids. */
  takeBack(order: string): boolean {
    const copy = readDraft(this.read(PLACED + order))
    if (!copy) return false
    Object.assign(this.draft, copy, { order: newId(), command_id: newId() })
    this.forgetPlaced(order)
    return true
  }

  forgetPlaced(order: string): void {
    try {
      this.storage.removeItem(PLACED + order)
    } catch {
      // A browser that forbids storage keeps nothing anyway.
    }
  }

  private write(): void {
    this.save(KEY, JSON.stringify(this.draft))
  }

  private read(key: string): string | null {
    try {
      return this.storage.getItem(key)
    } catch {
      return null
    }
  }

  private save(key: string, text: string): void {
    try {
      this.storage.setItem(key, text)
    } catch {
      // Full or forbidden: the order can still be placed, it only does not survive a reload.
    }
  }
}

const fresh = (shop: string): OrderDraft => emptyDraft(shop, newId(), newId())

let keeper: DraftKeeper | null = null

/** The same keeper for every page. */
export function useDraft(): DraftKeeper {
  keeper ??= new DraftKeeper()
  return keeper
}
