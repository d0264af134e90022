import type { PlaceMatch } from '@huaxin/sync'
import { beforeEach, describe, expect, it } from 'vitest'
import { addressText, emptyDraft, isTouched, quantityOf, readDraft, tidyPhone, toCommand, totalOf, withPlace, withQuantity } from '../src/draft/model'
import { DraftKeeper } from '../src/draft/store'

const point = { lat: 30.25, lon: 120 }
const match = (fields: Partial<PlaceMatch>): PlaceMatch => ({
  id: '1',
  name: '阳光小区',
  address: '惊蛰大街448号',
  kind: 'compound',
  point,
  detail: '',
  gate: null,
  local: '',
  ...fields,
})
const draft = () => emptyDraft('huaxin', 'order-1', 'command-1')
const filled = () => ({
  ...draft(),
  lines: [{ product: 'carnation', quantity: 2 }],
  recipient: { name: ' 李妈妈 ', phone: '138 0013-8000' },
  place: { text: '阳光小区', point, gate: null },
  detail: '5号楼3单元401',
  gate_note: '东门',
})

describe('lines', () => {
  it('keeps the order in which bouquets were chosen and takes out at zero', () => {
    const it1 = { ...draft(), lines: withQuantity(draft(), 'rose', 1) }
    const it2 = { ...it1, lines: withQuantity(it1, 'lily', 3) }
    expect(it2.lines.map((line) => line.product)).toEqual(['rose', 'lily'])
    expect(quantityOf(it2, 'lily')).toBe(3)
    expect(withQuantity(it2, 'rose', 0)).toEqual([{ product: 'lily', quantity: 3 }])
  })

  it('never goes beyond what the server takes, nor below nothing', () => {
    expect(withQuantity(draft(), 'rose', 1000)).toEqual([{ product: 'rose', quantity: 99 }])
    expect(withQuantity(draft(), 'rose', -4)).toEqual([])
  })

  it('adds up in fen; a bouquet no longer sold counts nothing', () => {
    const two = { ...draft(), lines: [{ product: 'a', quantity: 2 }, { product: 'gone', quantity: 1 }] }
    expect(totalOf(two, new Map([['a', 16_800]]))).toBe(33_600)
  })
})

describe('address', () => {
  it('keeps the detail that was typed with the search', () => {
    expect(withPlace(draft(), match({ detail: '5号楼3单元401' }))).toMatchObject({ detail: '5号楼3单元401' })
  })

  it('keeps a detail typed by hand when the place brings none', () => {
    expect(withPlace({ ...draft(), detail: '2 楼前台' }, match({})).detail).toBe('2 楼前台')
  })

  it('says the tail once, with a space between Latin words', () => {
    expect(addressText({ text: '阳光小区', point, gate: null }, '5号楼3单元401')).toBe('阳光小区5号楼3单元401')
    expect(addressText({ text: '阳光小区5号楼', point, gate: null }, '5号楼')).toBe('阳光小区5号楼')
    expect(addressText({ text: 'Cloud Valley', point, gate: null }, 'Block A')).toBe('Cloud Valley Block A')
    const both = withPlace(draft(), match({ name: 'Sunshine Community', local: '阳光小区', detail: 'Building 5, 401' }))
    expect(addressText(both.place!, both.detail)).toBe('Sunshine Community · 阳光小区 Building 5, 401')
  })
})

describe('the wish as the server takes it', () => {
  it('tidies names and numbers and joins the address', () => {
    const wish = toCommand(filled())
    expect(wish.recipient).toEqual({ name: '李妈妈', phone: '13800138000' })
    expect(wish.address).toMatchObject({ text: '阳光小区5号楼3单元401', detail: '5号楼3单元401', note: '东门' })
    expect(wish.promise).toBeNull()
  })

  it('promises exactly what was shown: the window, or what was read from the note', () => {
    const slot = { start: 1000, end: 2000 }
    expect(toCommand({ ...filled(), slot }).promise).toEqual({ ...slot, source: 'window' })
    const note = '下午三点前送到公司'
    const promise = { end: 5000, start: 0, source: 'note' }
    const reading = { promise, choices: [], doubt: '' }
    const noted = toCommand({ ...filled(), slot, when: 'note', note, noted: { note, reading, chosen: null } })
    expect(noted.promise).toEqual(promise)
    expect(noted.note).toBe('下午三点前送到公司')
  })

  it('leaves a note that was not read yet to the server', () => {
    const wish = toCommand({ ...filled(), when: 'note', note: '下午三点前', noted: null })
    expect(wish.promise).toBeNull()
    expect(wish.note).toBe('下午三点前')
  })

  it('never sends a signature with an anonymous card', () => {
    const wish = toCommand({ ...filled(), card: { text: '生日快乐', signature: '小雨', anonymous: true } })
    expect(wish.card).toEqual({ text: '生日快乐', signature: '', anonymous: true })
  })

  it('reads full-width digits of a Chinese keyboard', () => {
    expect(tidyPhone('１３８ ００１３')).toBe('1380013')
    expect(tidyPhone('+86 138')).toBe('+86138')
  })
})

describe('what is written down', () => {
  beforeEach(() => localStorage.clear())

  it('survives a reload with its ids, so that it cannot be ordered twice', () => {
    const before = new DraftKeeper()
    before.chooseShop('huaxin')
    before.draft.lines = withQuantity(before.draft, 'rose', 1)
    before.draft.recipient.name = '李妈妈'
    const after = new DraftKeeper()
    expect(after.draft).toEqual(before.draft)
  })

  it('drops only the bouquets when another shop is chosen', () => {
    const keeper = new DraftKeeper()
    Object.assign(keeper.draft, filled())
    keeper.chooseShop('other')
    expect(keeper.draft.lines).toEqual([])
    expect(keeper.draft.recipient.name).toBe(' 李妈妈 ')
  })

  it('comes back with new ids when the server refused it', () => {
    const keeper = new DraftKeeper()
    Object.assign(keeper.draft, filled())
    keeper.handedOver()
    expect(isTouched(keeper.draft)).toBe(false)
    expect(keeper.takeBack('order-1')).toBe(true)
    expect(keeper.draft.detail).toBe('5号楼3单元401')
    expect(keeper.draft.order).not.toBe('order-1')
    expect(keeper.draft.command_id).not.toBe('command-1')
    expect(keeper.takeBack('order-1')).toBe(false)
  })

  it('starts anew from anything unreadable', () => {
    expect(readDraft('{')).toBeNull()
    expect(readDraft('{"version":9}')).toBeNull()
    expect(readDraft(JSON.stringify({ version: 1, order: 'o', command_id: 'c', shop: 's' }))?.lines).toEqual([])
  })
})
