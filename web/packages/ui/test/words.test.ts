import { describe, expect, it } from 'vitest'
import { ago, atClock, by, clock24, distance, duration, moment, money, promiseWords, range } from '../src'

const ZONE = 'Asia/Shanghai'
/** A Friday in Shanghai. */
const at = (day: number, hour: number, minute = 0): number => Date.UTC(2026, 10, day, hour - 8, minute)
const NOW = at(20, 9)

describe('times as people say them', () => {
  it.each([
    [at(20, 14, 40), '今天下午 2:40', '2:40 pm'],
    [at(21, 9), '明天上午 9:00', '9:00 am tomorrow'],
    [at(22, 0, 30), '后天凌晨 0:30', '12:30 am Sun'],
    [at(20, 12, 30), '今天中午 12:30', '12:30 pm'],
    [at(19, 20), '昨天晚上 8:00', '8:00 pm yesterday'],
    [at(30, 7, 5), '11月30日早上 7:05', '7:05 am Nov 30'],
  ])('%i', (time, zh, en) => {
    expect(moment(time, NOW, 'zh-CN', ZONE)).toBe(zh)
    expect(moment(time, NOW, 'en', ZONE)).toBe(en)
  })

  it('ranges say the half of the day once', () => {
    expect(range(at(20, 14, 40), at(20, 14, 55), NOW, 'zh-CN', ZONE)).toBe('今天下午 2:40–2:55')
    expect(range(at(20, 14, 40), at(20, 14, 55), NOW, 'en', ZONE)).toBe('2:40–2:55 pm')
    expect(range(at(21, 9), at(21, 13), NOW, 'zh-CN', ZONE)).toBe('明天上午 9:00–下午 1:00')
    expect(range(at(21, 9), at(21, 13), NOW, 'en', ZONE)).toBe('9:00 am–1:00 pm tomorrow')
  })

  it('a promise without a start is a deadline', () => {
    expect(promiseWords({ start: 0, end: at(20, 15) }, NOW, 'zh-CN', ZONE)).toBe('今天下午 3:00 前')
    expect(by(at(20, 15), NOW, 'en', ZONE)).toBe('by 3:00 pm')
  })

  it('the past is exact or near', () => {
    expect(ago(NOW - 10_000, NOW, 'zh-CN', ZONE)).toBe('刚刚')
    expect(ago(NOW - 120_000, NOW, 'zh-CN', ZONE)).toBe('2 分钟前')
    expect(ago(NOW - 120_000, NOW, 'en', ZONE)).toBe('2 min ago')
    expect(duration(65 * 60_000, 'zh-CN')).toBe('1 小时 5 分')
  })

  it('a wall-clock time is found in the zone of the shop', () => {
    expect(atClock(NOW, 17, 30, ZONE)).toBe(at(20, 17, 30))
    expect(atClock(NOW, 17, 30, 'America/New_York')).toBe(Date.UTC(2026, 10, 19, 22, 30))
    expect(clock24(at(20, 9, 5), ZONE)).toBe('09:05')
  })
})

describe('measures', () => {
  it.each([
    [43, '45 米', '45 m'],
    [317, '320 米', '320 m'],
    [996, '1.0 公里', '1.0 km'],
    [1240, '1.2 公里', '1.2 km'],
    [12_400, '12 公里', '12 km'],
  ])('%i metres', (metres, zh, en) => {
    expect(distance(metres, 'zh-CN')).toBe(zh)
    expect(distance(metres, 'en')).toBe(en)
  })

  it('money is fen', () => {
    expect(money(12_800)).toBe('¥128')
    expect(money(12_850)).toBe('¥128.50')
  })
})
