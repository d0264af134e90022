import { computed } from 'vue'
import { useI18n } from 'vue-i18n'
import { useHuaxin } from '@huaxin/sync'
import type { Language } from '../words/time'

/** The language chosen, and a way to change it that the server and this device remember. */
export function useLanguage() {
  const { locale } = useI18n({ useScope: 'global' })
  const huaxin = useHuaxin()
  const language = computed<Language>(() => (locale.value === 'en' ? 'en' : 'zh-CN'))

  function choose(next: Language): void {
    locale.value = next
    localStorage.setItem('huaxin.language', next)
    document.documentElement.lang = next
    if (huaxin.session.signedIn.value) {
      void huaxin.api.light('set_language', { language: next }).catch(() => undefined)
    }
  }

  const toggle = (): void => choose(language.value === 'en' ? 'zh-CN' : 'en')
  return { language, choose, toggle }
}
