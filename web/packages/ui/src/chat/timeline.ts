import { MESSAGES, type EventBodies, type EventView, type MarksView, type Pending } from '@huaxin/sync'

/** One thing in a conversation, ready to be shown. */
export type Item =
  | { kind: 'time'; key: string; at: number }
  | { kind: 'unread'; key: string }
  | { kind: 'notice'; key: string; at: number; event: EventView; tone: string }
  | { kind: 'fact'; key: string; at: number; event: EventView }
  /** Something that later events go on changing: drawn from what it is now. */
  | { kind: 'card'; key: string; at: number; event: EventView; card: CardKind }
  /** The system has answered a question from the facts. */
  | { kind: 'answer'; key: string; at: number; event: EventView }
  /** A call that is over. */
  | { kind: 'call'; key: string; at: number; event: EventView }
  | { kind: 'message'; key: string; at: number; event: EventView; mine: boolean; first: boolean }
  | { kind: 'pending'; key: string; at: number; row: Pending; first: boolean }

export type CardKind = 'change' | 'incident' | 'status' | 'complaint' | 'bouquet'

/** Commands that put a bubble into the conversation. */
const BUBBLES: ReadonlySet<string> = new Set(['say', 'send_place', 'send_media', 'ask', 'share_live', 'forward_messages'])

const QUIET_MS = 10 * 60_000
/** Facts that are told by nothing else when no notice speaks of them. */
const TELLING = new Set([
  'order_placed',
  'status_changed',
  'courier_assigned',
  'time_agreed',
  'change_asked',
  'change_answered',
  'incident_reported',
  'incident_joined',
  'incident_decided',
  'incident_resolved',
  'promise_slipping',
  'stop_confirmed',
  'order_rated',
  'bouquet_answered',
  'action_undone',
  'talk_expired',
  'masked_call_ended',
])

export interface TimelineInput {
  events: EventView[]
  /** Commands on their way: only messages are shown here. */
  pending: Pending[]
  person: string
  /** The divider stands before the first event after this seq; 0: no divider. */
  readUpTo: number
  /** Older events are not loaded: where they begin is no place for the divider. */
  more?: boolean
  /** As whom one reads: a courier needs no card that says where the courier is. */
  role?: string
}

/** Events and pending messages as a list: notices centred, bubbles grouped by sender, times where time passed. */
export function timeline({ events, pending, person, readUpTo, more = false, role = '' }: TimelineInput): Item[] {
  const noticed = new Set(events.filter((e) => e.type === 'notice_posted').map((e) => e.command_id))
  const items: Item[] = []
  let lastAt = 0
  let divided = readUpTo <= 0 || (more && (events[0]?.seq ?? 0) > readUpTo)
  let before = ''
  const pickUp = role === 'courier' ? 0 : lastPickUp(events)
  for (const event of events) {
    const item = event.seq === pickUp ? cardOf(event, 'status') : itemOf(event, person, noticed, before)
    if (!item) continue
    if (event.at - lastAt > QUIET_MS) {
      items.push({ kind: 'time', key: `t${event.seq}`, at: event.at })
      if (item.kind === 'message') item.first = true
    }
    lastAt = event.at
    if (!divided && event.seq > readUpTo && event.actor.person !== person) {
      items.push({ kind: 'unread', key: 'unread' })
      divided = true
      if (item.kind === 'message') item.first = true
    }
    before = item.kind === 'message' ? event.actor.person : ''
    items.push(item)
  }
  for (const row of pending) {
    if (!BUBBLES.has(row.name)) continue
    items.push({ kind: 'pending', key: row.command_id, at: row.device_at, row, first: before !== person })
    before = person
  }
  return items
}

function itemOf(
  event: EventView,
  person: string,
  noticed: Set<string | undefined>,
  before: string,
): Item | null {
  // One key from tap to fact, so that a pending bubble becomes the sent one without a jump.
  const message = MESSAGES.has(event.type)
  const key = message && event.command_id && !event.body['forwarded'] ? event.command_id : `e${event.seq}`
  if (message) {
    const mine = event.actor.person === person
    return { kind: 'message', key, at: event.at, event, mine, first: before !== event.actor.person }
  }
  if (event.type === 'notice_posted') {
    const tone = bodyOf(event, 'notice_posted').tone ?? 'info'
    return { kind: 'notice', key, at: event.at, event, tone }
  }
  if (event.type === 'answer_given') return { kind: 'answer', key, at: event.at, event }
  if (event.type === 'call_ended') return { kind: 'call', key, at: event.at, event }
  if (event.type === 'change_asked') return cardOf(event, 'change')
  if (event.type === 'incident_reported') return cardOf(event, 'incident')
  if (event.type === 'complaint_made') return cardOf(event, 'complaint')
  if (event.type === 'bouquet_shown') return cardOf(event, 'bouquet')
  if (!TELLING.has(event.type)) return null
  if (event.command_id && noticed.has(event.command_id)) return null
  return { kind: 'fact', key, at: event.at, event }
}

const cardOf = (event: EventView, card: CardKind): Item => ({ kind: 'card', key: `e${event.seq}`, at: event.at, event, card })

/** Where the way began that the flowers are on: there stands the card that tells how it goes. */
function lastPickUp(events: EventView[]): number {
  const found = events.findLast((event) => event.type === 'status_changed' && event.body['after'] === 'picked_up')
  return found?.seq ?? 0
}

/** What a card shows now: the newest that was said of the same change or incident. */
export function newestOf<T extends { id: string }>(events: EventView[], field: 'change' | 'incident', first: T): T {
  for (let at = events.length - 1; at >= 0; at -= 1) {
    const found = events[at]!.body[field] as T | null | undefined
    if (found?.id === first.id) return found
  }
  return first
}

/** Dividers and times: they are where they are because of what stands around them. */
export const isLoose = (key: string): boolean => key === 'unread' || /^t\d+$/.test(key)

/** The body of an event whose type is known. */
export function bodyOf<T extends keyof EventBodies>(event: EventView, _type: T): EventBodies[T] {
  return event.body as unknown as EventBodies[T]
}

export interface Receipt {
  state: 'sent' | 'received' | 'read'
  /** Roles that have read (or received) it. */
  roles: string[]
}

/** How far a message of mine has come, by the marks of the others. `to`: roles that hear it; none given: all. */
export function receiptOf(seq: number, marks: MarksView[], person: string, to: string[] = []): Receipt {
  const heard = (role: string): boolean => to.length === 0 || role === 'shop' || to.includes(role)
  const others = marks.filter((mark) => mark.person !== person && heard(mark.role))
  const roles = (list: MarksView[]): string[] => [...new Set(list.map((mark) => mark.role))]
  const read = others.filter((mark) => mark.read >= seq)
  if (read.length > 0) return { state: 'read', roles: roles(read) }
  const received = others.filter((mark) => mark.received >= seq)
  if (received.length > 0) return { state: 'received', roles: roles(received) }
  return { state: 'sent', roles: [] }
}
