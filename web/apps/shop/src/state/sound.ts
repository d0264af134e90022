import { computed } from 'vue'
import { kept } from './kept'

const choice = kept<'on' | 'off'>('sound', 'on', ['on', 'off'])
export const muted = computed(() => choice.value === 'off')

let audio: AudioContext | null = null
let lastAt = 0
/** A rush of orders rings once, not forty times. */
const QUIET_MS = 4_000

/** Browsers let a page sound only after somebody has touched it. */
function wakeUp(): void {
  if (audio || typeof AudioContext === 'undefined') return
  audio = new AudioContext()
}
for (const touch of ['pointerdown', 'keydown']) globalThis.addEventListener?.(touch, wakeUp, { once: true })

export function toggleSound(): void {
  choice.value = muted.value ? 'on' : 'off'
  wakeUp()
  if (!muted.value) chime('ask', true)
}

/** Two soft bell tones; three falling ones when something is wrong. */
export function chime(level: 'alarm' | 'warn' | 'ask', now = false): void {
  if (!audio || muted.value || (!now && Date.now() - lastAt < QUIET_MS)) return
  lastAt = Date.now()
  if (audio.state === 'suspended') void audio.resume()
  const tones = level === 'alarm' ? [880, 740, 622] : level === 'warn' ? [740, 622] : [587, 880]
  tones.forEach((hertz, index) => bell(audio as AudioContext, hertz, index * 0.17))
}

function bell(context: AudioContext, hertz: number, delay: number): void {
  const at = context.currentTime + delay
  for (const [partial, loud] of [
    [1, 0.12],
    [2.01, 0.03],
  ] as const) {
    const tone = context.createOscillator()
    const volume = context.createGain()
    tone.frequency.value = hertz * partial
    volume.gain.setValueAtTime(0.0001, at)
    volume.gain.exponentialRampToValueAtTime(loud, at + 0.015)
    volume.gain.exponentialRampToValueAtTime(0.0001, at + 0.7)
    tone.connect(volume).connect(context.destination)
    tone.start(at)
    tone.stop(at + 0.75)
  }
}
