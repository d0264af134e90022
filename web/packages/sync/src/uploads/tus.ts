import type { DetailedError, Upload } from 'tus-js-client'
import type { Endpoints } from '../endpoints'
import type { Session } from '../session'
import { Trouble, asTrouble, fromProblem, noAnswer } from '../trouble'
import type { UploadRow } from './model'
import type { Carry } from './uploads'

/** A piece is told as safe when it is there; a broken line costs less than one. */
const PIECE = 4 << 20
/** So small that its bytes go with the first request. */
const SMALL = 512 << 10
/** Nothing moved for so long: the line is dead, whatever it says. */
const STALLED_MS = 20_000
const ENDPOINT = '/api/uploads'

export interface TusOptions {
  session: Pick<Session, 'access'>
  language: () => string
  /** The server's addresses: what one began, another goes on with. */
  endpoints?: Pick<Endpoints, 'own' | 'inTurn' | 'failed' | 'answered'>
  stalledMs?: number
}

const fetchTus = () => import('tus-js-client')
const EARLY_MS = 1_500

/** Uploads over tus 1.0, from where the server says it is. */
export function carryOverTus(options: TusOptions): Carry {
  // Fetched before it is needed: when a picture is to go by another address, these pages' own one is gone.
  setTimeout(() => void fetchTus().catch(() => undefined), EARLY_MS)
  const held = { token: '', refused: '' }
  return async (row, blob, told, signal) => {
    const tus = await fetchTus().catch((error: unknown) => Promise.reject(noAnswer(String(error))))
    // A dead token is found out before bytes travel in vain.
    await options.session.access(held.refused)
    const base = baseOf(options)
    return new Promise<string>((done, failed) => {
      const watch = new Watch(options.stalledMs ?? STALLED_MS, () => give(noAnswer('nothing moves')))
      const upload: Upload = new tus.Upload(blob, {
        // Never both: after any refused question for the offset the library would begin anew.
        ...(row.url ? { uploadUrl: base + row.url } : { endpoint: base + ENDPOINT }),
        chunkSize: PIECE,
        uploadDataDuringCreation: row.size <= SMALL,
        storeFingerprintForResuming: false,
        retryDelays: null,
        metadata: { filename: row.name, filetype: row.type, order: row.order, purpose: row.purpose },
        onBeforeRequest: async (request) => {
          held.token = await options.session.access(held.refused)
          request.setHeader('Authorization', `Bearer ${held.token}`)
          request.setHeader('Accept-Language', options.language())
        },
        onAfterResponse: (_, answer) => {
          options.endpoints?.answered(base || options.endpoints.own)
          if (answer.getStatus() === 401) held.refused = held.token
        },
        onUploadUrlAvailable: () => told.begun(pathOf(upload.url)),
        onProgress: (bytes) => {
          watch.moved()
          told.moved(bytes)
        },
        onChunkComplete: () => watch.moved(),
        onSuccess: () => settle(() => done(idOf(upload.url))),
        onError: (error) => give(troubleOf(error)),
      })
      const settle = (act: () => void): void => {
        watch.stop()
        signal.removeEventListener('abort', aborted)
        act()
      }
      const give = (trouble: Trouble): void => {
        if (trouble.status === 0 && !signal.aborted) options.endpoints?.failed(base || options.endpoints.own)
        void upload.abort().catch(() => undefined)
        settle(() => failed(trouble))
      }
      const aborted = (): void => give(noAnswer('ended'))
      signal.addEventListener('abort', aborted)
      watch.moved()
      upload.start()
    })
  }
}

/** The address to ask now; empty: the page's own. */
function baseOf({ endpoints }: TusOptions): string {
  const [first = ''] = endpoints?.inTurn() ?? []
  return first === endpoints?.own ? '' : first
}

/** Ends an upload on the server. */
export function dropOverTus(options: TusOptions): (row: UploadRow) => Promise<void> {
  return async (row) => {
    const token = await options.session.access()
    const headers = { Authorization: `Bearer ${token}`, 'Tus-Resumable': '1.0.0' }
    await fetch(baseOf(options) + row.url, { method: 'DELETE', headers, signal: AbortSignal.timeout(10_000) })
  }
}

class Watch {
  private timer: ReturnType<typeof setTimeout> | undefined
  constructor(
    private readonly ms: number,
    private readonly stalled: () => void,
  ) {}

  moved(): void {
    clearTimeout(this.timer)
    this.timer = setTimeout(this.stalled, this.ms)
  }

  stop(): void {
    clearTimeout(this.timer)
  }
}

/** The server's own words, from the answer that the library gave up on. */
export function troubleOf(error: unknown): Trouble {
  if (error instanceof Trouble) return error
  const detailed = error as DetailedError
  // Getting a token failed before anything was asked.
  if (detailed.causingError instanceof Trouble) return detailed.causingError
  const answer = detailed.originalResponse
  if (!answer || !answer.getStatus()) return asTrouble(error)
  let body: unknown = null
  try {
    body = JSON.parse(answer.getBody())
  } catch {
    // HEAD has no body, and a proxy may say anything.
  }
  return fromProblem(answer.getStatus(), body)
}

const pathOf = (url: string | null): string => (url ? new URL(url, globalThis.location.href).pathname : '')
const idOf = (url: string | null): string => pathOf(url).split('/').pop() ?? ''
