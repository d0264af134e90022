import type { EventView, Overlay, Pending, Reactor } from '@huaxin/sync'

/** Commands that lay something over a message that is there already. */
const LAID: ReadonlySet<string> = new Set([
  'recall_message',
  'edit_message',
  'react',
  'pin_message',
  'answer_question',
  'stop_live',
])
export type Overlays = Record<string, Overlay>

export const isLaid = (row: Pending): boolean => LAID.has(row.name)

/**
 * The overlays with one's own taps that nobody has answered yet: only for showing, the server alone decides.
 * `me` is as whom they will stand there. Nothing that is given is changed.
 */
export function shownOverlays(known: Overlays, pending: Pending[], me: Reactor): Overlays {
  let shown = known
  for (const row of pending) {
    if (row.state !== 'waiting' || !LAID.has(row.name)) continue
    const seq = String(row.fields['seq'])
    shown = { ...shown, [seq]: laid(shown[seq] ?? {}, row, me) }
  }
  return shown
}

function laid(overlay: Overlay, row: Pending, me: Reactor): Overlay {
  const { fields, device_at: at } = row
  const on = fields['on'] !== false
  switch (row.name) {
    case 'recall_message':
      return { recalled_at: at }
    case 'edit_message':
      return { ...overlay, text: String(fields['text']).trim(), edited_at: at }
    case 'react':
      return { ...overlay, reactions: reacted(overlay.reactions ?? {}, String(fields['emoji']), on, me) }
    case 'pin_message':
      return { ...overlay, pinned: on ? { ...me, at } : null }
    case 'answer_question':
      return overlay.answer ? overlay : { ...overlay, answer: { ...me, option: Number(fields['option']), at } }
    default:
      return { ...overlay, closed_at: overlay.closed_at || at }
  }
}

export function reacted(
  all: Record<string, Reactor[]>,
  emoji: string,
  on: boolean,
  me: Reactor,
): Record<string, Reactor[]> {
  const others = (all[emoji] ?? []).filter((one) => one.person !== me.person)
  const after = { ...all, [emoji]: on ? [...others, me] : others }
  if (after[emoji]?.length === 0) delete after[emoji]
  return after
}

/** Seqs of pinned messages, the newest pin first. */
export function pinnedSeqs(overlays: Overlays): number[] {
  return Object.entries(overlays)
    .filter(([, overlay]) => overlay.pinned && !overlay.recalled_at)
    .sort(([, a], [, b]) => (b.pinned?.at ?? 0) - (a.pinned?.at ?? 0))
    .map(([seq]) => Number(seq))
}

/** One's own message may be recalled or edited for this long, by the server's clock. */
export const OWN_MS = 120_000
export type Ability = 'reply' | 'copy' | 'edit' | 'recall' | 'pin' | 'unpin' | 'forward' | 'report'

export interface Asked {
  event: EventView
  overlay: Overlay | undefined
  mine: boolean
  /** As who one is on the order, and what the server offers. */
  role: string
  actions: string[]
  /** Server time, ms. */
  now: number
}

export const leftToChange = (event: EventView, now: number): number => Math.max(0, event.at + OWN_MS - now)

/** What the menu of a message offers, in its order. */
export function abilitiesOf({ event, overlay, mine, role, actions, now }: Asked): Ability[] {
  const gone = Boolean(overlay?.recalled_at || event.body['recalled'])
  const text = typeof event.body['text'] === 'string' && event.body['text'] !== ''
  const may = actions.includes('say')
  if (gone) return role === 'shop' && text ? ['copy'] : []
  const fresh = mine && leftToChange(event, now) > 0
  const said = event.type === 'message_sent'
  const all: [Ability, boolean][] = [
    ['reply', may],
    ['copy', text || Boolean(event.body['place'])],
    ['edit', may && fresh && said && text && !event.body['forwarded']],
    ['recall', fresh],
    [overlay?.pinned ? 'unpin' : 'pin', may],
    ['forward', may && said],
    ['report', !mine && role !== 'shop'],
  ]
  return all.filter(([, offered]) => offered).map(([ability]) => ability)
}
