/** Stand-ins for what a browser has and a test machine has not: only what the code asks of them. */

export class FakeTrack extends EventTarget {
  enabled = true
  muted = false
  readyState = 'live'
  onended: (() => void) | null = null
  constructor(readonly kind: string) {
    super()
  }
  stop(): void {
    this.readyState = 'ended'
  }
}

export class FakeStream {
  private tracks: FakeTrack[]
  constructor(tracks: FakeTrack[] = []) {
    this.tracks = [...tracks]
  }
  getTracks = (): FakeTrack[] => [...this.tracks]
  getVideoTracks = (): FakeTrack[] => this.tracks.filter((one) => one.kind === 'video')
  addTrack = (track: FakeTrack): void => void this.tracks.push(track)
  removeTrack = (track: FakeTrack): void => void (this.tracks = this.tracks.filter((one) => one !== track))
}

class FakeSender {
  track: unknown = null
  params: { encodings: Record<string, unknown>[] } = { encodings: [{}] }
  replaceTrack = async (track: unknown): Promise<void> => void (this.track = track)
  getParameters = () => structuredClone(this.params)
  setParameters = async (params: never): Promise<void> => void (this.params = params)
}

interface FakeTransceiver {
  direction: string
  sender: FakeSender
  receiver: { track: FakeTrack }
}

/** Negotiates as a browser does, without any network. */
export class FakeConnection {
  static all: FakeConnection[] = []
  signalingState = 'stable'
  connectionState = 'new'
  iceConnectionState = 'new'
  localDescription: { type: string; sdp: string } | null = null
  remoteDescription: { type: string; sdp: string } | null = null
  transceivers: FakeTransceiver[] = []
  candidates: unknown[] = []
  restarts = 0
  closed = false
  channel = { readyState: 'connecting', sent: [] as string[], onmessage: null as unknown, onopen: null as unknown, send: (words: string) => this.channel.sent.push(words), close: () => undefined }
  onnegotiationneeded: (() => void) | null = null
  onconnectionstatechange: (() => void) | null = null
  oniceconnectionstatechange: (() => void) | null = null
  onicecandidate: ((event: unknown) => void) | null = null
  onicecandidateerror: ((event: unknown) => void) | null = null
  ontrack: ((event: unknown) => void) | null = null
  private made = 0

  constructor(public config: { iceServers?: unknown[] }) {
    FakeConnection.all.push(this)
  }
  private need(): void {
    queueMicrotask(() => {
      if (this.signalingState === 'stable' && !this.closed) this.onnegotiationneeded?.()
    })
  }
  createDataChannel() {
    this.need()
    return this.channel
  }
  addTransceiver(kind: string, { direction }: { direction: string }): void {
    this.transceivers.push({ direction, sender: new FakeSender(), receiver: { track: new FakeTrack(kind) } })
    this.need()
  }
  getTransceivers = () => this.transceivers
  getConfiguration = () => this.config
  setConfiguration = (config: never): void => void (this.config = config)
  async setLocalDescription(): Promise<void> {
    const type = this.signalingState === 'have-remote-offer' ? 'answer' : 'offer'
    this.localDescription = { type, sdp: `v=0 ${type} ${++this.made}` }
    this.signalingState = type === 'offer' ? 'have-local-offer' : 'stable'
  }
  async setRemoteDescription(said: { type: string; sdp: string }): Promise<void> {
    if (said.sdp.includes('broken')) throw new Error('cannot be read')
    if (said.type === 'answer' && this.signalingState !== 'have-local-offer') throw new Error('no offer')
    this.remoteDescription = said
    this.signalingState = said.type === 'offer' ? 'have-remote-offer' : 'stable'
    if (said.type === 'offer' && this.transceivers.length === 0) {
      for (const kind of ['audio', 'video']) {
        this.transceivers.push({ direction: 'recvonly', sender: new FakeSender(), receiver: { track: new FakeTrack(kind) } })
      }
    }
  }
  async addIceCandidate(one: unknown): Promise<void> {
    this.candidates.push(one)
  }
  restartIce(): void {
    this.restarts += 1
    this.need()
  }
  close(): void {
    this.closed = true
  }
  /** What the network does to it. */
  become(state: string): void {
    this.connectionState = state
    this.onconnectionstatechange?.()
  }
}

export function install(): void {
  Object.assign(globalThis, { MediaStream: FakeStream })
  FakeConnection.all = []
}

export const settle = async (): Promise<void> => {
  for (let n = 0; n < 30; n += 1) await Promise.resolve()
}
