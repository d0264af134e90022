import { inject, provide, shallowRef, type InjectionKey, type ShallowRef } from 'vue'
import { useI18n } from 'vue-i18n'
import { useHuaxin, type CallOn } from '@huaxin/sync'
import { showNote, useWords } from '@huaxin/ui'
import { CallRoom } from './room'
import en from './words/en'
import zh from './words/zh'

/** What all parts of the call's screens share. */
export interface Stage {
  room: CallRoom
  /** A short sentence, for a few seconds. */
  note: ShallowRef<string>
  say: (words: string) => void
  /** Opens the conversation of an order. */
  talk: (order: string) => void
}

const STAGE: InjectionKey<Stage> = Symbol('call')
const NOTE_MS = 6_000

export function provideStage(talk: (order: string) => void): Stage {
  const huaxin = useHuaxin()
  const i18n = useI18n({ useScope: 'global' })
  // The words of a call come with it, not with the first page.
  i18n.mergeLocaleMessage('zh-CN', { calling: zh })
  i18n.mergeLocaleMessage('en', { calling: en })
  const note = shallowRef('')
  let timer: ReturnType<typeof setTimeout> | undefined
  const say = (words: string): void => {
    if (!words) return
    clearTimeout(timer)
    note.value = words
    timer = setTimeout(() => (note.value = ''), NOTE_MS)
    // A page that shows no call says it as it says everything.
    if (room.minimised.value || !room.live.value) showNote(words)
  }
  const room: CallRoom = new CallRoom(huaxin, {
    say: (key, sentence) => say(sentence || i18n.t(key.startsWith('camera_') ? `calling.device.${key}` : `calling.${key}`)),
  })
  const stage = { room, note, say, talk }
  provide(STAGE, stage)
  return stage
}

export function useStage(): Stage {
  const found = inject(STAGE)
  if (!found) throw new Error('outside of a call')
  return found
}

/** Who calls, as one would say it. */
export function useCaller() {
  const words = useWords()
  return (on: CallOn): string => on.call.by_name || words.role(on.call.by_role)
}
