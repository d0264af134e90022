import { useHuaxin, type Role } from '@huaxin/sync'
import { showNote } from '../toast'
import { useWords } from '../words/useWords'

/** A telephone call over a number that hides both: for a phone whose network carries no call. */
export function useMasked() {
  const huaxin = useHuaxin()
  const { t, trouble } = useWords()

  async function dial(order: string, to: Role): Promise<void> {
    try {
      const line = await huaxin.api.light('call_masked', { order, to })
      showNote(t(line.simulated ? 'call.masked_simulated' : 'call.masked_dial', { n: line.shown }), 'info', 8_000)
      if (!line.simulated) location.href = `tel:${line.dial}`
    } catch (error) {
      showNote(trouble(error), 'trouble')
    }
  }

  return { dial }
}
