import { describe, expect, it } from 'vitest'
import type { CallOn, CallView } from '@huaxin/sync'
import { IDLE, next, othersIn, type CallAct, type CallState } from '../src/machine'
import { inPicture, onElement } from '../src/still'
import { refusalOf } from '../src/devices'
import en from '../src/words/en'
import zh from '../src/words/zh'

const member = (person: string, device = `${person}-1`) => ({ person, role: 'buyer' as const, device, joined_at: 0, name: person })
const view = (...members: ReturnType<typeof member>[]): CallView => ({
  id: 'c', media: 'video', at: 1, by_person: 'li', by_role: 'buyer', by_name: '李女士', to: ['courier'], ringing: ['courier'],
  declined: [], members, state: members.length > 1 ? 'talking' : 'ringing', answered_at: 0, ring_until: 9, ring_ms: 45_000,
})
const told = (seen: CallView | null, why = ''): CallAct => ({
  is: 'told', view: seen, ended: why ? ({ call: 'c', why } as never) : null, person: 'li', device: 'li-1',
})
const begun = next(IDLE, { is: 'begin', call: 'c', order: 'o', media: 'video', to: ['courier'], name: '张师傅' })
const walk = (state: CallState, ...acts: CallAct[]): CallState => acts.reduce(next, state)

describe('the course of a call', () => {
  it('rings, is answered, talks, and is over when the other hangs up', () => {
    const connecting = walk(begun, told(view(member('li'))), told(view(member('li'), member('zhang'))))
    expect(connecting.phase).toBe('connecting')
    const talking = next(connecting, { is: 'up', at: 5 })
    expect([talking.phase, talking.since]).toEqual(['talking', 5])
    expect(othersIn(talking, 'li').map((one) => one.person)).toEqual(['zhang'])
    expect(next(talking, told(null, 'hung_up'))).toMatchObject({ phase: 'over', why: 'hung_up' })
  })

  it.each(['missed', 'declined', 'busy', 'lost', 'reassigned'])('is over because it was %s', (why) => {
    expect(next(begun, told(null, why))).toMatchObject({ phase: 'over', why, order: 'o', to: ['courier'] })
  })

  it('both rang: the call of the other is the call', () => {
    expect(next(begun, { is: 'joined', call: 'd' })).toMatchObject({ phase: 'connecting', call: 'd' })
  })

  it('another device of the same person has it: this page leaves without a word', () => {
    expect(next(begun, told(view(member('li', 'li-2'))))).toEqual(IDLE)
  })

  it('who was taken off the order is out of its call', () => {
    const inside = next(begun, told(view(member('li'), member('zhang'))))
    expect(next(inside, told(view(member('zhang'), member('wang'))))).toMatchObject({ phase: 'over', why: 'lost' })
  })

  it('answers a call; nothing begins while one goes on', () => {
    const on: CallOn = { call: view(member('li')), order: { id: 'o' } as never, role: 'courier' }
    const joined = next(IDLE, { is: 'join', on, media: 'audio' })
    expect(joined).toMatchObject({ phase: 'connecting', media: 'audio', to: ['buyer'], mine: false })
    expect(next(joined, { is: 'begin', call: 'x', order: 'o', media: 'audio', to: [], name: '' })).toBe(joined)
    expect(next(joined, { is: 'fail', why: 'refused', sentence: 's' })).toMatchObject({ phase: 'over', sentence: 's' })
    expect(next(joined, { is: 'close' })).toEqual(IDLE)
  })
})

describe('CA-37: a finger on a picture', () => {
  const box = { width: 300, height: 600 }
  const wide = { width: 640, height: 480 }

  it('is the same place on both sides, however the picture is shown', () => {
    for (const fit of ['contain', 'cover'] as const) {
      const at = inPicture(150, 300, box, wide, fit)
      expect(at).toEqual({ x: 0.5, y: 0.5 })
      expect(onElement(at!, box, wide, fit)).toEqual({ x: 150, y: 300 })
    }
    const there = onElement({ x: 0.25, y: 0.75 }, box, wide, 'contain')
    expect(inPicture(there.x, there.y, box, wide, 'contain')).toEqual({ x: 0.25, y: 0.75 })
  })

  it('beside the picture it is nothing', () => {
    expect(inPicture(150, 10, box, wide, 'contain')).toBeNull()
    expect(inPicture(150, 300, box, { width: 0, height: 0 }, 'cover')).toBeNull()
  })
})

it('what a browser says when it gives no device', () => {
  const of = (name: string) => refusalOf({ name })
  expect(['NotAllowedError', 'NotFoundError', 'NotReadableError', 'TypeError'].map(of)).toEqual(['refused', 'none', 'busy', 'failed'])
})

it('both languages say the same things with the same variables', () => {
  const said = (tree: unknown, path = ''): [string, string][] =>
    typeof tree === 'string' ? [[path, (tree.match(/\{\w+\}/g) ?? []).sort().join()]] : Object.entries(tree as object).flatMap(([key, one]) => said(one, `${path}.${key}`))
  expect(said(en).sort()).toEqual(said(zh).sort())
})
