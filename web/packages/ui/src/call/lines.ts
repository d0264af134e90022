import type { CallEnded } from '@huaxin/sync'

/** How long a call was, as a clock says it: 02:13. */
export function lengthOf(ms: number): string {
  const s = Math.max(0, Math.round(ms / 1000))
  const two = (n: number): string => String(n).padStart(2, '0')
  const hours = Math.floor(s / 3600)
  return `${hours > 0 ? `${hours}:` : ''}${two(Math.floor((s % 3600) / 60))}:${two(s % 60)}`
}

/** Nobody spoke: one looks whether to call again. */
export const isUnanswered = (ended: CallEnded): boolean => !ended.duration_ms && ended.why !== 'hung_up'

/** A key of `call.line` for the line that stays of a call, from where one stands. */
export function lineOf(ended: CallEnded, person: string): string {
  if (ended.duration_ms) return 'talked'
  if (['missed', 'cancelled', 'declined', 'busy'].includes(ended.why)) return `${ended.why}_${ended.by_person === person ? 'out' : 'in'}`
  return 'failed'
}
