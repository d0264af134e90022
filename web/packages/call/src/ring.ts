/** Sound, shaking and the tab's title while it rings: a person is needed now. */

type Tone = [hertz: number, at: number, length: number]

/** A bell of two tones that is heard in the rain, and the quiet tone of waiting for somebody. */
const TUNES: Record<'in' | 'out', { every: number; tones: Tone[]; loud: number }> = {
  in: { every: 2_400, loud: 0.16, tones: [[784, 0, 0.5], [988, 0.22, 0.5], [784, 0.6, 0.5], [988, 0.82, 0.7]] },
  out: { every: 4_000, loud: 0.05, tones: [[450, 0, 1]] },
}
const SHAKE = [400, 200, 400]
const TITLE_MS = 1_000

let context: AudioContext | null = null

function strike(audio: AudioContext, [hertz, after, length]: Tone, loud: number, soft: boolean): void {
  const at = audio.currentTime + after
  for (const [partial, part] of soft ? ([[1, 1]] as const) : ([[1, 1], [2.01, 0.25]] as const)) {
    const tone = audio.createOscillator()
    const volume = audio.createGain()
    tone.frequency.value = hertz * partial
    volume.gain.setValueAtTime(0.0001, at)
    volume.gain.exponentialRampToValueAtTime(loud * part, at + 0.02)
    if (soft) volume.gain.setValueAtTime(loud * part, at + length - 0.05)
    volume.gain.exponentialRampToValueAtTime(0.0001, at + length)
    tone.connect(volume).connect(audio.destination)
    tone.start(at)
    tone.stop(at + length + 0.05)
  }
}

/** Begins to ring; answers the end of it. `title`: what the tab says in turn with its own title. */
export function ring(way: 'in' | 'out', title = ''): () => void {
  const tune = TUNES[way]
  const sound = (): void => {
    try {
      // A page that nobody has touched yet may not sound; it still shakes and shows.
      context ??= new AudioContext()
      if (context.state === 'suspended') void context.resume().catch(() => undefined)
      for (const tone of tune.tones) strike(context, tone, tune.loud, way === 'out')
    } catch {
      // No sound on this device.
    }
    if (way === 'in') globalThis.navigator?.vibrate?.(SHAKE)
  }
  sound()
  const again = setInterval(sound, tune.every)
  const stopTitle = title ? flash(title) : (): void => undefined
  return () => {
    clearInterval(again)
    stopTitle()
    if (way === 'in') globalThis.navigator?.vibrate?.(0)
    void context?.close().catch(() => undefined)
    context = null
  }
}

/** The tab's title in turn with what it said before, whoever changes that meanwhile. */
export function flash(words: string): () => void {
  let before = document.title
  const turn = (): void => {
    if (document.title === words) {
      document.title = before
      return
    }
    before = document.title
    document.title = words
  }
  turn()
  const timer = setInterval(turn, TITLE_MS)
  return () => {
    clearInterval(timer)
    if (document.title === words) document.title = before
  }
}
