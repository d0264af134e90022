// A device in a call as small as can be: what is measured is the server, the relay and the browser's media.
// `__say(from, to, kind, data)` is the way out, `__peers.hear(me, from, kind, data)` the way in.
(() => {
  const devices = new Map()

  async function open(me, { servers, video }) {
    const media = await navigator.mediaDevices.getUserMedia({
      audio: true,
      video: video ? { width: 320, height: 240, frameRate: 15 } : false,
    })
    devices.set(me, { servers, media, peers: new Map(), errors: [], times: {} })
  }

  function peer(me, other) {
    const device = devices.get(me)
    const known = device.peers.get(other)
    if (known) return known
    const pc = new RTCPeerConnection({ iceServers: device.servers, iceTransportPolicy: 'relay' })
    const one = { pc, waiting: [], frames: 0 }
    device.peers.set(other, one)
    for (const track of device.media.getTracks()) pc.addTrack(track, device.media)
    pc.onicecandidate = (e) => e.candidate && __say(me, other, 'ice', JSON.stringify({ candidates: [e.candidate] }))
    pc.onicecandidateerror = (e) => device.errors.push({ code: e.errorCode, at: performance.now() })
    pc.onconnectionstatechange = () => { device.times[pc.connectionState] = performance.now() }
    pc.ontrack = (e) => {
      const element = document.createElement(e.track.kind)
      element.srcObject = new MediaStream([e.track])
      element.autoplay = element.muted = element.playsInline = true
      document.body.append(element)
      if (e.track.kind === 'video') {
        element.requestVideoFrameCallback(() => { device.times.frame ??= performance.now() })
      }
    }
    return one
  }

  async function offer(me, other, restart = false) {
    const { pc } = peer(me, other)
    await pc.setLocalDescription(await pc.createOffer({ iceRestart: restart }))
    __say(me, other, 'offer', JSON.stringify({ sdp: pc.localDescription.sdp }))
  }

  async function hear(me, other, kind, text) {
    const said = JSON.parse(text)
    const one = peer(me, other)
    if (kind === 'ice') {
      for (const candidate of said.candidates) {
        if (one.pc.remoteDescription) await one.pc.addIceCandidate(candidate)
        else one.waiting.push(candidate)
      }
      return
    }
    await one.pc.setRemoteDescription({ type: kind, sdp: said.sdp })
    for (const candidate of one.waiting.splice(0)) await one.pc.addIceCandidate(candidate)
    if (kind === 'offer') {
      await one.pc.setLocalDescription()
      __say(me, other, 'answer', JSON.stringify({ sdp: one.pc.localDescription.sdp }))
    }
  }

  // After a relay went away: new credentials, the same connection.
  function renew(me, servers) {
    const device = devices.get(me)
    device.servers = servers
    for (const { pc } of device.peers.values()) pc.setConfiguration({ iceServers: servers, iceTransportPolicy: 'relay' })
  }

  async function stats(me) {
    const found = []
    for (const [other, { pc }] of devices.get(me)?.peers ?? []) {
      const one = { other, state: pc.connectionState, audio: 0, video: 0, frames: 0, sent: 0, relays: [] }
      const report = await pc.getStats()
      for (const row of report.values()) {
        if (row.type === 'inbound-rtp') one[row.kind] += row.bytesReceived ?? 0
        if (row.type === 'inbound-rtp' && row.kind === 'video') one.frames = row.framesDecoded ?? 0
        if (row.type === 'outbound-rtp') one.sent += row.bytesSent ?? 0
        if (row.type === 'local-candidate' && row.candidateType === 'relay') one.relays.push(row.relayProtocol)
        if (row.type === 'local-candidate' && row.candidateType !== 'relay') one.relays.push(row.candidateType)
      }
      found.push(one)
    }
    return found
  }

  function setVideo(me, on) {
    for (const { pc } of devices.get(me).peers.values()) {
      for (const sender of pc.getSenders()) {
        if (sender.track?.kind !== 'video') continue
        const parameters = sender.getParameters()
        for (const encoding of parameters.encodings) encoding.active = on
        void sender.setParameters(parameters)
      }
    }
  }

  function close(me) {
    const device = devices.get(me)
    if (!device) return
    for (const { pc } of device.peers.values()) pc.close()
    for (const track of device.media.getTracks()) track.stop()
    devices.delete(me)
  }

  window.__peers = {
    open, offer, hear, renew, stats, setVideo, close,
    errors: (me) => devices.get(me).errors,
    times: (me) => devices.get(me).times,
    now: () => performance.now(),
  }
})()
