/** Why a microphone or camera cannot be had: a key of `calling.device`. */
export type Refusal = 'refused' | 'none' | 'busy' | 'insecure' | 'failed'
export type Facing = 'user' | 'environment'

export class NoDevice extends Error {
  constructor(
    readonly what: 'mic' | 'camera',
    readonly why: Refusal,
  ) {
    super(`${what}: ${why}`)
  }
}

export interface Devices {
  mic: () => Promise<MediaStreamTrack>
  camera: (facing: Facing) => Promise<MediaStreamTrack>
}

/** Sound first; a small picture is enough to show a door, and goes through a weak network. */
const AUDIO: MediaTrackConstraints = { echoCancellation: true, noiseSuppression: true, autoGainControl: true }
const picture = (facing: Facing): MediaTrackConstraints => ({
  facingMode: { ideal: facing },
  width: { ideal: 640 },
  height: { ideal: 480 },
  frameRate: { ideal: 20, max: 24 },
})

export const devices: Devices = {
  mic: () => open('mic', { audio: AUDIO }),
  camera: (facing) => open('camera', { video: picture(facing) }),
}

async function open(what: 'mic' | 'camera', wish: MediaStreamConstraints): Promise<MediaStreamTrack> {
  const media = globalThis.navigator?.mediaDevices
  // A page that did not come by HTTPS is given none.
  if (!media?.getUserMedia) throw new NoDevice(what, 'insecure')
  try {
    const stream = await media.getUserMedia(wish)
    const track = stream.getTracks()[0]
    if (track) return track
  } catch (error) {
    throw new NoDevice(what, refusalOf(error))
  }
  throw new NoDevice(what, 'none')
}

/** The browsers' names for the same four things. */
export function refusalOf(error: unknown): Refusal {
  const name = (error as { name?: string } | null)?.name ?? ''
  if (name === 'NotAllowedError' || name === 'PermissionDeniedError' || name === 'SecurityError') return 'refused'
  if (name === 'NotFoundError' || name === 'DevicesNotFoundError' || name === 'OverconstrainedError') return 'none'
  if (name === 'NotReadableError' || name === 'TrackStartError' || name === 'AbortError') return 'busy'
  return 'failed'
}

type Torchy = MediaTrackCapabilities & { torch?: boolean }

export const hasTorch = (track: MediaStreamTrack | null): boolean =>
  Boolean((track?.getCapabilities?.() as Torchy | undefined)?.torch)

export async function lightTorch(track: MediaStreamTrack, on: boolean): Promise<boolean> {
  try {
    await track.applyConstraints({ advanced: [{ torch: on } as MediaTrackConstraintSet] })
    return true
  } catch {
    return false
  }
}

/** Whether there is a camera to the back as well: a laptop has one, a phone two or more. */
export async function cameras(): Promise<number> {
  const all = await globalThis.navigator?.mediaDevices?.enumerateDevices?.().catch(() => [])
  return (all ?? []).filter((one) => one.kind === 'videoinput').length
}

/** Loudspeakers that can be chosen between; most phones choose themselves. */
export async function speakers(): Promise<MediaDeviceInfo[]> {
  if (!('setSinkId' in (globalThis.HTMLMediaElement?.prototype ?? {}))) return []
  const all = await globalThis.navigator?.mediaDevices?.enumerateDevices?.().catch(() => [])
  return (all ?? []).filter((one) => one.kind === 'audiooutput')
}
