import type { EventBodies, EventView, MarksView, Pending } from '@huaxin/sync'

/** One thing in a conversation, ready to be shown. */
export type Item =
  | { kind: 'time'; key: string; at: number }
  | { kind: 'unread'; key: string }
  | { kind: 'notice'; key: string; at: number; event: EventView; tone: string }
  | { kind: 'fact'; key: string; at: number; event: EventView }
  | { kind: 'message'; key: string; at: number; event: EventView; mine: boolean; first: boolean }
  | { kind: 'pending'; key: string; at: number; row: Pending; first: boolean }

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
  'incident_resolved',
  'promise_slipping',
  'order_rated',
  'action_undone',
])

export interface TimelineInput {
  events: EventView[]
  /** Commands on their way: only messages are shown here. */
  pending: Pending[]
  person: string
  /** The divider stands before the first event after this seq; 0: no divider. */
  readUpTo: number
}

/** Events and pending messages as a list: notices centred, bubbles grouped by sender, times where time passed. */
export function timeline({ events, pending, person, readUpTo }: TimelineInput): Item[] {
  const noticed = new Set(events.filter((e) => e.type === 'notice_posted').map((e) => e.command_id))
  const items: Item[] = []
  let lastAt = 0
  let divided = readUpTo <= 0
  let before = ''
  for (const event of events) {
    const item = itemOf(event, person, noticed, before)
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
    if (row.name !== 'say' && row.name !== 'send_place') continue
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
  const key = event.type === 'message_sent' && event.command_id ? event.command_id : `e${event.seq}`
  if (event.type === 'message_sent') {
    const mine = event.actor.person === person
    return { kind: 'message', key, at: event.at, event, mine, first: before !== event.actor.person }
  }
  if (event.type === 'notice_posted') {
    const tone = bodyOf(event, 'notice_posted').tone ?? 'info'
    return { kind: 'notice', key, at: event.at, event, tone }
  }
  if (!TELLING.has(event.type)) return null
  if (event.command_id && noticed.has(event.command_id)) return null
  return { kind: 'fact', key, at: event.at, event }
}

/** The body of an event whose type is known. */
export function bodyOf<T extends keyof EventBodies>(event: EventView, _type: T): EventBodies[T] {
  return event.body as unknown as EventBodies[T]
}

export interface Receipt {
  state: 'sent' | 'received' | 'read'
  /** Roles that have read (or received) it. */
  roles: string[]
}

/** How far a message of mine has come, by the marks of the others. */
export function receiptOf(seq: number, marks: MarksView[], person: string): Receipt {
  const others = marks.filter((mark) => mark.person !== person)
  const roles = (list: MarksView[]): string[] => [...new Set(list.map((mark) => mark.role))]
  const read = others.filter((mark) => mark.read >= seq)
  if (read.length > 0) return { state: 'read', roles: roles(read) }
  const received = others.filter((mark) => mark.received >= seq)
  if (received.length > 0) return { state: 'received', roles: roles(received) }
  return { state: 'sent', roles: [] }
}
