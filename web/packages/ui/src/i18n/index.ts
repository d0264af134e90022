import { unref } from 'vue'
import { createI18n, type I18nOptions } from 'vue-i18n'
import type { Language } from '../words/time'
import en from './en'
import zh from './zh'

const KEY = 'huaxin.language'

type Messages = Record<string, unknown>
type Catalogue = NonNullable<I18nOptions['messages']>

function initial(): Language {
  const kept = globalThis.localStorage?.getItem(KEY)
  if (kept === 'en' || kept === 'zh-CN') return kept
  return globalThis.navigator?.language?.startsWith('en') ? 'en' : 'zh-CN'
}

/**
 * The words of one application on top of the shared ones. Both languages must have the same keys: the types of an
 * application's `en.ts` are taken from its `zh.ts`, and a test compares them.
 */
export function createWords<T extends Messages>(own: { zh: T; en: T }) {
  const locale = initial()
  const i18n = createI18n({
    legacy: false,
    locale,
    fallbackLocale: 'zh-CN',
    messages: { 'zh-CN': joined(zh, own.zh), en: joined(en, own.en) } as Catalogue,
  })
  apply(locale)
  return i18n
}

/** An application adds to a group of shared words, or says one of them in its own way; the rest of the group stays. */
function joined(shared: Messages, own: Messages): Messages {
  const all: Messages = { ...shared }
  for (const [key, value] of Object.entries(own)) {
    const both = isGroup(value) && isGroup(all[key])
    all[key] = both ? joined(all[key] as Messages, value) : value
  }
  return all
}

const isGroup = (value: unknown): value is Messages =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export type Words = ReturnType<typeof createWords>

function apply(language: Language): void {
  if (globalThis.document) document.documentElement.lang = language
}


export const languageOf = (i18n: Words): Language => (unref(i18n.global.locale) === 'en' ? 'en' : 'zh-CN')

export { en as sharedEn, zh as sharedZh }
