/**
 * Times as people say them. All take ms since 1970 and an IANA time zone; `now` decides about 今天 and "today".
 * Ranges are for the future, exact times for the past.
 */
export type Language = 'zh-CN' | 'en'

export interface Parts {
  year: number
  month: number
  day: number
  hour: number
  minute: number
  /** 0 = Sunday */
  weekday: number
  /** Days since 1970 in that zone. */
  dayNumber: number
}

const formats = new Map<string, Intl.DateTimeFormat>()

const QUARTER = 900_000
const offsets = new Map<string, number>()

/** The calendar of a moment in a zone. Clocks change on a quarter of an hour only: within one, it is arithmetic. */
export function partsOf(at: number, zone: string): Parts {
  const quarter = Math.floor(at / QUARTER)
  const key = `${zone} ${quarter}`
  let offset = offsets.get(key)
  if (offset === undefined) {
    if (offsets.size > 5_000) offsets.clear()
    const { year, month, day, hour, minute } = askedOf(quarter * QUARTER, zone)
    offset = Date.UTC(year, month - 1, day, hour, minute) - quarter * QUARTER
    offsets.set(key, offset)
  }
  const there = new Date(at + offset)
  const dayNumber = Math.floor((at + offset) / 86_400_000)
  return {
    year: there.getUTCFullYear(),
    month: there.getUTCMonth() + 1,
    day: there.getUTCDate(),
    hour: there.getUTCHours(),
    minute: there.getUTCMinutes(),
    weekday: (((dayNumber + 4) % 7) + 7) % 7,
    dayNumber,
  }
}

/** As the browser says it; slow, so asked once per quarter of an hour. */
function askedOf(at: number, zone: string): Omit<Parts, 'weekday' | 'dayNumber'> {
  let format = formats.get(zone)
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
    })
    formats.set(zone, format)
  }
  const found: Record<string, number> = {}
  for (const part of format.formatToParts(at)) found[part.type] = Number(part.value)
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0 } = found
  return { year, month, day, hour, minute }
}

/** ms since 1970 of a wall-clock time on the day of `day` in that zone. */
export function atClock(day: number, hour: number, minute: number, zone: string): number {
  const { year, month, day: date } = partsOf(day, zone)
  const guess = Date.UTC(year, month - 1, date, hour, minute)
  const seen = partsOf(guess, zone)
  const shown = Date.UTC(seen.year, seen.month - 1, seen.day, seen.hour, seen.minute)
  return guess - (shown - guess)
}

const two = (n: number): string => String(n).padStart(2, '0')

/** 14:40 — for screens where width or exactness matters. */
export function clock24(at: number, zone: string): string {
  const { hour, minute } = partsOf(at, zone)
  return `${two(hour)}:${two(minute)}`
}

const ZH_PARTS: [number, string][] = [
  [5, '凌晨'],
  [8, '早上'],
  [12, '上午'],
  [13, '中午'],
  [18, '下午'],
  [24, '晚上'],
]

function dayPart(hour: number): string {
  return ZH_PARTS.find(([before]) => hour < before)?.[1] ?? '晚上'
}

/** 凌晨 0:30 but 12:30 am: midnight has no hour twelve in Chinese. */
const twelve = (hour: number, language: Language): number => {
  if (hour % 12 !== 0) return hour % 12
  return hour === 0 && language === 'zh-CN' ? 0 : 12
}
const half = (hour: number): string => (hour < 12 ? 'am' : 'pm')

const ZH_DAYS = ['周日', '周一', '周二', '周三', '周四', '周五', '周六']
const EN_DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
const EN_MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** 今天 · 明天 · 周六 · 11月3日 */
export function dayWord(at: number, now: number, language: Language, zone: string): string {
  const then = partsOf(at, zone)
  const days = then.dayNumber - partsOf(now, zone).dayNumber
  const zh = language === 'zh-CN'
  if (days === 0) return zh ? '今天' : 'today'
  if (days === 1) return zh ? '明天' : 'tomorrow'
  if (days === 2 && zh) return '后天'
  if (days === -1) return zh ? '昨天' : 'yesterday'
  if (days > 0 && days < 7) return (zh ? ZH_DAYS : EN_DAYS)[then.weekday] ?? ''
  return zh ? `${then.month}月${then.day}日` : `${EN_MONTHS[then.month - 1] ?? ''} ${then.day}`
}

function withDay(day: string, time: string, language: Language, always: boolean): string {
  if (language === 'zh-CN') return `${day}${time}`
  return day === 'today' && !always ? time : `${time} ${day}`
}

function hourWords(parts: Parts, language: Language): string {
  const figures = `${twelve(parts.hour, language)}:${two(parts.minute)}`
  return language === 'zh-CN' ? `${dayPart(parts.hour)} ${figures}` : `${figures} ${half(parts.hour)}`
}

/** 今天下午 2:40 · 2:40 pm */
export function moment(at: number, now: number, language: Language, zone: string): string {
  const time = hourWords(partsOf(at, zone), language)
  return withDay(dayWord(at, now, language, zone), time, language, false)
}

/** 今天下午 2:40–2:55 · 2:40–2:55 pm */
export function range(start: number, end: number, now: number, language: Language, zone: string): string {
  const a = partsOf(start, zone)
  const b = partsOf(end, zone)
  if (a.dayNumber !== b.dayNumber) {
    return `${moment(start, now, language, zone)} – ${moment(end, now, language, zone)}`
  }
  if (a.hour === b.hour && a.minute === b.minute) return moment(start, now, language, zone)
  const [from, to] = [a, b].map((part) => `${twelve(part.hour, language)}:${two(part.minute)}`)
  const day = dayWord(start, now, language, zone)
  if (language === 'zh-CN') {
    const [pa, pb] = [dayPart(a.hour), dayPart(b.hour)]
    return `${day}${pa} ${from}–${pa === pb ? '' : `${pb} `}${to}`
  }
  const [ha, hb] = [half(a.hour), half(b.hour)]
  return withDay(day, ha === hb ? `${from}–${to} ${hb}` : `${from} ${ha}–${to} ${hb}`, language, false)
}

/** 今天下午 3:00 前 · by 3:00 pm */
export function by(end: number, now: number, language: Language, zone: string): string {
  const words = moment(end, now, language, zone)
  return language === 'zh-CN' ? `${words} 前` : `by ${words}`
}

/** A window, or a deadline when start is 0. */
export function promiseWords(
  promise: { start: number; end: number },
  now: number,
  language: Language,
  zone: string,
): string {
  return promise.start > 0
    ? range(promise.start, promise.end, now, language, zone)
    : by(promise.end, now, language, zone)
}

/** 刚刚 · 2 分钟前 · 今天上午 9:10 */
export function ago(at: number, now: number, language: Language, zone: string): string {
  const zh = language === 'zh-CN'
  const seconds = Math.max(0, Math.round((now - at) / 1000))
  if (seconds < 45) return zh ? '刚刚' : 'just now'
  const minutes = Math.round(seconds / 60)
  if (minutes < 60) return zh ? `${minutes} 分钟前` : `${minutes} min ago`
  return moment(at, now, language, zone)
}

/** 12 分钟 · 1 小时 5 分 */
export function duration(ms: number, language: Language): string {
  const zh = language === 'zh-CN'
  const minutes = Math.max(1, Math.round(ms / 60_000))
  if (minutes < 60) return zh ? `${minutes} 分钟` : `${minutes} min`
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60]
  if (rest === 0) return zh ? `${hours} 小时` : `${hours} h`
  return zh ? `${hours} 小时 ${rest} 分` : `${hours} h ${rest} min`
}
