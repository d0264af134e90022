import type { Endpoints } from './endpoints'
import { Trouble, asTrouble, fromProblem, noAnswer } from './trouble'

export interface HttpOptions {
  method?: 'GET' | 'POST'
  body?: unknown
  /** Instead of `body`: these bytes as they are. */
  raw?: Blob
  token?: string
  headers?: Record<string, string>
  timeoutMs?: number
  language?: string
  /** Ends the waiting; as if no answer had come. */
  signal?: AbortSignal
  /** Never to a second address: what was asked may have been done although no answer came. */
  once?: boolean
}

export type Fetch = (url: string, init: RequestInit) => Promise<Response>

const PATIENCE_MS = 12_000
/** With another address at hand nobody waits as long for this one. */
const IMPATIENCE_MS = 5_000

/** JSON requests, to the first of the server's addresses that answers. Throws Trouble and nothing else. */
export class Http {
  constructor(
    private readonly language: () => string = () => 'zh-CN',
    private readonly fetch: Fetch = (url, init) => globalThis.fetch(url, init),
    private readonly endpoints: Endpoints | null = null,
  ) {}

  async ask<T>(url: string, options: HttpOptions = {}): Promise<T> {
    const { endpoints } = this
    if (!endpoints) return this.once<T>(url, options)
    const bases = options.once ? endpoints.inTurn().slice(0, 1) : endpoints.inTurn()
    for (const [turn, base] of bases.entries()) {
      const last = turn === bases.length - 1
      try {
        const timeoutMs = options.timeoutMs ?? (last ? PATIENCE_MS : IMPATIENCE_MS)
        const answer = await this.once<T>(base === endpoints.own ? url : base + url, { ...options, timeoutMs })
        endpoints.answered(base)
        return answer
      } catch (error) {
        const trouble = asTrouble(error)
        if (!isOfTheWay(trouble) || options.signal?.aborted) throw trouble
        if (bases.length > 1 || options.once) endpoints.failed(base)
        if (last) throw trouble
      }
    }
    throw noAnswer('no address')
  }

  private async once<T>(url: string, options: HttpOptions): Promise<T> {
    const response = await this.send(url, options)
    const body = await this.read(response)
    if (!response.ok) throw fromProblem(response.status, body)
    return body as T
  }

  /** A file, to be handed to the person. Throws Trouble. */
  async blob(url: string, token: string): Promise<Blob> {
    const response = await this.send(url, { token, timeoutMs: 60_000 })
    if (!response.ok) throw fromProblem(response.status, await this.read(response))
    return response.blob().catch((error: unknown) => {
      throw noAnswer(String(error))
    })
  }

  private async send(url: string, options: HttpOptions): Promise<Response> {
    const headers: Record<string, string> = { 'Accept-Language': this.language(), ...options.headers }
    if (options.body !== undefined) headers['Content-Type'] = 'application/json'
    if (options.token) headers['Authorization'] = `Bearer ${options.token}`
    const init: RequestInit = {
      method: options.method ?? (options.body === undefined && !options.raw ? 'GET' : 'POST'),
      headers,
      signal: ended(AbortSignal.timeout(options.timeoutMs ?? PATIENCE_MS), options.signal),
    }
    if (options.body !== undefined) init.body = JSON.stringify(options.body)
    else if (options.raw) init.body = options.raw
    try {
      return await this.fetch(url, init)
    } catch (error) {
      throw noAnswer(String(error))
    }
  }

  private async read(response: Response): Promise<unknown> {
    try {
      const text = await response.text()
      return text ? (JSON.parse(text) as unknown) : null
    } catch (error) {
      // A page of a captive portal or a half answer: nobody knows whether the command was taken.
      if (response.ok) throw error instanceof SyntaxError ? new Trouble('net.garbled', '', 0) : asTrouble(error)
      return null
    }
  }
}

/** Nobody answered, or something before the server did: another way may be open. */
const isOfTheWay = (trouble: Trouble): boolean =>
  trouble.status === 0 || ([502, 504].includes(trouble.status) && trouble.code.startsWith('http.'))

/** Ends with the first of both; `AbortSignal.any` is missing in browsers people still have. */
function ended(late: AbortSignal, given: AbortSignal | undefined): AbortSignal {
  if (!given) return late
  const both = new AbortController()
  for (const one of [late, given]) {
    if (one.aborted) both.abort()
    else one.addEventListener('abort', () => both.abort(), { once: true })
  }
  return both.signal
}
