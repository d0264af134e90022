import { describe, expect, it } from 'vitest'
import { matches, search } from '../src/board/search'
import { card, order } from './fixtures'

const found = order('making', {
  number: 1042,
  recipient: { name: 'Anna Müller', phone: '139 7358-9642' },
  buyer: { name: '李女士', phone: '13700000021' },
  address: { text: '阳光小区', detail: '5号楼3单元401', note: '', point: { lat: 0, lon: 0 }, gate: null },
})

describe('matches', () => {
  it.each(['1042', '#1042', '42', '9642', '13973589642', '李', 'anna', '阳光小区 5号楼', '阳光小区5号楼', '５号楼', '李女士 401', ''])(
    'finds it by %s',
    (query) => expect(matches(found, query)).toBe(true),
  )
  it.each(['1043', '#42x', '#李', '阳光小区 6号楼', '李先生'])('does not find it by %s', (query) =>
    expect(matches(found, query)).toBe(false),
  )
})

describe('search', () => {
  it('puts the exact number first', () => {
    const other = card('making', { number: 91042, promise: { start: 0, end: 1, source: '' } })
    const exact = card('making', { number: 1042, promise: { start: 0, end: 2, source: '' } })
    expect(search([other, exact], '1042')).toEqual([exact, other])
  })
})
