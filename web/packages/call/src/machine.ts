import type { CallEnded, CallMedia, CallOn, CallView, Role } from '@huaxin/sync'

/** Where one's own call stands. Being rung is not in here: that is what `Calls.ringing` says. */
export type CallPhase = 'idle' | 'ringing_out' | 'connecting' | 'talking' | 'over'

/** Why it is over, as a key of `calling.why`. */
export type Why = 'hung_up' | 'missed' | 'declined' | 'busy' | 'cancelled' | 'failed' | 'lost' | 'reassigned' | 'refused' | 'device' | ''

export interface CallState {
  phase: CallPhase
  call: string
  order: string
  media: CallMedia
  /** Who was rung, and by what name it is shown until the members are known. */
  to: Role[]
  name: string
  /** One's own role on the order. */
  role: Role | ''
  mine: boolean
  view: CallView | null
  why: Why
  /** The server's or the device's sentence. */
  sentence: string
  /** When the first connection stood, by the page's own clock (ms). */
  since: number
}

export const IDLE: CallState = {
  phase: 'idle',
  call: '',
  order: '',
  media: 'audio',
  to: [],
  name: '',
  role: '',
  mine: true,
  view: null,
  why: '',
  sentence: '',
  since: 0,
}

export type CallAct =
  | { is: 'begin'; call: string; order: string; media: CallMedia; to: Role[]; name: string }
  | { is: 'join'; on: CallOn; media: CallMedia }
  /** It was somebody else's call after all: both had rung. */
  | { is: 'joined'; call: string }
  | { is: 'as'; role: Role }
  /** What the order says now; `view` null: there is no such call (any more). */
  | { is: 'told'; view: CallView | null; ended: CallEnded | null; person: string; device: string }
  | { is: 'up'; at: number }
  | { is: 'fail'; why: Why; sentence: string }
  | { is: 'close' }

/** The next state: a pure table, so that it can be walked through without a camera. */
export function next(state: CallState, act: CallAct): CallState {
  switch (act.is) {
    case 'begin': {
      if (state.phase !== 'idle' && state.phase !== 'over') return state
      const { call, order, media, to, name } = act
      return { ...IDLE, phase: 'ringing_out', call, order, media, to, name }
    }
    case 'join': {
      if (state.phase !== 'idle' && state.phase !== 'over') return state
      const { call, order, role } = act.on
      const { id, by_role, by_name } = call
      return { ...IDLE, phase: 'connecting', call: id, order: order.id, media: act.media, to: [by_role], name: by_name, role, mine: false, view: call }
    }
    case 'joined':
      return state.phase === 'ringing_out' ? { ...state, call: act.call, phase: 'connecting', mine: false } : state
    case 'as':
      return { ...state, role: act.role }
    case 'told':
      return told(state, act)
    case 'up':
      return state.phase === 'connecting' || state.phase === 'ringing_out' ? { ...state, phase: 'talking', since: act.at } : state
    case 'fail':
      return state.phase === 'idle' ? state : { ...state, phase: 'over', why: act.why, sentence: act.sentence }
    case 'close':
      return IDLE
  }
}

function told(state: CallState, act: Extract<CallAct, { is: 'told' }>): CallState {
  if (state.phase === 'idle' || state.phase === 'over') return state
  const { view, ended, person, device } = act
  if (!view) return { ...state, phase: 'over', why: (ended?.why as Why | undefined) ?? 'hung_up' }
  const me = view.members.find((one) => one.person === person)
  // Another device of this person has it, or it was taken from us (somebody else rides now).
  if (state.view && wasIn(state.view, person) && !me) return { ...state, phase: 'over', why: 'lost' }
  if (me && me.device !== device) return IDLE
  const answered = view.members.some((one) => one.person !== person)
  const phase = state.phase === 'ringing_out' && answered ? 'connecting' : state.phase
  return { ...state, view, phase, media: state.media }
}

const wasIn = (view: CallView, person: string): boolean => view.members.some((one) => one.person === person)

/** The others in it, whom one talks with. */
export const othersIn = (state: CallState, person: string) =>
  (state.view?.members ?? []).filter((one) => one.person !== person)
