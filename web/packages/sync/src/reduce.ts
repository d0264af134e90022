import type { Answered } from './outbox'
import type { Pending } from './db'
import type {
  Attention,
  Bouquet,
  Cursor,
  DecideIncident,
  EventView,
  LiveView,
  MarksView,
  MemberView,
  OrderSnapshot,
  OrderView,
  Overlay,
  Role,
  Signal,
  Status,
  TrackView,
} from './types.gen'

/** Everything one screen knows of one order: the snapshot kept up to date. */
export interface RoomState {
  cursor: Cursor
  role: Role
  order: OrderView
  actions: string[]
  events: EventView[]
  more: boolean
  marks: MarksView[]
  members: MemberView[]
  track: TrackView | null
  shopName: string
  shopPoint: { lat: number; lon: number } | null
  attention: Attention[]
  /** Where those are who share their position for a while. Absent in what an older version kept on the device. */
  live?: LiveView[]
  /** No pushes of this order's messages, by one's own wish. */
  muted?: boolean
}

export function fromSnapshot(snapshot: OrderSnapshot): RoomState {
  return {
    cursor: snapshot.cursor,
    role: snapshot.role,
    order: snapshot.order,
    actions: snapshot.actions,
    events: snapshot.events,
    more: snapshot.more,
    marks: snapshot.marks,
    members: snapshot.members,
    track: snapshot.track,
    shopName: snapshot.shop_name,
    shopPoint: snapshot.shop_point,
    attention: snapshot.attention ?? [],
    live: snapshot.live ?? [],
    muted: snapshot.muted ?? false,
  }
}

/** Fields that changed are assigned, null means empty: the order is never edited in place. Overlays come by entry. */
export function applyDelta(order: OrderView, delta: EventView['delta']): OrderView {
  if (!delta) return order
  const after = { ...order, ...delta } as OrderView
  const entries = delta['overlays'] as Record<string, Overlay | null> | null | undefined
  return entries ? { ...after, overlays: layOver(order.overlays ?? {}, entries) } : after
}

function layOver(
  known: Record<string, Overlay>,
  entries: Record<string, Overlay | null>,
): Record<string, Overlay> {
  const after = { ...known }
  for (const [seq, overlay] of Object.entries(entries)) {
    if (overlay) after[seq] = overlay
    else delete after[seq]
  }
  return after
}

/** Snapshot + event == the next snapshot. An event that is already in (seq ≤ cursor) changes nothing. */
export function applyEvent(state: RoomState, event: EventView): RoomState {
  if (event.seq <= state.cursor.seq || event.order !== state.order.id) return state
  const events = insertEvent(state.events, event)
  return {
    ...state,
    cursor: { epoch: state.cursor.epoch, seq: event.seq },
    order: applyDelta(state.order, event.delta),
    actions: event.actions ?? state.actions,
    attention: event.attention ?? state.attention,
    events,
    members: seen(state.members, event),
  }
}

/** Ascending by seq, each once. */
export function insertEvent(events: EventView[], event: EventView): EventView[] {
  const last = events[events.length - 1]
  if (!last || last.seq < event.seq) return [...events, event]
  if (events.some((known) => known.seq === event.seq)) return events
  return [...events, event].sort((a, b) => a.seq - b.seq)
}

export function prependHistory(state: RoomState, older: EventView[], more: boolean): RoomState {
  const known = new Set(state.events.map((event) => event.seq))
  return { ...state, events: [...older.filter((event) => !known.has(event.seq)), ...state.events], more }
}

export function applySignal(state: RoomState, signal: Signal): RoomState {
  switch (signal.signal) {
    case 'marks':
      return signal.order === state.order.id ? { ...state, marks: raiseMarks(state.marks, signal.marks) } : state
    case 'presence':
      if (signal.order !== state.order.id) return state
      return {
        ...state,
        members: state.members.map((member) =>
          member.person === signal.person
            ? { ...member, online: signal.online, last_seen: signal.last_seen }
            : member,
        ),
      }
    case 'track':
      return signal.track.order === state.order.id
        ? { ...state, track: mergeTrack(state.track, signal.track) }
        : state
    case 'live':
      return signal.order === state.order.id ? { ...state, live: moveLive(state.live ?? [], signal) } : state
    default:
      return state
  }
}

/** The newest position of each share; one from before a tunnel changes nothing. */
export function moveLive(all: LiveView[], now: LiveView): LiveView[] {
  const { seq, person, role, point, at, until, accuracy_m } = now
  const known = all.find((one) => one.seq === seq)
  if (known && known.at > at) return all
  const view: LiveView = { seq, person, role, point, at, until, ...(accuracy_m === undefined ? {} : { accuracy_m }) }
  return [...all.filter((one) => one.seq !== seq), view]
}

/** The path travels only when it changes; what is absent stays. */
export function mergeTrack(before: TrackView | null, now: TrackView): TrackView {
  return { ...now, path: now.path ?? before?.path ?? null }
}

/** Marks only ever move forward. */
export function raiseMarks(all: MarksView[], next: MarksView): MarksView[] {
  const known = all.find((mark) => mark.person === next.person)
  if (!known) return [...all, next]
  const raised = {
    ...next,
    received: Math.max(known.received, next.received),
    read: Math.max(known.read, next.read),
  }
  return all.map((mark) => (mark.person === next.person ? raised : mark))
}

function seen(members: MemberView[], event: EventView): MemberView[] {
  const { person, role, name = '' } = event.actor
  if (!person || person === 'system') return members
  if (!members.some((member) => member.person === person)) {
    return [...members, { person, role, name, online: true, last_seen: event.at }]
  }
  return members.map((member) =>
    member.person === person && (member.last_seen ?? 0) < event.at ? { ...member, last_seen: event.at } : member,
  )
}

/** Events that people put into a conversation. */
export const MESSAGES: ReadonlySet<string> = new Set(['message_sent', 'question_asked', 'live_shared'])

/** A message from somebody else. Notices speak for facts that the screen shows anyway; the server counts alike. */
export function countsAsUnread(event: EventView, person: string): boolean {
  return MESSAGES.has(event.type) && event.actor.person !== person
}

export function unreadIn(events: EventView[], readSeq: number, person: string): number {
  return events.filter((event) => event.seq > readSeq && countsAsUnread(event, person)).length
}

/*
 * What one's own taps look like before the server has answered. Only for showing: the server alone decides,
 * and its delta replaces all of this the moment it arrives.
 */
const LEADS_TO: Partial<Record<string, Status>> = {
  confirm_order: 'confirmed',
  start_making: 'making',
  mark_ready: 'ready',
  pick_up: 'picked_up',
  set_off: 'delivering',
  mark_arriving: 'arriving',
  mark_arrived: 'arrived',
  deliver: 'delivered',
  rate: 'rated',
  cancel_order: 'cancelled',
  fail_delivery: 'failed',
  retry_delivery: 'delivering',
  start_return: 'returning',
  confirm_return: 'returned',
}

const ROAD = ['agree_time', 'report_incident', 'deliver', 'fail_delivery', 'say', 'send_place']
/** A courier without network still has to get through the day: the next tap of each status. */
const COURIER_NEXT: Partial<Record<Status, string[]>> = {
  picked_up: ['set_off', 'mark_arriving', 'mark_arrived', ...ROAD],
  delivering: ['mark_arriving', 'mark_arrived', ...ROAD],
  arriving: ['mark_arrived', ...ROAD],
  arrived: [...ROAD],
  delivered: ['say', 'send_place'],
  failed: ['retry_delivery', 'start_return', 'say', 'send_place'],
  returning: ['say', 'send_place'],
}

export interface Overlaid {
  order: OrderView
  actions: string[]
  /** True while something shown here is not confirmed by the server. */
  guessed: boolean
}

/** The order as its owner of pending taps should see it. */
export function overlay(order: OrderView, actions: string[], role: Role, waiting: Pending[]): Overlaid {
  let shown = order
  let allowed = actions
  let guessed = false
  for (const { name, fields, device_at, command_id } of waiting) {
    const status = LEADS_TO[name]
    if (status && status !== shown.status) {
      shown = { ...shown, status, times: { ...shown.times, [status]: device_at } }
      allowed = (role === 'courier' && COURIER_NEXT[status]) || allowed.filter((action) => action !== name)
      guessed = true
    }
    if (name === 'confirm_stop') shown = { ...shown, stop_confirmed_at: device_at }
    if (name === 'answer_alert') {
      const kind = String(fields['kind'])
      shown = { ...shown, alerts: (shown.alerts ?? []).filter((one) => one.kind !== kind) }
    }
    if ((name === 'mark_ready' || name === 'show_bouquet') && fields['picture']) {
      shown = { ...shown, bouquet: taken(String(fields['picture']), command_id, device_at, shown.bouquet) }
    }
    if (name === 'answer_bouquet' && shown.bouquet) {
      const status = fields['approve'] === true ? 'approved' : 'fix'
      shown = { ...shown, bouquet: { ...shown.bouquet, status, fix: String(fields['fix'] ?? '') } }
      allowed = allowed.filter((action) => action !== name)
      guessed = true
    }
    if (name === 'agree_time') shown = { ...shown, agreed_at: Number(fields['at']) }
    if (name === 'answer_change' && shown.change) {
      const accepted = fields['accept'] === true
      const others = role === 'shop' ? [] : (shown.change.needs ?? []).filter((one) => one !== role)
      const status = accepted ? (others.length > 0 ? 'asked' : 'confirmed') : 'declined'
      shown = { ...shown, change: { ...shown.change, status, needs: others } }
      allowed = allowed.filter((action) => action !== name && action !== 'counter_change')
      guessed = true
    }
    if (name === 'counter_change' && shown.change) {
      shown = { ...shown, change: { ...shown.change, status: 'countered' } }
      allowed = allowed.filter((action) => action !== name && action !== 'answer_change')
      guessed = true
    }
    if (name === 'decide_incident') {
      const { incident, stage, choice } = fields as unknown as DecideIncident
      const decided = { stage, choice, role, at: device_at, note: '' }
      const incidents = (shown.incidents ?? []).map((one) =>
        one.id === incident && one.stage === stage ? { ...one, stage: '', decided: [...(one.decided ?? []), decided] } : one,
      )
      shown = { ...shown, incidents }
      guessed = true
    }
  }
  return { order: shown, actions: allowed, guessed }
}

/** A picture of the flowers that is still on its way. */
function taken(picture: string, id: string, at: number, before: Bouquet | null | undefined): Bouquet {
  return { id, picture, at, status: 'shown', answer_by: 0, answered_at: 0, fix: before?.fix ?? '', earlier: before?.earlier ?? [] }
}

/** Pending rows and answered ones whose event is not here yet, in the order they were tapped. */
export function stillShown(pending: Pending[], answered: Iterable<Answered>, events: EventView[]): Pending[] {
  const arrived = new Set(events.map((event) => event.command_id).filter(Boolean))
  const rows = [...pending, ...[...answered].map((entry) => entry.pending)]
  const unique = new Map(rows.map((row) => [row.command_id, row]))
  return [...unique.values()]
    .filter((row) => !arrived.has(row.command_id))
    .sort((a, b) => (a.n ?? 0) - (b.n ?? 0))
}
