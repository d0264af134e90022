import type { Gates, OrderView, Pending, StopView, UndoView } from '@huaxin/sync'

export const UNDO_MS = 10_000
/** Taps that may be taken back; sent or not. */
const UNDOABLE = new Set([
  'pick_up',
  'set_off',
  'mark_arriving',
  'mark_arrived',
  'deliver',
  'fail_delivery',
  'retry_delivery',
  'start_return',
  'agree_time',
  'confirm_stop',
])

export const isAtShop = (stop: StopView): boolean => stop.actions.includes('pick_up')
export const isReady = (order: OrderView): boolean => order.status === 'ready' || order.status === 'assigned'
/** Taken already, and not handed over. */
export const isOnBike = (order: OrderView): boolean => ['picked_up', 'delivering', 'arriving', 'arrived'].includes(order.status)
/** On another courier's bike: they are met first, wherever the door stands in the run. */
export const isWithOther = (stop: StopView, me: string): boolean => isAtShop(stop) && !!stop.order.held_by && stop.order.held_by.person !== me

/** Why these flowers should not leave yet: the key of a sentence. `hard`: the shop does not let them. */
export interface Held {
  key: 'pickup.fix_open' | 'pickup.no_photo'
  what: string
  hard: boolean
}

export function held(order: OrderView, gates: Gates | null | undefined): Held | null {
  const { bouquet } = order
  // What is fetched from another courier has left the shop already.
  if (order.held_by) return null
  if (bouquet?.status === 'fix') return { key: 'pickup.fix_open', what: bouquet.fix, hard: gates?.open_fix !== 'warn' }
  return gates?.photo === 'required' && !bouquet ? { key: 'pickup.no_photo', what: '', hard: true } : null
}

/** What the one big button does for this stop: slide for what cannot be made untrue, tap for the rest. */
export interface MainAct {
  name: 'pick_up' | 'set_off' | 'mark_arrived' | 'deliver' | 'retry_delivery' | 'start_return'
  slide: boolean
}

const MAIN: MainAct[] = [
  { name: 'pick_up', slide: true },
  { name: 'set_off', slide: false },
  { name: 'mark_arrived', slide: false },
  { name: 'deliver', slide: true },
  { name: 'retry_delivery', slide: false },
]

export function mainAct(actions: string[]): MainAct | null {
  return MAIN.find((act) => actions.includes(act.name)) ?? null
}

/** Minutes by which a stop is expected to miss what was promised; 0 when it will not. */
export function lateMinutes(stop: StopView): number {
  if (!stop.eta_at) return 0
  const due = Math.max(stop.order.promise.end, stop.order.agreed_at ?? 0)
  return Math.max(0, Math.round((stop.eta_at - due) / 60_000))
}

export interface Undoable extends UndoView {
  orders: string[]
  /** Not sent yet: dropping the row is enough. */
  rows: string[]
}

/** The newest tap that may still be taken back: known to the server, or still waiting on this phone. */
export function newestUndo(orders: OrderView[], pending: Pending[], now: number, skew: number): Undoable | null {
  const found: (UndoView & { order: string; row: string })[] = []
  for (const order of orders) {
    if (order.undo && order.undo.until > now) found.push({ ...order.undo, order: order.id, row: '' })
  }
  for (const row of pending) {
    const until = row.device_at + skew + UNDO_MS
    if (row.state === 'waiting' && UNDOABLE.has(row.name) && until > now) {
      found.push({ by: row.person, command: row.name, until, order: row.order, row: row.command_id })
    }
  }
  const newest = found.reduce<(typeof found)[number] | null>((a, b) => (a && a.until >= b.until ? a : b), null)
  if (!newest) return null
  // Several orders picked up with one slide are one tap.
  const same = found.filter((one) => one.command === newest.command && newest.until - one.until < 3_000)
  return {
    by: newest.by,
    command: newest.command,
    until: newest.until,
    orders: [...new Set(same.filter((one) => !one.row).map((one) => one.order))],
    rows: same.map((one) => one.row).filter(Boolean),
  }
}

/** A list with one thing moved to another place; the same list when there is no such place. */
export function moved<T>(list: readonly T[], from: number, to: number): T[] {
  const next = [...list]
  if (to < 0 || to >= next.length || from === to) return next
  const [one] = next.splice(from, 1)
  if (one !== undefined) next.splice(to, 0, one)
  return next
}
