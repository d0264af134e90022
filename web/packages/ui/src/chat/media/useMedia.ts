import { computed, inject, onScopeDispose, provide, shallowReactive, shallowRef, watch, type InjectionKey, type Ref } from 'vue'
import { isLocal, useHuaxin, type Attachment, type EventView, type Huaxin } from '@huaxin/sync'
import { showNote } from '../../toast'
import { useWords } from '../../words/useWords'
import { bodyOf } from '../timeline'
import { VoicePlayer, type Voice } from './player'

const SPEED = 'huaxin.voice.speed'
const PATIENCE_MS = 8_000
const HEARD = new WeakMap<Huaxin, Set<string>>()

export interface MediaRoom {
  order: Ref<string>
  player: VoicePlayer
  /** All voice messages here, in their order. */
  voices: () => Voice[]
  /** Pictures and clips, in their order. */
  pictures: Ref<Attachment[]>
  viewing: Readonly<Ref<string>>
  /** Opens the viewer on a picture or clip; '' closes it. */
  show: (id: string) => void
  unheard: (id: string) => boolean
}

const MEDIA: InjectionKey<MediaRoom> = Symbol('media')

/** What all bubbles of one conversation share: one player, one viewer. Call where the conversation is made. */
export function provideMedia(order: Ref<string>, events: Ref<EventView[]>): MediaRoom {
  const huaxin = useHuaxin()
  const { t } = useWords()
  const heard = heardOn(huaxin)
  const sent = computed(() => events.value.flatMap((event) => attachmentsOf(event).map((one) => ({ event, one }))))
  const voices = (): Voice[] =>
    sent.value
      .filter(({ one }) => one.kind === 'voice')
      .map(({ event, one }) => voiceOf(order.value, one, event.actor.person === huaxin.session.person))
  const player = new VoicePlayer({
    address: (voice, fresh) => addressOf(huaxin, voice.order, voice.id, fresh),
    heard: (voice) => heard.has(voice.id),
    hear: (voice) => {
      heard.add(voice.id)
      void huaxin.store.heard.put({ id: voice.id }).catch(() => undefined)
    },
    failed: () => showNote(t('media.again'), 'trouble'),
    speed: Number(globalThis.localStorage?.getItem(SPEED) ?? 1),
    keepSpeed: (speed) => globalThis.localStorage?.setItem(SPEED, String(speed)),
  })
  const viewing = shallowRef('')
  const room: MediaRoom = {
    order,
    player,
    voices,
    pictures: computed(() => sent.value.map(({ one }) => one).filter(isShown)),
    viewing,
    show: (id) => {
      viewing.value = id
    },
    unheard: (id) => !isLocal(id) && !heard.has(id),
  }
  watch(order, () => {
    player.stop()
    viewing.value = ''
  })
  onScopeDispose(() => player.stop())
  provide(MEDIA, room)
  return room
}

export function useMedia(): MediaRoom {
  const room = inject(MEDIA)
  if (!room) throw new Error('provideMedia() is missing')
  return room
}

export const isShown = (one: Attachment): boolean => one.kind === 'picture' || one.kind === 'video'

export function attachmentsOf(event: EventView): Attachment[] {
  return event.type === 'message_sent' ? (bodyOf(event, 'message_sent').media ?? []) : []
}

export const voiceOf = (order: string, one: Attachment, mine: boolean): Voice => ({
  order,
  id: one.id,
  ms: one.duration_ms ?? 0,
  mine,
})

/** What was listened to on this device; read once. */
function heardOn(huaxin: Huaxin): Set<string> {
  const known = HEARD.get(huaxin)
  if (known) return known
  const heard = shallowReactive(new Set<string>())
  HEARD.set(huaxin, heard)
  huaxin.store.heard
    .toCollection()
    .primaryKeys()
    .then((ids) => ids.forEach((id) => heard.add(id)))
    .catch(() => undefined)
  return heard
}

/** The address of a sound, when it is known. */
async function addressOf(huaxin: Huaxin, order: string, id: string, fresh: boolean): Promise<string> {
  const here = fresh ? '' : await huaxin.uploads.preview(id)
  if (here) return here
  const before = huaxin.links.get(order, id)
  if (fresh) huaxin.links.renew(order, id)
  return new Promise<string>((done, failed) => {
    let stop: () => void = () => undefined
    const end = (act: () => void): void => {
      clearTimeout(timer)
      queueMicrotask(() => stop())
      act()
    }
    const timer = setTimeout(() => end(() => failed(new Error('no address'))), PATIENCE_MS)
    stop = watch(
      () => [huaxin.links.get(order, id), huaxin.links.missing.has(`${order} ${id}`)] as const,
      ([links, missing]) => {
        if (missing) end(() => failed(new Error('not to be seen')))
        else if (links && !(fresh && links === before)) end(() => done(links.play || links.original))
      },
      { immediate: true },
    )
  })
}

/** Addresses of one medium for a template: this device's own bytes first, then the server's. */
export function useAddress(order: () => string, id: () => string) {
  const huaxin = useHuaxin()
  const localFailed = shallowRef(false)
  const broken = shallowRef(false)
  const local = computed(() => (localFailed.value ? '' : (huaxin.uploads.previews.get(id()) ?? '')))
  const links = computed(() => (local.value || isLocal(id()) ? null : huaxin.links.get(order(), id())))
  const gone = computed(() => !local.value && huaxin.links.missing.has(`${order()} ${id()}`))

  watch(
    id,
    (now) => {
      localFailed.value = false
      broken.value = false
      if (isLocal(now)) void huaxin.uploads.preview(now)
    },
    { immediate: true },
  )
  /** It did not load: the other way, a new address, and then it is said. */
  function failed(): void {
    if (local.value) localFailed.value = true
    else if (!isLocal(id()) && !huaxin.links.renew(order(), id())) broken.value = true
  }
  function again(): void {
    broken.value = false
    huaxin.links.renew(order(), id())
  }
  watch(links, () => {
    broken.value = false
  })
  return {
    local,
    gone,
    broken,
    failed,
    again,
    thumb: computed(() => local.value || links.value?.thumb || links.value?.original || ''),
    original: computed(() => links.value?.original || local.value),
    play: computed(() => local.value || links.value?.play || links.value?.original || ''),
    save: computed(() => {
      const address = huaxin.links.get(order(), id())?.original
      return address ? `${address}?save` : local.value
    }),
  }
}
