import { watch } from 'vue'
import { useI18n } from 'vue-i18n'

type Words = Record<string, Record<string, string>>
const QUIET: Record<'zh-CN' | 'en', Words> = {
  'zh-CN': {
    role: { shop: '商家', recipient: '收件人', buyer: '下单人' },
    map: { shop: '商家', home: '收件地点' },
  },
  en: { role: { shop: 'Store' }, map: { shop: 'Store' } },
}

/**
 * While a recipient must not know what comes, no word of the shared ones says that these are flowers. Such a page
 * shows this one order only, so the words may be changed for all of it; they come back when it is there.
 */
export function useQuietWords(hidden: () => boolean): void {
  const { mergeLocaleMessage, getLocaleMessage } = useI18n({ useScope: 'global' })
  const usual = new Map<string, Words>()
  watch(
    hidden,
    (on) => {
      for (const [language, quiet] of Object.entries(QUIET)) {
        if (on && !usual.has(language)) usual.set(language, pick(getLocaleMessage(language) as unknown as Words, quiet))
        const words = on ? quiet : usual.get(language)
        if (words) mergeLocaleMessage(language, words)
      }
    },
    { immediate: true },
  )
}

function pick(all: Words, like: Words): Words {
  const group = (name: string): [string, Record<string, string>] => {
    const keys = Object.keys(like[name] ?? {})
    return [name, Object.fromEntries(keys.map((key) => [key, all[name]?.[key] ?? '']))]
  }
  return Object.fromEntries(Object.keys(like).map(group))
}
