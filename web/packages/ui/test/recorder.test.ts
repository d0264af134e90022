import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { LONGEST_MS, MicRefused, Recorder, squeezed, type Mic, type Recording } from '../src/chat/media/recorder'
import { why } from '../src/chat/media/mic'

class FakeMic implements Mic {
  onLost: (() => void) | null = null
  closed = false
  started = false
  stops = 0
  start(): void {
    this.started = true
  }
  stop(): Promise<Blob> {
    this.stops += 1
    return Promise.resolve(new Blob(['sound'], { type: 'audio/webm' }))
  }
  close(): void {
    this.closed = true
  }
  level(): number {
    return 0.5
  }
}

let mic: FakeMic
let full: ReturnType<typeof vi.fn>
let recorder: Recorder

beforeEach(() => {
  vi.useFakeTimers()
  mic = new FakeMic()
  full = vi.fn()
  recorder = new Recorder(() => Promise.resolve(mic), full as () => void, () => Date.now())
})
afterEach(() => vi.useRealTimers())

describe('the recorder', () => {
  it('held and let go: a recording with its length and loudness, and the microphone is closed', async () => {
    expect(await recorder.start(true)).toBe(true)
    vi.advanceTimersByTime(2_000)
    expect(recorder.state.value).toBe('recording')
    expect(recorder.ms.value).toBe(2_000)
    const made = (await recorder.finish()) as Recording
    expect(made.ms).toBe(2_000)
    expect(made.waveform.length).toBeLessThanOrEqual(64)
    expect(made.blob.size).toBe(5)
    expect(mic.closed).toBe(true)
    expect(recorder.state.value).toBe('idle')
  })

  it('shorter than 0.7 s is nothing', async () => {
    await recorder.start(true)
    vi.advanceTimersByTime(650)
    expect(await recorder.finish()).toBe('short')
    expect(mic.closed).toBe(true)
  })

  it('let go while the browser still asks: nothing is recorded and a late microphone is closed', async () => {
    let open: (mic: Mic) => void = () => undefined
    recorder = new Recorder(() => new Promise((resolve) => (open = resolve)))
    const started = recorder.start(true)
    expect(recorder.state.value).toBe('asking')
    expect(await recorder.finish()).toBe('early')
    open(mic)
    expect(await started).toBe(false)
    expect([mic.closed, mic.started]).toEqual([true, false])
    expect(recorder.state.value).toBe('idle')
  })

  it('60 s is all: held it ends by itself, with buttons it waits to be sent', async () => {
    await recorder.start(true)
    vi.advanceTimersByTime(LONGEST_MS + 500)
    expect(full).toHaveBeenCalledTimes(1)
    expect(recorder.state.value).toBe('full')
    expect(((await recorder.finish()) as Recording).ms).toBe(LONGEST_MS)
    expect(mic.stops).toBe(1)
    await recorder.start(false)
    vi.advanceTimersByTime(LONGEST_MS + 500)
    expect(full).toHaveBeenCalledTimes(1)
    expect(recorder.state.value).toBe('full')
  })

  it('locked by a short tap it goes on without the finger', async () => {
    await recorder.start(true)
    vi.advanceTimersByTime(200)
    recorder.lock()
    vi.advanceTimersByTime(1_000)
    expect([recorder.state.value, recorder.held.value]).toEqual(['recording', false])
    expect(((await recorder.finish()) as Recording).ms).toBe(1_200)
  })

  it('dropped: nothing is kept, and it can begin again', async () => {
    await recorder.start(true)
    vi.advanceTimersByTime(3_000)
    recorder.drop()
    expect([recorder.state.value, mic.closed]).toEqual(['idle', true])
    expect(await recorder.finish()).toBe('dropped')
    expect(await recorder.start(false)).toBe(true)
  })

  it('the microphone is taken away: what was said is there', async () => {
    await recorder.start(true)
    vi.advanceTimersByTime(1_500)
    mic.onLost?.()
    expect([recorder.state.value, recorder.lost.value, full.mock.calls.length]).toEqual(['full', true, 0])
    expect(((await recorder.finish()) as Recording).ms).toBe(1_500)
  })

  it('refused: says why and is ready again', async () => {
    recorder = new Recorder(() => Promise.reject(new MicRefused('denied')))
    await expect(recorder.start(true)).rejects.toMatchObject({ why: 'denied' })
    expect(recorder.state.value).toBe('idle')
    expect(['NotAllowedError', 'NotFoundError', 'NotReadableError', 'x'].map((name) => why(new DOMException('', name)))).toEqual([
      'denied',
      'none',
      'busy',
      'failed',
    ])
  })

  it('a second tap while it runs changes nothing', async () => {
    await recorder.start(true)
    expect(await recorder.start(false)).toBe(false)
    expect(recorder.held.value).toBe(true)
  })

  it('loudness is squeezed into few bars, silence stays flat', () => {
    expect(squeezed([], 64)).toEqual([])
    expect(squeezed([0, 0, 0], 64)).toEqual([0, 0, 0])
    const bars = squeezed(Array.from({ length: 600 }, (_, at) => (at < 300 ? 0.1 : 0.8)), 60)
    expect(bars).toHaveLength(60)
    expect(Math.max(...bars)).toBe(100)
    expect(bars[0]).toBeLessThan(30)
  })
})
