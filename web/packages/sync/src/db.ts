import Dexie, { type Table } from 'dexie'
import type { CommandName } from './queries'
import type { PositionReport } from './types.gen'
import type { BlobRow, UploadRow } from './uploads/model'

/** A command that the server has not answered yet, or has refused. */
export interface Pending {
  /** Place in the queue; given by the database. */
  n?: number
  command_id: string
  /** Whose: another person signing in on this device must not send it. */
  person: string
  order: string
  name: CommandName
  fields: Record<string, unknown>
  /** ms by this device's clock when it was tapped. */
  device_at: number
  /** waiting: not answered. failed: refused for good. */
  state: 'waiting' | 'failed'
  tries: number
  /** The server's sentence and code when refused. */
  sentence: string
  code: string
}

/** The last thing known, for a start without network. */
export interface Kept {
  key: string
  person: string
  saved_at: number
  value: unknown
}

export interface Draft {
  order: string
  text: string
  /** Seq of the message it answers. */
  reply_to?: number
}

export interface QueuedFix extends PositionReport {
  n?: number
  shop: string
  person: string
}

/** What one application keeps on this device. */
export class DeviceStore extends Dexie {
  declare pending: Table<Pending, number>
  declare kept: Table<Kept, string>
  declare drafts: Table<Draft, string>
  declare fixes: Table<QueuedFix, number>
  declare uploads: Table<UploadRow, string>
  declare blobs: Table<BlobRow, string>
  /** Voice messages that were listened to here. */
  declare heard: Table<{ id: string }, string>

  constructor(app: string) {
    super(`huaxin-${app}`)
    this.version(1).stores({
      pending: '++n, &command_id, [person+state], order',
      kept: 'key, saved_at',
      drafts: 'order',
      fixes: '++n, person',
    })
    this.version(2).stores({ uploads: 'id, person', blobs: 'id', heard: 'id' })
  }

  /** Forgets what belongs to a person (signing out); unsent commands of others stay. */
  async forget(person: string): Promise<void> {
    const touched = [this.pending, this.kept, this.drafts, this.fixes, this.uploads, this.blobs, this.heard]
    await this.transaction('rw', touched, async () => {
      await this.kept.filter((row) => row.person === person).delete()
      await this.pending.filter((row) => row.person === person).delete()
      await this.fixes.filter((row) => row.person === person).delete()
      await this.drafts.clear()
      const ids = await this.uploads.where({ person }).primaryKeys()
      await this.blobs.bulkDelete(ids)
      await this.uploads.bulkDelete(ids)
      await this.heard.clear()
    })
  }

  async keep(key: string, person: string, value: unknown, now: number): Promise<void> {
    await this.kept.put({ key, person, value, saved_at: now })
  }

  async recall<T>(key: string, person: string): Promise<T | null> {
    const row = await this.kept.get(key)
    return row && row.person === person ? (row.value as T) : null
  }

  /** Old snapshots of finished orders need not live for ever. */
  async tidy(now: number, days = 14): Promise<void> {
    await this.kept.where('saved_at').below(now - days * 86_400_000).delete()
  }
}
