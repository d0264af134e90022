import type { ServerClock } from './clock'
import type { Pending } from './db'
import type { Http } from './http'
import { newId } from './outbox'
import type { CommandName, CommandResult, LightCommands, LightName, Queries, QueryName, ServerInfo } from './queries'
import type { Session } from './session'
import { asTrouble, type Trouble } from './trouble'
import type { CommandBodies, ImportPreview, ImportView, PictureView } from './types.gen'
import type { Wire } from './wire'

/** Queries and commands, over the live line when there is one, else as HTTP requests. Same names, same answers. */
export class Api {
  constructor(
    private readonly http: Http,
    private readonly session: Session,
    private readonly wire: Wire,
    private readonly clock: ServerClock,
  ) {}

  info(): Promise<ServerInfo> {
    return this.http.ask<ServerInfo>('/api/info')
  }

  query<N extends QueryName>(name: N, args: Queries[N][0]): Promise<Queries[N][1]> {
    // Looking around (catalogue, address search, quote) needs no signing in.
    if (!this.session.signedIn.value) return this.http.ask<Queries[N][1]>(`/api/queries/${name}`, { body: args })
    return this.either(name, args, () =>
      this.session.withToken((token) => this.http.ask<Queries[N][1]>(`/api/queries/${name}`, { body: args, token })),
    )
  }

  /** A light command: not kept, not repeated. */
  light<N extends LightName>(name: N, args: LightCommands[N][0]): Promise<LightCommands[N][1]> {
    const id = newId()
    return this.either(name, { command_id: id, device_at: Date.now(), ...args }, () =>
      this.session.withToken((token) => this.post<LightCommands[N][1]>(name, args, id, Date.now(), token)),
    )
  }

  /** A command of the journal that is worth nothing a minute later (a call): not kept, not repeated. */
  now<N extends CommandName>(name: N, args: CommandBodies[N]): Promise<CommandResult> {
    const id = newId()
    const body = { ...args }
    return this.either(name, { command_id: id, device_at: Date.now(), ...args }, () =>
      this.session.withToken((token) => this.post<CommandResult>(name, body, id, Date.now(), token)),
    )
  }

  /** A picture of the shop's own: its address, good for bouquets and for what is proposed instead. */
  async picture(shop: string, file: Blob): Promise<string> {
    const options = { raw: file, timeoutMs: 60_000, once: true }
    const url = `/api/shops/${encodeURIComponent(shop)}/pictures`
    const taken = await this.session.withToken((token) => this.http.ask<PictureView>(url, { ...options, token }))
    return taken.picture
  }

  /** A table of orders: looked at, or imported. The file's content is its key: sent twice it is imported once. */
  lookAtTable(shop: string, file: Blob): Promise<ImportPreview> {
    return this.table<ImportPreview>(shop, 'imports/preview', file)
  }

  importTable(shop: string, file: Blob): Promise<ImportView> {
    return this.table<ImportView>(shop, 'imports', file)
  }

  /** A table to fill in. */
  tableTemplate(shop: string, language: string): Promise<Blob> {
    const url = `/api/shops/${encodeURIComponent(shop)}/import-template.csv?lang=${language}`
    return this.session.withToken((token) => this.http.blob(url, token))
  }

  private table<T>(shop: string, what: string, file: Blob): Promise<T> {
    const options = { raw: file, timeoutMs: 120_000, once: true, headers: { 'Content-Type': 'text/csv' } }
    const url = `/api/shops/${encodeURIComponent(shop)}/${what}`
    return this.session.withToken((token) => this.http.ask<T>(url, { ...options, token }))
  }

  /** A command of the journal, as the outbox sends it. */
  async send(row: Pending): Promise<CommandResult> {
    const sent = Date.now()
    const data = { ...row.fields, order: row.order, command_id: row.command_id, device_at: row.device_at }
    const result = await this.either(row.name, data, () =>
      this.session.withToken((token) =>
        this.post<CommandResult>(
          row.name,
          { ...row.fields, order: row.order },
          row.command_id,
          row.device_at,
          token,
        ),
      ),
    )
    // A repeated command is answered with the time of its first success, which says nothing of now.
    if (row.tries === 0 && result.at) this.clock.answered(result.at, sent, Date.now())
    return result
  }

  /**
   * Commands in their order, without waiting for the answers in between; an answer or a Trouble for each.
   * Those of one conversation keep their order whatever becomes of any of them (rule NW-4).
   */
  async sendLine(rows: readonly Pending[]): Promise<(CommandResult | Trouble)[]> {
    const name = newId().slice(0, 8)
    const orders = [...new Set(rows.map((row) => row.order))]
    const calls = rows.map(({ name: method, fields, order, command_id, device_at }) => ({
      method,
      data: { ...fields, order, command_id, device_at, line: `${name}.${orders.indexOf(order)}` },
    }))
    const answers = await this.wire.rpcs<CommandResult>(calls)
    return answers.map((one) => (one.status === 'fulfilled' ? one.value : asTrouble(one.reason)))
  }

  /** Gives up waiting when the line is up: the same command goes over it, with the same id. */
  private async post<T>(name: string, body: unknown, id: string, deviceAt: number, token: string): Promise<T> {
    const headers = { 'Idempotency-Key': id, 'X-Device-At': String(deviceAt) }
    const waiting = new AbortController()
    const stop = this.wire.whenUp(() => waiting.abort())
    try {
      return await this.http.ask<T>(`/api/commands/${name}`, { body, token, headers, signal: waiting.signal })
    } finally {
      stop()
    }
  }

  private async either<T>(method: string, data: unknown, overHttp: () => Promise<T>): Promise<T> {
    if (!this.wire.connected) return overHttp()
    try {
      return await this.wire.rpc<T>(method, data)
    } catch (error) {
      const trouble = asTrouble(error)
      // The line broke or its token ended while asking: the other way round may still be open.
      if (trouble.status === 0 || trouble.unauthorized) return overHttp()
      throw trouble
    }
  }
}
