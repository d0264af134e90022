import { describe, expect, it } from 'vitest'
import type { EventView, Pending } from '@huaxin/sync'
import { abilitiesOf, leftToChange, OWN_MS, pinnedSeqs, shownOverlays } from '../src/chat/abilities/overlays'

const me = { person: 'me', role: 'buyer', name: '李女士' }
const other = { person: 'c', role: 'courier', name: '张师傅' }
const row = (name: Pending['name'], fields: object, n = 1): Pending => ({
  n, command_id: `c${n}`, person: 'me', order: 'o', name, fields: { ...fields }, device_at: 50, state: 'waiting', tries: 0, sentence: '', code: '',
})
const message = (more: Partial<EventView> = {}): EventView => ({
  shop: 's', order: 'o', seq: 7, at: 1000, type: 'message_sent', v: 1, actor: { person: 'me', role: 'buyer' }, body: { text: 'x' }, ...more,
})

describe('what is tapped lies over the message at once', () => {
  it('a reaction is added to those of others, once, and taken off again', () => {
    const known = { '7': { reactions: { '👍': [other] } } }
    const on = shownOverlays(known, [row('react', { seq: 7, emoji: '👍', on: true })], me)
    expect(on['7']?.reactions?.['👍']).toEqual([other, me])
    const twice = shownOverlays(on, [row('react', { seq: 7, emoji: '👍', on: true })], me)
    expect(twice['7']?.reactions?.['👍']).toEqual([other, me])
    const off = shownOverlays({ '7': { reactions: { '👍': [me] } } }, [row('react', { seq: 7, emoji: '👍', on: false })], me)
    expect(off['7']?.reactions).toEqual({})
    expect(known['7'].reactions['👍']).toEqual([other])
  })

  it('edited, pinned, recalled and stopped, in the order of the taps', () => {
    const laid = shownOverlays({}, [
      row('edit_message', { seq: 7, text: ' neu ' }, 1),
      row('pin_message', { seq: 7, on: true }, 2),
      row('stop_live', { seq: 9 }, 3),
    ], me)
    expect(laid['7']).toEqual({ text: 'neu', edited_at: 50, pinned: { ...me, at: 50 } })
    expect(laid['9']).toEqual({ closed_at: 50 })
    expect(shownOverlays(laid, [row('recall_message', { seq: 7 })], me)['7']).toEqual({ recalled_at: 50 })
  })

  it('whoever was quicker has answered', () => {
    const answer = { ...other, option: 0, at: 40 }
    const tap = [row('answer_question', { seq: 7, option: 1 })]
    expect(shownOverlays({ '7': { answer } }, tap, me)['7']?.answer).toEqual(answer)
    expect(shownOverlays({}, tap, me)['7']?.answer).toEqual({ ...me, option: 1, at: 50 })
  })

  it('a refused tap lies over nothing, and nothing waiting means the very same', () => {
    const known = { '7': { text: 'x', edited_at: 3 } }
    const refused: Pending = { ...row('recall_message', { seq: 7 }), state: 'failed' }
    expect(shownOverlays(known, [refused, row('say', { text: 'x' })], me)).toBe(known)
  })

  it('the newest pin comes first, recalled ones are not pinned', () => {
    const pin = (at: number) => ({ ...other, at })
    expect(pinnedSeqs({ '3': { pinned: pin(1) }, '9': { pinned: pin(5) }, '5': { pinned: pin(7), recalled_at: 8 }, '1': { pinned: null } })).toEqual([9, 3])
  })
})

describe('what a menu offers', () => {
  const asked = { event: message(), overlay: undefined, mine: true, role: 'buyer', actions: ['say'], now: 2000 }

  it('everything on a fresh text of one’s own', () => {
    expect(abilitiesOf(asked)).toEqual(['reply', 'copy', 'edit', 'recall', 'pin', 'forward'])
  })
  it('two minutes by the server’s clock', () => {
    expect(leftToChange(message(), 1000 + OWN_MS - 1)).toBe(1)
    expect(abilitiesOf({ ...asked, now: 1000 + OWN_MS })).toEqual(['reply', 'copy', 'pin', 'forward'])
  })
  it('others’ messages are reported, not changed; the shop reports to nobody', () => {
    expect(abilitiesOf({ ...asked, mine: false })).toEqual(['reply', 'copy', 'pin', 'forward', 'report'])
    expect(abilitiesOf({ ...asked, mine: false, role: 'shop' })).not.toContain('report')
  })
  it('a question, a place and what was forwarded cannot be edited; a question not forwarded', () => {
    const question = message({ type: 'question_asked', body: { text: 'x' } })
    expect(abilitiesOf({ ...asked, event: question })).toEqual(['reply', 'copy', 'recall', 'pin'])
    expect(abilitiesOf({ ...asked, event: message({ body: { text: 'x', forwarded: true } }) })).not.toContain('edit')
    expect(abilitiesOf({ ...asked, event: message({ body: { place: {} } }) })).not.toContain('edit')
  })
  it('nothing on what was recalled; the shop may copy its trace', () => {
    const overlay = { recalled_at: 1 }
    expect(abilitiesOf({ ...asked, overlay })).toEqual([])
    expect(abilitiesOf({ ...asked, overlay, role: 'shop', mine: false })).toEqual(['copy'])
  })
  it('who may not write may still take back and copy', () => {
    expect(abilitiesOf({ ...asked, actions: [], overlay: { pinned: { ...me, at: 1 } } })).toEqual(['copy', 'recall'])
  })
})
