/** What went wrong, in the server's own sentence where there is one. */
export class Trouble extends Error {
  constructor(
    /** Stable: "order.illegal_move", "net.offline", … */
    readonly code: string,
    /** For a person: what happened and what to do. Empty when the server could not be asked. */
    readonly sentence: string,
    /** HTTP status; 0: no answer came. */
    readonly status: number,
    /** The offending value; `{ wait_s }` for `*.too_many`. */
    readonly value: unknown = undefined,
  ) {
    super(sentence || code)
    this.name = 'Trouble'
  }

  /** The same command may be sent again as it is: nobody has refused it. */
  get passing(): boolean {
    return PASSING.has(this.status)
  }

  /** Seconds until it may be tried again; 0: no need to wait. */
  get waitSeconds(): number {
    const wait = (this.value as { wait_s?: unknown } | null | undefined)?.wait_s
    return typeof wait === 'number' && wait > 0 ? Math.ceil(wait) : 0
  }

  /** The access token is not accepted (any more). */
  get unauthorized(): boolean {
    return this.status === 401
  }
}

const PASSING = new Set([0, 408, 425, 429, 500, 502, 503, 504])

export const noAnswer = (why: string): Trouble => new Trouble('net.offline', '', 0, why)

interface Problem {
  code?: string
  title?: string
  detail?: string
  sentence?: string
  status?: number
  value?: unknown
}

/** From a problem+json body (RFC 9457) or anything else a proxy may answer. */
export function fromProblem(status: number, body: unknown): Trouble {
  const problem = (typeof body === 'object' && body !== null ? body : {}) as Problem
  return new Trouble(
    problem.code ?? `http.${status}`,
    problem.detail ?? problem.title ?? '',
    status,
    problem.value,
  )
}

/** From a gateway error: ours carry JSON in the message and a code from 1000; the rest is the protocol's. */
export function fromGateway(error: unknown): Trouble {
  if (error instanceof Trouble) return error
  const { code = 0, message = '' } = (error ?? {}) as { code?: number; message?: string }
  if (code >= 1000) {
    try {
      const problem = JSON.parse(message) as Problem
      return new Trouble(
        problem.code ?? `gateway.${code}`,
        problem.sentence ?? '',
        problem.status ?? 409,
        problem.value,
      )
    } catch {
      return new Trouble(`gateway.${code}`, message, 409)
    }
  }
  if (code === 101 || code === 109) return new Trouble('token.expired', '', 401)
  if (code === 103) return new Trouble('access.denied', '', 403)
  if (code === 104 || code === 108) return new Trouble(`gateway.${code}`, '', 404)
  // Below 100: the client library itself (time-out, transport closed). 100, 111: the server is busy.
  return noAnswer(`gateway ${code} ${message}`)
}

export const asTrouble = (error: unknown): Trouble =>
  error instanceof Trouble ? error : noAnswer(String(error))
