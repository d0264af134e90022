/**
 * The transports as the library takes them, each telling of every sign of life: what has gone quiet is found
 * out sooner than by waiting for the server's next ping.
 */
export type Heard = () => void

export function webSocketThat(heard: Heard): typeof WebSocket {
  return class extends WebSocket {
    constructor(address: string | URL, protocols?: string | string[]) {
      super(address, protocols)
      this.addEventListener('open', heard)
      this.addEventListener('message', heard)
    }
  }
}

export function fetchThat(heard: Heard): typeof fetch {
  return async (input, init) => {
    const response = await fetch(input, init)
    heard()
    // Only a stream is listened to; some answers may not even have a body.
    if (response.status !== 200 || !response.body || typeof TransformStream === 'undefined') return response
    const watched = new TransformStream<Uint8Array, Uint8Array>({
      transform(piece, controller) {
        heard()
        controller.enqueue(piece)
      },
    })
    const { status, statusText, headers } = response
    return new Response(response.body.pipeThrough(watched), { status, statusText, headers })
  }
}

/**
 * Server-sent events by POST. The browser's own can only GET, and the library puts the connect command, with
 * its token, into the address; addresses end up in logs. Here it travels in the body.
 */
export function eventsThat(heard: Heard): new (address: string) => PostedEvents {
  return class extends PostedEvents {
    constructor(address: string) {
      super(address, heard)
    }
  }
}

export class PostedEvents {
  onopen: (() => void) | null = null
  onerror: ((why: unknown) => void) | null = null
  onmessage: ((event: { data: string }) => void) | null = null
  private readonly over = new AbortController()

  constructor(
    address: string,
    private readonly heard: Heard = () => undefined,
  ) {
    const url = new URL(address, globalThis.location?.href)
    const first = url.searchParams.get('cf_connect') ?? ''
    url.searchParams.delete('cf_connect')
    void this.read(url.toString(), first).then(
      () => this.ended('the stream ended'),
      (why: unknown) => this.ended(why),
    )
  }

  close(): void {
    this.over.abort()
  }

  private ended(why: unknown): void {
    if (!this.over.signal.aborted) this.onerror?.(why)
  }

  private async read(url: string, first: string): Promise<void> {
    const response = await fetch(url, {
      method: 'POST',
      body: first,
      headers: { 'Content-Type': 'application/json', Accept: 'text/event-stream' },
      signal: this.over.signal,
    })
    if (!response.ok || !response.body) throw new Error(`answered ${response.status}`)
    this.heard()
    this.onopen?.()
    const reader = response.body.getReader()
    const decoder = new TextDecoder()
    let rest = ''
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      this.heard()
      rest = this.take(rest + decoder.decode(value, { stream: true }))
    }
  }

  /** Hands out the whole events; answers what is left of the text. */
  private take(text: string): string {
    const events = text.split('\n\n')
    const rest = events.pop() ?? ''
    for (const event of events) {
      const lines = event.split('\n').filter((line) => line.startsWith('data:'))
      const data = lines.map((line) => line.slice(line[5] === ' ' ? 6 : 5)).join('\n')
      if (data && !this.over.signal.aborted) this.onmessage?.({ data })
    }
    return rest
  }
}
