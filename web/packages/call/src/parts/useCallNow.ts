import { computed, onScopeDispose, shallowRef } from 'vue'
import { useHuaxin, type Role } from '@huaxin/sync'
import { lengthOf, useWords } from '@huaxin/ui'
import { othersIn } from '../machine'
import { useStage } from '../stage'

/** One of the others, as the screen shows them. */
export interface Seat {
  device: string
  name: string
  role: Role
  stream: MediaStream | null
  /** Their picture is to be seen. */
  cam: boolean
  mic: boolean
  low: boolean
}

/** The call in words and figures: who is in it, how long, how well it goes. */
export function useCallNow() {
  const { room } = useStage()
  const huaxin = useHuaxin()
  const words = useWords()
  const { t } = words

  const seats = computed<Seat[]>(() => {
    void room.mesh.beat.value
    return othersIn(room.state.value, huaxin.session.person).map(({ device, role, name }) => {
      const peer = room.mesh.peers.get(device)
      const said = room.mesh.others.get(device)
      const picture = peer?.stream.getVideoTracks()[0]
      const shown = Boolean(picture && picture.readyState === 'live' && !picture.muted)
      return {
        device,
        role,
        name: name || words.role(role),
        stream: peer?.stream ?? null,
        cam: peer?.state !== 'new' && shown && said?.cam !== false && said?.low !== true,
        mic: said?.mic !== false,
        low: said?.low === true,
      }
    })
  })

  const title = computed(() => {
    const [first, ...rest] = seats.value
    const name = first?.name || room.state.value.name
    return rest.length > 0 ? `${name} ${t('calling.others', { n: rest.length })}` : name
  })

  const tick = shallowRef(0)
  const timer = setInterval(() => (tick.value += 1), 500)
  onScopeDispose(() => clearInterval(timer))
  const length = computed(() => {
    const { phase, since } = room.state.value
    return tick.value >= 0 && phase === 'talking' ? lengthOf(performance.now() - since) : ''
  })

  /** How it goes, in one word. */
  const line = computed(() => {
    const { phase } = room.state.value
    if (phase === 'ringing_out') return t('calling.ringing')
    if (phase === 'connecting') return t('calling.connecting')
    return t(`calling.quality.${room.watch.word.value}`)
  })

  /** What stands in the way, in a sentence; '' when nothing does. */
  const trouble = computed(() => {
    const why = room.hindrance.value
    if (!why) return ''
    const said = why === 'relay_none' ? words.text(room.servers.value?.words) : ''
    return said || t(`calling.hindrance.${why}`)
  })

  return { room, seats, title, length, line, trouble, t, words }
}
