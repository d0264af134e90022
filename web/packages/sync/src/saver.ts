import { computed, shallowRef, type ComputedRef, type ShallowRef } from 'vue'

/** What the person says about data: nothing (the phone decides), save it, or do not. */
export type SaverWish = 'auto' | 'on' | 'off'

interface NetworkInformation extends EventTarget {
  saveData?: boolean
  effectiveType?: string
}

const KEY = 'huaxin.saver'
const SLOW = new Set(['slow-2g', '2g'])

/** Whether this device saves data: small pictures, positions less often. Shared by all applications on it. */
export class Saver {
  readonly wish: ShallowRef<SaverWish>
  readonly on: ComputedRef<boolean>
  private readonly phone = shallowRef(false)

  constructor(
    private readonly storage: Pick<Storage, 'getItem' | 'setItem'> | undefined = globalThis.localStorage,
    network: NetworkInformation | undefined = networkOf(),
  ) {
    this.wish = shallowRef(this.recalled())
    const look = (): void => {
      this.phone.value = network?.saveData === true || SLOW.has(network?.effectiveType ?? '')
    }
    look()
    network?.addEventListener?.('change', look)
    globalThis.addEventListener?.('storage', (event) => {
      if ((event as StorageEvent).key === KEY) this.wish.value = this.recalled()
    })
    this.on = computed(() => this.wish.value === 'on' || (this.wish.value === 'auto' && this.phone.value))
  }

  choose(wish: SaverWish): void {
    this.wish.value = wish
    this.storage?.setItem(KEY, wish)
  }

  private recalled(): SaverWish {
    const kept = this.storage?.getItem(KEY)
    return kept === 'on' || kept === 'off' ? kept : 'auto'
  }
}

function networkOf(): NetworkInformation | undefined {
  return (globalThis.navigator as { connection?: NetworkInformation } | undefined)?.connection
}
