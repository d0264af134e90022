import type { Attachment } from '../types.gen'

/** What an upload is for; the server checks the bytes against it. */
export type Purpose = 'voice' | 'picture' | 'video' | 'file' | 'proof'

/** What a screen needs to show a medium before the server has seen it. */
export type Facts = Partial<Pick<Attachment, 'width' | 'height' | 'duration_ms' | 'waveform' | 'blurhash'>>

/** Something somebody wants to send. */
export interface Parcel {
  blob: Blob
  name: string
  purpose: Purpose
  facts?: Facts
}

/** An upload on its way. Its bytes lie beside it in `blobs`, so that neither is read without need. */
export interface UploadRow {
  /** Stands for the medium in commands until the server has given it an id. */
  id: string
  person: string
  order: string
  purpose: Purpose
  name: string
  type: string
  size: number
  facts: Facts
  created_at: number
  /** failed: refused for good; a person decides. */
  state: 'waiting' | 'done' | 'failed'
  /** A command speaks of it: when that command is gone, so is this. */
  claimed: boolean
  /** Where the server keeps what came so far; empty: not begun. */
  url: string
  /** The server's id of it, once it is whole. */
  media: string
  /** How often it was begun anew because the server had lost it. */
  anew: number
  sentence: string
  code: string
}

export interface BlobRow {
  id: string
  /** Bytes where a browser cannot keep a Blob. */
  blob: Blob | ArrayBuffer
}

/** No id of the server has a dot in it. */
const MARK = 'up.'
const FIELDS = ['media', 'picture', 'pictures', 'signature'] as const

export const localId = (uuid: string): string => MARK + uuid
export const isLocal = (id: unknown): id is string => typeof id === 'string' && id.startsWith(MARK)

/** Ids of uploads that a command speaks of. */
export function localIds(fields: Record<string, unknown>): string[] {
  return FIELDS.flatMap((name) => fields[name]).filter(isLocal)
}

/** The command as the server understands it. */
export function withMedia(
  fields: Record<string, unknown>,
  idOf: (id: string) => string,
): Record<string, unknown> {
  const one = (value: unknown): unknown => (isLocal(value) ? idOf(value) : value)
  const changed = FIELDS.filter((name) => name in fields).map((name) => {
    const value = fields[name]
    return [name, Array.isArray(value) ? value.map(one) : one(value)]
  })
  return { ...fields, ...Object.fromEntries(changed) }
}

/** What a bubble shows of an upload that is not a message yet. */
export function attachmentOf(row: UploadRow): Attachment {
  const kind = row.purpose === 'proof' ? 'picture' : row.purpose
  return { id: row.id, kind, type: row.type, name: row.name, size: row.size, ...row.facts }
}
