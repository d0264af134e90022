import { shallowReactive, shallowRef } from 'vue'

/** A voice message that can be played. */
export interface Voice {
  order: string
  id: string
  ms: number
  mine: boolean
}

/** What the player needs of an <audio>. */
export interface Sound {
  src: string
  currentTime: number
  readonly duration: number
  playbackRate: number
  play(): Promise<void>
  pause(): void
  addEventListener(type: string, listener: () => void): void
}

export interface PlayerOptions {
  /** The address of its sound. `fresh`: the last one was refused. Rejects when there is none. */
  address: (voice: Voice, fresh: boolean) => Promise<string>
  heard: (voice: Voice) => boolean
  /** It begins to sound. */
  hear: (voice: Voice) => void
  failed: (voice: Voice) => void
  sound?: () => Sound
  speed?: number
  keepSpeed?: (speed: number) => void
}

export const SPEEDS = [1, 1.5, 2] as const

/** Plays one voice message at a time, then those after it that were not heard yet. */
export class VoicePlayer {
  readonly current = shallowRef<Voice | null>(null)
  readonly playing = shallowRef(false)
  /** Address asked for, or bytes on their way. */
  readonly loading = shallowRef(false)
  readonly at = shallowRef(0)
  readonly speed = shallowRef(1)
  /** Where somebody stopped, by message. */
  private readonly left = shallowReactive(new Map<string, number>())
  private following: () => Voice[] = () => []
  private sound: Sound | null = null
  private round = 0
  private renewed = false

  constructor(private readonly options: PlayerOptions) {
    this.speed.value = SPEEDS.find((one) => one === options.speed) ?? 1
  }

  /** 0…1 of a message. */
  progress(voice: Voice): number {
    const at = this.current.value?.id === voice.id ? this.at.value : (this.left.get(voice.id) ?? 0)
    return voice.ms > 0 ? Math.min(1, (at * 1000) / voice.ms) : 0
  }

  isPlaying(voice: Voice): boolean {
    return this.playing.value && this.current.value?.id === voice.id
  }

  /** Play, or pause. `list`: all voice messages of the conversation in their order, as they are then. */
  async toggle(voice: Voice, list: () => Voice[]): Promise<void> {
    if (this.isPlaying(voice)) return this.pause()
    this.following = list
    await this.begin(voice, this.left.get(voice.id) ?? 0)
  }

  /** To a part of it, 0…1; plays from there when it was playing or is new. */
  async seek(voice: Voice, part: number, list: () => Voice[]): Promise<void> {
    const at = (Math.min(0.995, Math.max(0, part)) * voice.ms) / 1000
    if (this.current.value?.id === voice.id && this.sound) {
      this.sound.currentTime = at
      this.at.value = at
      return
    }
    this.following = list
    await this.begin(voice, at)
  }

  pause(): void {
    this.round += 1
    this.keepPlace()
    // First: the sound tells that it pauses, and that is no news then.
    this.playing.value = false
    this.loading.value = false
    this.sound?.pause()
  }

  /** The conversation is left. */
  stop(): void {
    if (!this.current.value) return
    this.pause()
    this.current.value = null
  }

  faster(): void {
    const next = SPEEDS[(SPEEDS.indexOf(this.speed.value as (typeof SPEEDS)[number]) + 1) % SPEEDS.length] ?? 1
    this.speed.value = next
    if (this.sound) this.sound.playbackRate = next
    this.options.keepSpeed?.(next)
  }

  private async begin(voice: Voice, at: number, fresh = false): Promise<void> {
    const mine = ++this.round
    if (this.current.value?.id !== voice.id) {
      this.keepPlace()
      this.playing.value = false
      this.sound?.pause()
    }
    const sound = (this.sound ??= this.make())
    this.current.value = voice
    this.at.value = at
    this.playing.value = true
    this.loading.value = true
    this.renewed = fresh
    try {
      const src = await this.options.address(voice, fresh)
      if (mine !== this.round) return
      if (sound.src !== src) sound.src = src
      sound.currentTime = at
      sound.playbackRate = this.speed.value
      await sound.play()
      if (mine !== this.round) return
      this.loading.value = false
      this.options.hear(voice)
    } catch {
      if (mine === this.round) await this.refused()
    }
  }

  /** Once more with a new address: the old one may have run out. */
  private async refused(): Promise<void> {
    const voice = this.current.value
    if (!voice) return
    if (!this.renewed) return this.begin(voice, this.at.value, true)
    this.pause()
    this.options.failed(voice)
  }

  private make(): Sound {
    const sound = (this.options.sound ?? browserSound)()
    sound.addEventListener('timeupdate', () => {
      if (this.playing.value && !this.loading.value) this.at.value = sound.currentTime
    })
    sound.addEventListener('ended', () => void this.ended())
    sound.addEventListener('pause', () => {
      // From outside: headphones pulled out, a call.
      const done = Number.isFinite(sound.duration) && sound.currentTime >= sound.duration
      if (this.playing.value && !this.loading.value && !done) this.pause()
    })
    sound.addEventListener('error', () => {
      if (this.playing.value && !this.loading.value) void this.refused()
    })
    return sound
  }

  private async ended(): Promise<void> {
    const done = this.current.value
    if (!done || !this.playing.value) return
    this.left.delete(done.id)
    this.at.value = 0
    const next = nextAfter(done, this.following(), this.options.heard)
    if (next) return this.begin(next, 0)
    this.playing.value = false
    this.current.value = null
  }

  private keepPlace(): void {
    const voice = this.current.value
    if (!voice) return
    if (this.at.value * 1000 < voice.ms - 300) this.left.set(voice.id, this.at.value)
    else this.left.delete(voice.id)
  }
}

/** The next one of somebody else that was not heard yet. */
export function nextAfter(done: Voice, list: Voice[], heard: (voice: Voice) => boolean): Voice | null {
  const at = list.findIndex((one) => one.id === done.id)
  return at < 0 ? null : (list.slice(at + 1).find((one) => !one.mine && !heard(one)) ?? null)
}

function browserSound(): Sound {
  const sound = new Audio()
  sound.preload = 'auto'
  return sound
}
