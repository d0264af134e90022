import type { Attachment, EventView, LiveShared, MessageQuote, MessageSent, Pending, PlaceShared, QuestionAsked } from '@huaxin/sync'
import type { Item } from './timeline'

/** What stands in a bubble, whether it is a fact already or still on its way. */
export interface Said {
  kind: 'text' | 'place' | 'question' | 'live' | 'media' | 'forward'
  mine: boolean
  seq: number
  name: string
  role: string
  text: string
  /** Roles that hear it; empty and on its way: the usual ones. */
  to: string[]
  place: PlaceShared | null
  media: Attachment[]
  quote: MessageQuote | null
  mentions: string[]
  forwarded: boolean
  /** Its content is gone for this reader. */
  recalled: boolean
  /** Its content is kept no longer. */
  expired: boolean
  question: QuestionAsked | null
  live: LiveShared | null
  /** Forwards on their way: how many. */
  count: number
}

const NOTHING: Said = {
  kind: 'text', mine: true, seq: 0, name: '', role: '', text: '', to: [], place: null, media: [], quote: null,
  mentions: [], forwarded: false, recalled: false, expired: false, question: null, live: null, count: 0,
}

/** Any message, by its body: fields that a kind does not have are absent. */
type Body = Partial<MessageSent> & Partial<Omit<QuestionAsked, 'text'>> & Partial<LiveShared>

/** `known`: the message with this seq, if it is loaded: for what is quoted before the server has said so. */
export function saidOf(
  item: Extract<Item, { kind: 'message' | 'pending' }>,
  known: (seq: number) => EventView | undefined,
): Said {
  return item.kind === 'pending' ? fromPending(item.row, known) : fromEvent(item.event, item.mine)
}

export function fromEvent(event: EventView, mine: boolean): Said {
  const body = event.body as Body
  const common: Said = {
    ...NOTHING,
    mine,
    seq: event.seq,
    name: body.name ?? '',
    role: event.actor.role,
    text: body.text ?? '',
    to: body.to ?? [],
    recalled: Boolean(body.recalled),
    expired: Boolean(event.body['expired']),
  }
  if (event.type === 'question_asked') return { ...common, kind: 'question', question: event.body as unknown as QuestionAsked }
  if (event.type === 'live_shared') return { ...common, kind: 'live', live: event.body as unknown as LiveShared }
  const media = body.media ?? []
  return {
    ...common,
    kind: media.length > 0 ? 'media' : body.place ? 'place' : 'text',
    place: body.place ?? null,
    media,
    quote: body.quote ?? null,
    mentions: body.mentions ?? [],
    forwarded: Boolean(body.forwarded),
  }
}

function fromPending(row: Pending, known: (seq: number) => EventView | undefined): Said {
  const fields = row.fields
  const to = (fields['to'] as string[] | null | undefined) ?? []
  const reply = Number(fields['reply_to'] ?? 0)
  const asked = reply ? known(reply) : undefined
  const common: Said = {
    ...NOTHING,
    text: String(fields['text'] ?? ''),
    to,
    mentions: (fields['mentions'] as string[] | undefined) ?? [],
    quote: asked ? quoteOf(asked) : null,
  }
  switch (row.name) {
    case 'send_place':
      return { ...common, kind: 'place', place: fields as unknown as PlaceShared }
    case 'send_media':
      return { ...common, kind: 'media' }
    case 'ask': {
      const { text, options, minutes = 60 } = fields as unknown as { text: string; options: string[]; minutes?: number }
      return { ...common, kind: 'question', question: { name: '', to, text, options, until: row.device_at + minutes * 60_000 } }
    }
    case 'share_live': {
      const minutes = Number(fields['minutes'] ?? 15)
      return { ...common, kind: 'live', live: { name: '', to, minutes, until: row.device_at + minutes * 60_000 } }
    }
    case 'forward_messages':
      return { ...common, kind: 'forward', forwarded: true, count: (fields['seqs'] as number[]).length }
    default:
      return common
  }
}

/** As the server will quote it. */
export function quoteOf(event: EventView): MessageQuote {
  const said = fromEvent(event, false)
  const kind = said.kind === 'media' ? (said.media[0]?.kind ?? 'file') : said.kind
  const text = said.place ? said.place.name || said.place.address || '' : said.text
  return { seq: event.seq, name: said.name, role: said.role, kind, text: text.slice(0, 160) }
}
