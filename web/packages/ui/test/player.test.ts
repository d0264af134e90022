import { beforeEach, describe, expect, it } from 'vitest'
import { nextAfter, VoicePlayer, type Sound, type Voice } from '../src/chat/media/player'

class FakeSound implements Sound {
  src = ''
  currentTime = 0
  duration = 10
  playbackRate = 1
  playing = false
  refuse = 0
  private readonly listeners = new Map<string, (() => void)[]>()
  async play(): Promise<void> {
    if (this.refuse > 0) {
      this.refuse -= 1
      throw new Error('403')
    }
    this.playing = true
  }
  pause(): void {
    this.playing = false
    this.tell('pause')
  }
  addEventListener(type: string, listener: () => void): void {
    this.listeners.set(type, [...(this.listeners.get(type) ?? []), listener])
  }
  tell(type: string): void {
    for (const listener of this.listeners.get(type) ?? []) listener()
  }
  to(at: number): void {
    this.currentTime = at
    this.tell('timeupdate')
  }
}

const voice = (id: string, mine = false): Voice => ({ order: 'o', id, ms: 10_000, mine })
const list = [voice('a'), voice('b', true), voice('c'), voice('d')]
let sound: FakeSound
let heard: Set<string>
let asked: string[]
let kept: number[]
let failures: string[]
let player: VoicePlayer

beforeEach(() => {
  sound = new FakeSound()
  heard = new Set()
  asked = []
  kept = []
  failures = []
  player = new VoicePlayer({
    address: async ({ id }, fresh) => {
      asked.push(fresh ? `${id}!` : id)
      return `/media/${id}${fresh ? '-new' : ''}`
    },
    heard: ({ id }) => heard.has(id),
    hear: ({ id }) => heard.add(id),
    failed: ({ id }) => failures.push(id),
    sound: () => sound,
    keepSpeed: (speed) => kept.push(speed),
  })
})
const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve))
const all = (): Voice[] => list

describe('the player', () => {
  it('plays the following ones that were not heard, not one’s own, and then stops', async () => {
    await player.toggle(list[0]!, all)
    expect([sound.src, sound.playing, heard.has('a')]).toEqual(['/media/a', true, true])
    sound.tell('ended')
    await settle()
    expect(player.current.value?.id).toBe('c')
    heard.add('d')
    sound.tell('ended')
    await settle()
    expect([player.current.value, player.playing.value]).toEqual([null, false])
    expect(asked).toEqual(['a', 'c'])
  })

  it('only one sounds; each keeps the place where it was left', async () => {
    await player.toggle(list[0]!, all)
    sound.to(4)
    expect(player.progress(list[0]!)).toBeCloseTo(0.4)
    await player.toggle(list[2]!, all)
    expect([player.isPlaying(list[0]!), player.isPlaying(list[2]!), sound.src]).toEqual([false, true, '/media/c'])
    expect(player.progress(list[0]!)).toBeCloseTo(0.4)
    await player.toggle(list[0]!, all)
    expect(sound.currentTime).toBe(4)
  })

  it('pauses and goes on', async () => {
    await player.toggle(list[0]!, all)
    sound.to(3)
    await player.toggle(list[0]!, all)
    expect([player.playing.value, sound.playing]).toEqual([false, false])
    await player.toggle(list[0]!, all)
    expect([player.playing.value, sound.currentTime]).toEqual([true, 3])
  })

  it('seeks within the one that plays, and begins another one there', async () => {
    await player.toggle(list[0]!, all)
    await player.seek(list[0]!, 0.5, all)
    expect(sound.currentTime).toBe(5)
    await player.seek(list[3]!, 0.25, all)
    expect([player.current.value?.id, sound.currentTime]).toEqual(['d', 2.5])
    await player.seek(list[3]!, 7, all)
    expect(sound.currentTime).toBeLessThan(10)
  })

  it('is faster by steps, and that is remembered', async () => {
    await player.toggle(list[0]!, all)
    const speeds = [1, 2, 3].map(() => {
      player.faster()
      return sound.playbackRate
    })
    expect(speeds).toEqual([1.5, 2, 1])
    expect(kept).toEqual([1.5, 2, 1])
  })

  it('a refused address is asked for once more; then it is said', async () => {
    sound.refuse = 1
    await player.toggle(list[0]!, all)
    expect([asked, sound.src, player.playing.value]).toEqual([['a', 'a!'], '/media/a-new', true])
    sound.refuse = 2
    await player.toggle(list[2]!, all)
    await settle()
    expect([failures, player.playing.value]).toEqual([['c'], false])
    expect(heard.has('c')).toBe(false)
  })

  it('headphones pulled out: it pauses and says so', async () => {
    await player.toggle(list[0]!, all)
    sound.to(2)
    sound.tell('pause')
    expect([player.playing.value, player.progress(list[0]!)]).toEqual([false, 0.2])
  })

  it('another tap while the address is still on its way wins', async () => {
    const first = player.toggle(list[0]!, all)
    const second = player.toggle(list[2]!, all)
    await Promise.all([first, second])
    expect([player.current.value?.id, sound.src, heard.has('a')]).toEqual(['c', '/media/c', false])
  })

  it('the next one after a message that is not loaded is none', () => {
    expect(nextAfter(voice('z'), list, () => false)).toBeNull()
    expect(nextAfter(list[0]!, list, ({ id }) => id === 'c')?.id).toBe('d')
  })
})
