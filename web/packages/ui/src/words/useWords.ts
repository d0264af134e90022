import { computed } from 'vue'
import { useI18n } from 'vue-i18n'
import {
  type Address,
  type BilingualText,
  type Change,
  type Line,
  type OrderPromise,
  type Status,
  type Trouble,
  asTrouble,
  useHuaxin,
} from '@huaxin/sync'
import { distance, money } from './measure'
import { ago, by, clock24, dayWord, duration, moment, promiseWords, range, type Language } from './time'

const ZONE = 'Asia/Shanghai'

/** Every word a screen says, in the language chosen and in the shop's time zone. */
export function useWords() {
  const { t, locale, te } = useI18n({ useScope: 'global' })
  const huaxin = useHuaxin()
  const language = computed<Language>(() => (locale.value === 'en' ? 'en' : 'zh-CN'))
  const zone = computed(() => huaxin.info.value?.time_zone || ZONE)
  const now = (): number => huaxin.clock.now()
  const known = (key: string, fallback: string): string => (te(key) ? t(key) : fallback)

  const promise = (p: OrderPromise): string => promiseWords(p, now(), language.value, zone.value)

  /** The sentence of the server, or ours when it could not be asked. */
  function trouble(error: unknown): string {
    const it: Trouble = asTrouble(error)
    if (it.sentence) return it.sentence
    if (it.status === 0) return t('trouble.offline')
    if (it.status === 401) return t('trouble.ended')
    if (it.status === 403) return t('trouble.denied')
    if (it.status === 404) return t('trouble.missing')
    if (it.waitSeconds > 0) return t('login.wait', { n: it.waitSeconds })
    return it.passing ? t('trouble.busy') : t('trouble.other')
  }

  /** The place and what is inside it, each said once. */
  function address(a: Address | null | undefined): string {
    if (!a) return ''
    return a.detail && !a.text.includes(a.detail) ? `${a.text} ${a.detail}` : a.text
  }

  function change(c: Change): string {
    const time = c.promise ? promise(c.promise) : ''
    const where = address(c.address)
    const both = time && where ? t('change.both', { time, address: where }) : ''
    const one = time ? t('change.time', { time }) : where ? t('change.address', { address: where }) : ''
    const more = [
      c.recipient ? t('negotiate.change.recipient', { name: c.recipient.name ?? '' }) : '',
      c.card ? t('negotiate.change.card') : '',
      c.lines?.length ? t('negotiate.change.items', { names: list(c.lines.map((line) => name(line))) }) : '',
      c.cancel ? t('negotiate.change.cancel') : '',
    ]
    return list([both || one, ...more].filter(Boolean))
  }

  /** Several names as one enumeration. */
  const list = (names: string[]): string => names.join(language.value === 'en' ? ', ' : '、')
  /** What somebody said, in the quotation marks of the language. */
  const quote = (said: string): string => (language.value === 'en' ? `“${said}”` : `「${said}」`)
  /** What it is, and then what it says. */
  const named = (label: string, said: string): string => (language.value === 'en' ? `${label}: ${said}` : `${label}:${said}`)
  /** Name in the language of the screen. */
  const name = (thing: { name: string; name_en: string }): string =>
    language.value === 'en' ? thing.name_en || thing.name : thing.name

  /** What is carried: 康乃馨花束 ×2、红玫瑰 */
  const goods = (lines: Pick<Line, 'name' | 'name_en' | 'quantity'>[]): string =>
    list(lines.map((line) => `${name(line)}${line.quantity > 1 ? ` ×${line.quantity}` : ''}`))

  /** What to mind when these bouquets are carried: fragile, tall, large; "" when nothing. */
  function care(lines: Pick<Line, 'fragile' | 'tall' | 'size' | 'quantity'>[]): string {
    const places = lines.reduce((sum, one) => sum + (Math.max(1, one.size) + (one.fragile ? 1 : 0)) * one.quantity, 0)
    const said = [
      lines.some((one) => one.fragile) ? t('goods.fragile') : '',
      lines.some((one) => one.tall) ? t('goods.tall') : '',
      places > 1 ? t('goods.places', { n: places }) : '',
    ]
    return said.filter(Boolean).join(' · ')
  }

  return {
    t,
    known,
    care,
    goods,
    language,
    zone,
    now,
    address,
    change,
    promise,
    trouble,
    money,
    text: (both: BilingualText | null | undefined): string =>
      both ? (language.value === 'en' ? both.en || both.zh : both.zh || both.en) : '',
    status: (status: Status): string => t(`status.${status}`),
    reason: (reason: string): string => known(`reason.${reason}`, reason),
    command: (name: string): string => known(`command.${name}`, known(`care.command.${name}`, name)),
    role: (role: string): string => known(`role.${role}`, role),
    moment: (at: number): string => moment(at, now(), language.value, zone.value),
    range: (start: number, end: number): string => range(start, end, now(), language.value, zone.value),
    by: (end: number): string => by(end, now(), language.value, zone.value),
    ago: (at: number): string => ago(at, now(), language.value, zone.value),
    day: (at: number): string => dayWord(at, now(), language.value, zone.value),
    /** 2026-11-30 → 11月30日 */
    date: (iso: string): string => {
      const [year = 0, month = 1, day = 1] = iso.split('-').map(Number)
      return dayWord(Date.UTC(year, month - 1, day, 10), now(), language.value, zone.value)
    },
    clock: (at: number): string => clock24(at, zone.value),
    duration: (ms: number): string => duration(ms, language.value),
    distance: (metres: number): string => distance(metres, language.value),
    list,
    quote,
    named,
    name,
  }
}
