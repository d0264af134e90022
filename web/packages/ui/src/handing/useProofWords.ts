import type { Proof } from '@huaxin/sync'
import { useWords } from '../words/useWords'

const DIFFERENT_MS = 120_000
/** A phone whose clock is another day's says nothing of when it was. */
const WRONG_MS = 48 * 3_600_000

/** How flowers were handed over, in short sentences. */
export function useProofWords() {
  const words = useWords()
  const { t } = words

  /** 门卫 · 王师傅; what an older screen wrote stands alone. */
  function who(proof: Proof): string {
    const place = proof.left_with ? t(`handing.taker.${proof.left_with}`) : ''
    const name = proof.received_by ?? ''
    return place && name && name !== place ? `${place} · ${name}` : place || name
  }

  /** What else is known of it: the code, the place, the phone's own time where it was sent later. */
  function more(proof: Proof): { key: string; text: string; trouble: boolean }[] {
    const found = []
    if (proof.code) found.push({ key: 'code', text: t('handing.code_right'), trouble: false })
    if ((proof.distance_m ?? -1) >= 0) {
      const n = words.distance(proof.distance_m)
      found.push({ key: 'far', text: t(proof.far ? 'handing.far' : 'handing.near', { n }), trouble: Boolean(proof.far) })
    }
    const apart = Math.abs(proof.at - (proof.device_at ?? 0))
    const late = apart > DIFFERENT_MS && apart < WRONG_MS
    if (late) found.push({ key: 'device', text: t('handing.device_at', { at: words.moment(proof.device_at) }), trouble: false })
    return found
  }

  return { who, more }
}
