import type { Slot } from '@huaxin/sync'
import { by, createWords, languageOf } from '@huaxin/ui'
import { describe, expect, it } from 'vitest'
import { byDay, canBeSoon, dayKey } from '../src/draft/days'
import { emptyDraft } from '../src/draft/model'
import { promiseShown } from '../src/draft/promise'
import en from '../src/i18n/en'
import zh from '../src/i18n/zh'

const ZONE = 'Asia/Shanghai'
const at = (text: string): number => Date.parse(`${text}+08:00`)
const read = (note: string, end: number, start = 0) => ({
  note,
  reading: { promise: end ? { start, end, source: 'note' } : null, choices: [], doubt: '' },
  chosen: null,
})
const noted = (note: string) => ({ ...emptyDraft('huaxin', 'o', 'c'), when: 'note' as const, note })

describe('the promise that is shown', () => {
  it('a window is promised as chosen', () => {
    const draft = { ...emptyDraft('huaxin', 'o', 'c'), slot: { start: 1, end: 2 } }
    expect(promiseShown(draft, null)).toEqual({ kind: 'window', start: 1, end: 2 })
  })

  it('nothing is claimed while the note is being read', () => {
    expect(promiseShown(noted('下午三点前'), null).kind).toBe('reading')
    expect(promiseShown(noted('下午三点前送到'), read('下午三点前', 5)).kind).toBe('reading')
  })

  it('a deadline that was found, and one that was not', () => {
    expect(promiseShown(noted(' 下午三点前 '), read('下午三点前', 5))).toEqual({ kind: 'deadline', end: 5 })
    expect(promiseShown(noted('要新鲜'), read('要新鲜', 0)).kind).toBe('unread')
  })

  it('a window in words is a window', () => {
    expect(promiseShown(noted('9-11点'), read('9-11点', 5, 3))).toEqual({ kind: 'window', start: 3, end: 5 })
  })

  it('what may mean two times is asked until one is chosen', () => {
    const [morning, evening] = [3, 5].map((end) => ({ start: 0, end, source: 'note' }))
    const reading = { promise: evening!, choices: [evening!, morning!], doubt: 'half' }
    const draft = noted('8点前')
    expect(promiseShown(draft, { note: '8点前', reading, chosen: null }).kind).toBe('asked')
    expect(promiseShown(draft, { note: '8点前', reading, chosen: morning! })).toEqual({ kind: 'deadline', end: 3 })
  })

  it('is said in the words of the article', () => {
    const i18n = createWords({ zh, en })
    i18n.global.locale.value = 'zh-CN'
    const time = by(at('2026-02-14T15:00'), at('2026-02-14T10:00'), languageOf(i18n), ZONE)
    expect(i18n.global.t('promise.deadline', { time })).toBe('我们会在今天下午 3:00 前送达')
    i18n.global.locale.value = 'en'
    const english = by(at('2026-02-14T15:00'), at('2026-02-14T10:00'), 'en', ZONE)
    expect(i18n.global.t('promise.deadline', { time: english })).toBe('We will deliver by 3:00 pm')
  })
})

describe('slots', () => {
  const slot = (start: string, open = true): Slot => ({
    start: at(start),
    end: at(start) + 7_200_000,
    label: { zh: '', en: '' },
    open,
    full: false,
    left: -1,
    fee: 0,
    occasion: null,
  })

  it('belong to the day of the shop, not of this device', () => {
    expect(dayKey(at('2026-02-15T00:30'), ZONE)).toBe('2026-02-15')
  })

  it('days without anything to choose are left out', () => {
    const days = byDay([slot('2026-02-14T09:00', false), slot('2026-02-15T09:00'), slot('2026-02-15T11:00', false)], ZONE)
    expect(days.map((day) => [day.key, day.slots.length])).toEqual([['2026-02-15', 2]])
  })

  it('soon is possible only with a window of the coming hours', () => {
    const now = at('2026-02-14T22:00')
    expect(canBeSoon([slot('2026-02-15T09:00')], now)).toBe(false)
    expect(canBeSoon([slot('2026-02-14T21:00')], now)).toBe(true)
    expect(canBeSoon([slot('2026-02-14T21:00', false)], now)).toBe(false)
  })
})
