import { describe, expect, it } from 'vitest'
import { ref } from 'vue'
import type { Parts } from '../src/live'
import { OrderRoom } from '../src/room'
import type { EventView, OrderSnapshot } from '../src/types.gen'

const said = (seq: number, text: string): EventView =>
  ({ shop: 's', order: 'o', seq, at: seq, type: 'message_sent', v: 1, actor: { person: 'p', role: 'buyer' }, body: { text } }) as never

/** A room whose server is a list of snapshots; what is published is given to it by hand. */
function roomOf(snapshots: OrderSnapshot[]) {
  let publish: (data: unknown, offset: number) => void = () => undefined
  let asked = 0
  const nothing = (): undefined => undefined
  const parts = {
    api: {
      query: (name: string) =>
        name === 'get_order'
          ? Promise.resolve(snapshots[Math.min(asked++, snapshots.length - 1)])
          : Promise.resolve({ events: [said(1, 'long ago')], more: false }),
      light: () => Promise.resolve(),
    },
    clock: { now: () => 0, heard: nothing },
    outbox: { pending: ref([]), answered: new Map(), confirmed: nothing },
    saver: { on: ref(false) },
    session: { person: 'me' },
    store: { recall: () => Promise.resolve(null), keep: () => Promise.resolve() },
    wire: {
      connected: true,
      whenUp: () => nothing,
      follow: (_: string, __: unknown, ears: { onPublication: typeof publish }) => {
        publish = ears.onPublication
        return nothing
      },
    },
  }
  return { room: new OrderRoom(parts as unknown as Parts, 'o'), publish: (event: EventView) => publish(event, event.seq) }
}

const snapshot = (seq: number, events: EventView[], more: boolean): OrderSnapshot =>
  ({ cursor: { epoch: 'e', seq }, role: 'shop', order: { id: 'o', status: 'rated' }, actions: [], events, marks: [], members: [], track: null, more }) as never

const texts = (room: OrderRoom): unknown[] => room.state.value?.events.map((event) => event.body['text']) ?? []
const settle = (): Promise<void> => new Promise((done) => setTimeout(done, 20))

describe('an order that is open', () => {
  it('HR-10: shows nothing of what was said once that was removed', async () => {
    const { room, publish } = roomOf([
      snapshot(2, [said(2, 'a secret')], true),
      snapshot(3, [said(2, '')], true),
    ])
    room.open()
    await settle()
    await room.loadOlder()
    expect(texts(room)).toEqual(['long ago', 'a secret'])
    publish({ ...said(3, ''), type: 'talk_expired', delta: { talk_expired: 3 } } as never)
    await settle()
    expect(texts(room)).toEqual([''])
    room.close()
  })
})
