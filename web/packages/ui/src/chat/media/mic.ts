import { MicRefused, type Mic, type Refusal } from './recorder'

/** In the order of what is smallest and plays in most places; the server makes one form of all of them. */
const FORMS = ['audio/webm;codecs=opus', 'audio/mp4;codecs=mp4a.40.2', 'audio/mp4', 'audio/ogg;codecs=opus']
const BITS = 32_000

export const form = (): string | null =>
  typeof MediaRecorder === 'undefined' ? null : (FORMS.find((one) => MediaRecorder.isTypeSupported(one)) ?? '')

/** How a recording's file is called. */
export const voiceName = (type: string): string =>
  `voice.${type.includes('mp4') ? 'm4a' : type.includes('ogg') ? 'ogg' : 'webm'}`

/** Asks for the microphone. Throws MicRefused. */
export async function openMic(): Promise<Mic> {
  const type = form()
  // Without https there is no microphone at all.
  if (type === null || !globalThis.navigator?.mediaDevices?.getUserMedia) throw new MicRefused('unsupported')
  let stream: MediaStream
  try {
    stream = await navigator.mediaDevices.getUserMedia({
      audio: { channelCount: 1, echoCancellation: true, noiseSuppression: true, autoGainControl: true },
    })
  } catch (error) {
    throw new MicRefused(why(error))
  }
  try {
    return new OpenMic(stream, type)
  } catch {
    for (const track of stream.getTracks()) track.stop()
    throw new MicRefused('failed')
  }
}

export function why(error: unknown): Refusal {
  switch ((error as DOMException | null)?.name) {
    case 'NotAllowedError':
    case 'SecurityError':
      return 'denied'
    case 'NotFoundError':
    case 'OverconstrainedError':
      return 'none'
    case 'NotReadableError':
    case 'AbortError':
      return 'busy'
    default:
      return 'failed'
  }
}

class OpenMic implements Mic {
  onLost: (() => void) | null = null
  private readonly recorder: MediaRecorder
  private readonly pieces: Blob[] = []
  private readonly context: AudioContext | null = null
  private readonly ear: AnalyserNode | null = null
  private readonly wave = new Float32Array(1024)

  constructor(
    private readonly stream: MediaStream,
    private readonly type: string,
  ) {
    this.recorder = new MediaRecorder(stream, { ...(type && { mimeType: type }), audioBitsPerSecond: BITS })
    this.recorder.ondataavailable = ({ data }) => {
      if (data.size > 0) this.pieces.push(data)
    }
    for (const track of stream.getAudioTracks()) track.onended = () => this.onLost?.()
    try {
      this.context = new AudioContext()
      this.ear = this.context.createAnalyser()
      this.ear.fftSize = this.wave.length
      this.context.createMediaStreamSource(stream).connect(this.ear)
      void this.context.resume()
    } catch {
      // Without levels it still records.
    }
  }

  start(): void {
    // In pieces: what was said is there when the microphone is taken away.
    this.recorder.start(1000)
  }

  level(): number {
    if (!this.ear) return 0.3
    this.ear.getFloatTimeDomainData(this.wave)
    let sum = 0
    for (const one of this.wave) sum += one * one
    return Math.min(1, Math.sqrt(sum / this.wave.length) * 3)
  }

  stop(): Promise<Blob> {
    const whole = (): Blob => new Blob(this.pieces, { type: this.recorder.mimeType || this.type })
    if (this.recorder.state === 'inactive') return Promise.resolve(whole())
    return new Promise((done) => {
      this.recorder.onstop = () => done(whole())
      this.recorder.stop()
    })
  }

  close(): void {
    if (this.recorder.state !== 'inactive') this.recorder.stop()
    for (const track of this.stream.getTracks()) track.stop()
    void this.context?.close().catch(() => undefined)
  }
}
