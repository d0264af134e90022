import { Trouble, asTrouble, fromProblem, noAnswer } from './trouble'

export interface HttpOptions {
  method?: 'GET' | 'POST'
  body?: unknown
  token?: string
  headers?: Record<string, string>
  timeoutMs?: number
  language?: string
}

export type Fetch = (url: string, init: RequestInit) => Promise<Response>

/** One JSON request. Throws Trouble and nothing else. */
export class Http {
  constructor(
    private readonly language: () => string = () => 'zh-CN',
    private readonly fetch: Fetch = (url, init) => globalThis.fetch(url, init),
  ) {}

  async ask<T>(url: string, options: HttpOptions = {}): Promise<T> {
    const response = await this.send(url, options)
    const body = await this.read(response)
    if (!response.ok) throw fromProblem(response.status, body)
    return body as T
  }

  private async send(url: string, options: HttpOptions): Promise<Response> {
    const headers: Record<string, string> = { 'Accept-Language': this.language(), ...options.headers }
    if (options.body !== undefined) headers['Content-Type'] = 'application/json'
    if (options.token) headers['Authorization'] = `Bearer ${options.token}`
    const init: RequestInit = {
      method: options.method ?? (options.body === undefined ? 'GET' : 'POST'),
      headers,
      signal: AbortSignal.timeout(options.timeoutMs ?? 12_000),
    }
    if (options.body !== undefined) init.body = JSON.stringify(options.body)
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
