import { computed, inject, provide, ref, shallowRef, type ComputedRef, type InjectionKey, type Ref, type ShallowRef } from 'vue'
import { useHuaxin, type CommandBodies, type CommandName, type EventView, type OrderHandle, type Overlay, type Pending } from '@huaxin/sync'
import { showNote } from '../../toast'
import { useWords } from '../../words/useWords'
import type { Item } from '../timeline'
import { isLaid, shownOverlays, type Overlays } from './overlays'

export type MessageItem = Extract<Item, { kind: 'message' | 'pending' }>
/** Where a menu is to open: at the pointer, or as a sheet. */
export interface MenuAt {
  item: MessageItem
  x: number
  y: number
  /** From a mouse or the keyboard: beside the message. From a finger: a sheet within reach of the thumb. */
  beside: boolean
}
export type SheetName = 'place' | 'live' | 'ask' | 'forward' | 'report' | 'quick' | 'house' | 'call'

/** What every part of one conversation shares. */
export interface Talk {
  order: OrderHandle
  person: ComputedRef<string>
  role: ComputedRef<string>
  maySay: ComputedRef<boolean>
  overlays: ComputedRef<Overlays>
  overlay: (seq: number) => Overlay | undefined
  known: (seq: number) => EventView | undefined
  /** Refused taps on a message that is there. */
  refused: (seq: number) => Pending[]
  send: <N extends CommandName>(name: N, fields: Omit<CommandBodies[N], 'order'>) => Promise<string>
  /** The same, for what shows nowhere in the conversation: a refusal is said, and nothing stays behind. */
  tell: <N extends CommandName>(name: N, fields: Omit<CommandBodies[N], 'order'>) => Promise<boolean>
  menu: ShallowRef<MenuAt | null>
  /** What is being answered or edited now; the composer shows it. */
  answering: ShallowRef<EventView | null>
  editing: ShallowRef<EventView | null>
  /** The event a sheet is about, and which sheet is open. */
  about: ShallowRef<EventView | null>
  sheet: Ref<SheetName | ''>
  searching: Ref<boolean>
  open: (sheet: SheetName, about?: EventView) => void
  reveal: (seq: number) => Promise<void>
  copy: (text: string) => Promise<void>
  /** Words that go back into the composer. */
  rewritten: ShallowRef<string>
  rewrite: (text: string) => void
}

const TALK: InjectionKey<Talk> = Symbol('talk')

export function provideTalk(order: () => OrderHandle, reveal: (seq: number) => Promise<void>): Talk {
  const huaxin = useHuaxin()
  const { t, trouble } = useWords()
  const handle = computed(order)
  const person = computed(() => huaxin.session.person)
  const role = computed(() => handle.value.role.value ?? '')
  const me = computed(() => ({
    person: person.value,
    role: role.value,
    name: huaxin.session.me.value?.name ?? '',
  }))
  const overlays = computed(() =>
    shownOverlays(handle.value.order.value?.overlays ?? {}, handle.value.pending.value, me.value),
  )
  const bySeq = computed(() => new Map(handle.value.events.value.map((event) => [event.seq, event])))
  const refused = computed(() => handle.value.pending.value.filter((row) => row.state === 'failed' && isLaid(row)))
  const sheet = ref<SheetName | ''>('')
  const about = shallowRef<EventView | null>(null)
  const rewritten = shallowRef('')

  const talk: Talk = {
    get order() {
      return handle.value
    },
    person,
    role,
    maySay: computed(() => handle.value.actions.value.includes('say')),
    overlays,
    overlay: (seq) => overlays.value[String(seq)],
    known: (seq) => bySeq.value.get(seq),
    refused: (seq) => refused.value.filter((row) => row.fields['seq'] === seq),
    send: (name, fields) => handle.value.send(name, fields),
    tell: async (name, fields) => {
      const id = await handle.value.send(name, fields)
      try {
        await huaxin.outbox.result(id)
        return true
      } catch (error) {
        showNote(trouble(error), 'trouble')
        await huaxin.outbox.discard(id)
        return false
      }
    },
    menu: shallowRef(null),
    answering: shallowRef(null),
    editing: shallowRef(null),
    about,
    sheet,
    searching: ref(false),
    open: (name, event) => {
      about.value = event ?? null
      sheet.value = name
    },
    reveal,
    copy: async (text) => {
      await writeOut(text)
      showNote(t('msg.copied'))
    },
    rewritten,
    rewrite: (text) => {
      rewritten.value = text
    },
  }
  provide(TALK, talk)
  return talk
}

export function useTalk(): Talk {
  const found = inject(TALK)
  if (!found) throw new Error('outside of a conversation')
  return found
}

/** The clipboard is given to secure pages only; a shop's own network is often plain http. */
async function writeOut(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text)
  } catch {
    const area = document.createElement('textarea')
    area.value = text
    area.style.cssText = 'position:fixed;opacity:0'
    // Inside an open dialog the rest of the page cannot take the focus.
    const host = document.querySelector('dialog[open]') ?? document.body
    host.append(area)
    area.select()
    document.execCommand('copy')
    area.remove()
  }
}
