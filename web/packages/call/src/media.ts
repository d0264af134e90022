import { shallowRef } from 'vue'
import { NoDevice, cameras, hasTorch, lightTorch, type Devices, type Facing } from './devices'

/** One's own microphone and camera during a call. */
export class OwnMedia {
  readonly mic = shallowRef<MediaStreamTrack | null>(null)
  readonly camera = shallowRef<MediaStreamTrack | null>(null)
  readonly muted = shallowRef(false)
  readonly facing = shallowRef<Facing>('user')
  readonly canFlip = shallowRef(false)
  readonly torch = shallowRef<'none' | 'off' | 'on'>('none')
  /** A camera is being opened. */
  readonly opening = shallowRef(false)

  constructor(
    private readonly devices: Devices,
    /** Other tracks than before. */
    private readonly changed: () => void,
  ) {}

  /** Throws NoDevice. */
  async openMic(): Promise<void> {
    if (this.mic.value?.readyState === 'live') return
    this.mic.value = await this.devices.mic()
    this.mic.value.enabled = !this.muted.value
    this.changed()
  }

  mute(on: boolean): void {
    this.muted.value = on
    if (this.mic.value) this.mic.value.enabled = !on
    this.changed()
  }

  /** Throws NoDevice. */
  async openCamera(facing: Facing = this.facing.value): Promise<void> {
    if (this.opening.value) return
    this.opening.value = true
    try {
      // A phone lends one camera at a time.
      this.camera.value?.stop()
      this.take(await this.devices.camera(facing))
      this.facing.value = facing
      this.canFlip.value = (await cameras()) > 1
    } catch (error) {
      this.take(null)
      throw error
    } finally {
      this.opening.value = false
    }
  }

  closeCamera(): void {
    this.camera.value?.stop()
    this.take(null)
  }

  /** To the other side. When that camera cannot be had, the one before comes back. Throws NoDevice. */
  async flip(): Promise<void> {
    const before = this.facing.value
    try {
      await this.openCamera(before === 'user' ? 'environment' : 'user')
    } catch (error) {
      await this.openCamera(before).catch(() => undefined)
      throw error
    }
  }

  async light(): Promise<void> {
    const track = this.camera.value
    if (!track || this.torch.value === 'none') return
    const on = this.torch.value === 'off'
    if (await lightTorch(track, on)) this.torch.value = on ? 'on' : 'off'
  }

  close(): void {
    this.mic.value?.stop()
    this.camera.value?.stop()
    this.mic.value = this.camera.value = null
    this.muted.value = false
    this.torch.value = 'none'
    this.facing.value = 'user'
  }

  private take(track: MediaStreamTrack | null): void {
    this.camera.value = track
    this.torch.value = hasTorch(track) ? 'off' : 'none'
    if (track) {
      // Somebody pulled it out, or another program took it.
      track.onended = () => {
        if (this.camera.value === track) this.take(null)
      }
    }
    this.changed()
  }
}

export const isNoDevice = (error: unknown): error is NoDevice => error instanceof NoDevice
