import { Outward, readOffer, type Said } from './said'

/** What one connection is doing: `lost` is being repaired, `over` is for good. */
export type PeerState = 'new' | 'connected' | 'lost' | 'over'
/** Why nothing connects, as a key of the words. */
export type Hindrance = 'relay_auth' | 'relay_none' | 'unreachable' | 'sdp'

export interface PeerTracks {
  audio: MediaStreamTrack | null
  video: MediaStreamTrack | null
}

export interface PeerOptions {
  /** Device strings: the larger makes the first offer and does not give way. */
  me: string
  other: string
  /** Servers to go through; `fresh`: what was known may be dead. */
  servers: (fresh: boolean) => Promise<{ ice: RTCIceServer[]; relay: boolean }>
  connect: (config: RTCConfiguration) => RTCPeerConnection
  send: (kind: 'offer' | 'answer' | 'ice' | 'bye', data: string) => void
  tracks: () => PeerTracks
  changed: (peer: Peer) => void
  said: (peer: Peer, words: Said) => void
  hindered: (peer: Peer, why: Hindrance) => void
  newId: () => string
}

/** Nothing connected after this long: said, and tried on. */
export const PATIENCE_MS = 5_000
/** A connection that goes away for a moment comes back by itself. */
const BLINK_MS = 700
const AGAIN_MS = 3_000
/** So long a call is being repaired before it is called lost. */
export const GIVE_UP_MS = 30_000
const AUDIO_BITS = 32_000

/**
 * One connection to one other device: perfect negotiation, with ICE restarts. A `sid` names each RTCPeerConnection, so
 * that a page that was loaded anew is met anew, and what belongs to the connection before is left aside.
 */
export class Peer {
  readonly stream = new MediaStream()
  state: PeerState = 'new'
  /** When it was first connected, by the page's own clock (ms); 0: never. */
  connectedAt = 0
  restarts = 0
  pc: RTCPeerConnection | null = null
  private channel: RTCDataChannel | null = null
  private sid = ''
  private theirs = ''
  private making = false
  private ignoring = false
  private settingAnswer = false
  private offered = false
  private held: RTCIceCandidateInit[] = []
  private queue: Promise<void> = Promise.resolve()
  private refused401 = false
  private relay = false
  private readonly out: Outward
  private patience: ReturnType<typeof setTimeout> | undefined
  private repair: ReturnType<typeof setTimeout> | undefined
  private lostAt = 0

  constructor(readonly options: PeerOptions) {
    this.out = new Outward((candidates) =>
      options.send('ice', JSON.stringify({ sid: this.sid, candidates })),
    )
  }

  get polite(): boolean {
    return this.options.me < this.options.other
  }

  start(): Promise<void> {
    return this.inTurn(() => this.begin())
  }

  /** What the other device says by way of the server. Never throws. */
  hear(kind: string, data: string): void {
    void this.inTurn(async () => {
      if (this.state === 'over') return
      if (kind === 'bye') return this.close()
      const words = readOffer(kind, data)
      if (!words) return this.options.hindered(this, 'sdp')
      if (words.to && words.to !== this.sid) return
      const news = kind === 'offer' || (kind === 'ice' && words.candidates.length === 0)
      if (news && this.theirs && words.sid !== this.theirs) await this.renew()
      if (news) this.theirs = words.sid
      if (!this.pc || (this.theirs && words.sid !== this.theirs)) return
      if (kind === 'ice') await this.candidates(words.candidates)
      else await this.describe({ type: kind as RTCSdpType, sdp: words.sdp }, words.sid)
    })
  }

  /** Over the connection itself; nothing is kept for later. */
  tell(words: Said): void {
    if (this.channel?.readyState === 'open') this.channel.send(JSON.stringify(words))
  }

  /** Other tracks than before: no negotiation is needed for that. */
  async swap(): Promise<void> {
    await this.attach()
  }

  /** At most so many bits a second of video, made smaller by `scale`; null: none at all. */
  async limitVideo(bits: number | null, scale = 1): Promise<void> {
    const sender = this.sender('video')
    if (!sender) return
    const all = sender.getParameters()
    const first = all.encodings?.[0]
    if (!first) return
    first.active = bits !== null
    if (bits !== null) {
      first.maxBitrate = bits
      first.scaleResolutionDownBy = scale
    }
    await sender.setParameters(all).catch(() => undefined)
  }

  /** New ways with fresh servers: the network changed, the relay died, nothing comes through. */
  async restart(): Promise<void> {
    await this.inTurn(async () => {
      const pc = this.pc
      if (!pc || this.state === 'over') return
      // Before the first offer came there is nothing to begin anew.
      if (this.polite && !pc.remoteDescription) return
      this.restarts += 1
      const { ice, relay } = await this.options.servers(true)
      this.relay = relay
      try {
        pc.setConfiguration({ ...pc.getConfiguration(), iceServers: ice })
      } catch {
        // An address it cannot read: the ways it has are tried again.
      }
      pc.restartIce()
      // An offer that nobody answered stands in the way of the next: it is said again, with the new ways.
      if (pc.signalingState === 'have-local-offer') await this.offer(pc)
    })
  }

  close(): void {
    if (this.state === 'over') return
    this.stopTimers()
    this.out.stop()
    this.channel?.close()
    this.pc?.close()
    this.pc = null
    this.become('over')
  }

  private async begin(): Promise<void> {
    const { ice, relay } = await this.options.servers(false)
    if (this.state === 'over') return
    this.relay = relay
    this.sid = this.options.newId()
    this.theirs = ''
    this.held = []
    this.offered = this.refused401 = false
    const pc = this.options.connect({ iceServers: ice, bundlePolicy: 'max-bundle' })
    this.pc = pc
    this.listen(pc)
    this.channel = pc.createDataChannel('call', { negotiated: true, id: 0 })
    this.channel.onmessage = ({ data }: MessageEvent<unknown>) => this.heardDirectly(data)
    this.channel.onopen = () => this.options.changed(this)
    // A page that was loaded anew waits for an offer, and says that it is there.
    if (this.polite) this.options.send('ice', JSON.stringify({ sid: this.sid, candidates: [] }))
    else {
      pc.addTransceiver('audio', { direction: 'sendrecv' })
      pc.addTransceiver('video', { direction: 'sendrecv' })
      await this.attach()
    }
    clearTimeout(this.patience)
    this.patience = setTimeout(() => this.impatient(), PATIENCE_MS)
  }

  private listen(pc: RTCPeerConnection): void {
    const mine = (): boolean => this.pc === pc
    pc.ontrack = ({ track }) => {
      if (!mine()) return
      for (const old of this.stream.getTracks()) if (old.kind === track.kind && old !== track) this.stream.removeTrack(old)
      this.stream.addTrack(track)
      for (const word of ['mute', 'unmute', 'ended']) track.addEventListener(word, () => this.options.changed(this))
      this.options.changed(this)
    }
    pc.onicecandidate = ({ candidate }) => {
      if (mine()) this.out.add(candidate ? candidate.toJSON() : null)
    }
    pc.onicecandidateerror = (event) => {
      if (mine() && event.errorCode === 401) this.refused401 = true
    }
    pc.onnegotiationneeded = () => {
      // The first offer is the other's to make; one that is on its way is not made twice.
      if (mine() && (!this.polite || this.offered)) void this.offer(pc)
    }
    pc.onconnectionstatechange = () => {
      if (mine()) this.moved(pc.connectionState)
    }
    pc.oniceconnectionstatechange = () => {
      // Where the whole has no word for it yet, the ways have.
      if (mine() && pc.iceConnectionState === 'failed') this.moved('failed')
      else if (mine() && pc.iceConnectionState === 'disconnected') this.moved('disconnected')
    }
  }

  private async offer(pc: RTCPeerConnection): Promise<void> {
    try {
      this.making = true
      await pc.setLocalDescription()
      const { type, sdp } = pc.localDescription ?? {}
      if (this.pc === pc && type === 'offer') this.options.send('offer', JSON.stringify({ sid: this.sid, sdp }))
      this.unanswered(pc)
    } catch {
      // Another description came meanwhile; its answer brings what this offer wanted.
    } finally {
      this.making = false
    }
  }

  /** An offer or its answer may get lost on the way: made anew until it is answered. */
  private unanswered(pc: RTCPeerConnection): void {
    clearTimeout(this.repair)
    this.repair = setTimeout(() => {
      if (this.pc === pc && this.state !== 'connected' && this.state !== 'over') this.mend()
    }, AGAIN_MS)
  }

  private async describe(description: RTCSessionDescriptionInit, sid: string): Promise<void> {
    const pc = this.pc
    if (!pc) return
    const offer = description.type === 'offer'
    const ready = !this.making && (pc.signalingState === 'stable' || this.settingAnswer)
    this.ignoring = !this.polite && offer && !ready
    if (this.ignoring) return
    try {
      this.settingAnswer = description.type === 'answer'
      if (description.type === 'answer' && pc.signalingState === 'stable') return
      await pc.setRemoteDescription(description)
      this.settingAnswer = false
      this.theirs = sid
      this.offered = true
      if (offer) {
        await this.attach()
        await pc.setLocalDescription()
        this.options.send('answer', JSON.stringify({ sid: this.sid, to: sid, sdp: pc.localDescription?.sdp }))
      }
      await this.candidates(this.held.splice(0))
    } catch {
      this.options.hindered(this, 'sdp')
    } finally {
      this.settingAnswer = false
    }
  }

  private async candidates(list: RTCIceCandidateInit[]): Promise<void> {
    if (!this.pc?.remoteDescription) {
      this.held.push(...list.slice(0, 60))
      return
    }
    for (const one of list) {
      try {
        await this.pc.addIceCandidate(one)
      } catch {
        // One that cannot be read is one way less.
      }
    }
  }

  /** The other page began anew: so do we. */
  private async renew(): Promise<void> {
    this.channel?.close()
    this.pc?.close()
    await this.begin()
  }

  private async attach(): Promise<void> {
    const pc = this.pc
    if (!pc) return
    const tracks = this.options.tracks()
    for (const transceiver of pc.getTransceivers()) {
      const kind = transceiver.receiver.track.kind as 'audio' | 'video'
      if (transceiver.direction !== 'sendrecv') transceiver.direction = 'sendrecv'
      if (transceiver.sender.track !== tracks[kind]) await transceiver.sender.replaceTrack(tracks[kind])
    }
    await this.limitAudio()
  }

  private async limitAudio(): Promise<void> {
    const sender = this.sender('audio')
    const all = sender?.getParameters()
    const first = all?.encodings?.[0]
    if (!sender || !all || !first || first.maxBitrate === AUDIO_BITS) return
    first.maxBitrate = AUDIO_BITS
    // What is said goes before what is seen.
    first.priority = first.networkPriority = 'high'
    await sender.setParameters(all).catch(() => undefined)
  }

  private sender(kind: 'audio' | 'video'): RTCRtpSender | null {
    return this.pc?.getTransceivers().find((one) => one.receiver.track.kind === kind)?.sender ?? null
  }

  private moved(state: RTCPeerConnectionState): void {
    if (state === 'connected') {
      clearTimeout(this.patience)
      clearTimeout(this.repair)
      this.lostAt = 0
      this.connectedAt ||= Math.max(1, performance.now())
      this.become('connected')
      void this.limitAudio()
    } else if (state === 'disconnected') this.lose(BLINK_MS)
    else if (state === 'failed') this.lose(0)
  }

  private lose(afterMs: number): void {
    if (this.state === 'over') return
    this.lostAt ||= Math.max(1, performance.now())
    if (this.connectedAt > 0) this.become('lost')
    clearTimeout(this.repair)
    this.repair = setTimeout(() => {
      if (this.state !== 'connected') this.mend()
    }, afterMs)
  }

  /** Tries again, and again, until it stands or nobody would wait longer. */
  private mend(): void {
    if (this.lostAt && performance.now() - this.lostAt > GIVE_UP_MS) return this.close()
    clearTimeout(this.repair)
    void this.restart().catch(() => undefined)
    this.repair = setTimeout(() => {
      if (this.state !== 'connected' && this.state !== 'over') this.mend()
    }, AGAIN_MS)
  }

  private impatient(): void {
    if (this.state === 'connected' || this.state === 'over') return
    this.lostAt ||= Math.max(1, performance.now())
    this.options.hindered(this, this.refused401 ? 'relay_auth' : this.relay ? 'unreachable' : 'relay_none')
    this.mend()
  }

  private become(state: PeerState): void {
    if (this.state === state) return
    this.state = state
    this.options.changed(this)
  }

  private heardDirectly(data: unknown): void {
    try {
      const words: unknown = JSON.parse(String(data))
      if (typeof words === 'object' && words !== null) this.options.said(this, words as Said)
    } catch {
      // Not ours.
    }
  }

  private inTurn(work: () => Promise<void> | void): Promise<void> {
    const next = this.queue.then(work)
    this.queue = next.catch(() => undefined)
    return next
  }

  private stopTimers(): void {
    clearTimeout(this.patience)
    clearTimeout(this.repair)
  }
}
