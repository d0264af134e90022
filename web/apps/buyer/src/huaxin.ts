import { Huaxin } from '@huaxin/sync'
import { createWords, languageOf } from '@huaxin/ui'
import { readEntry } from './entry'
import en from './i18n/en'
import zh from './i18n/zh'

export const entry = readEntry(location.pathname, { local: localStorage, tab: sessionStorage })
// Before anything else can read, log or send the address.
if (location.pathname.startsWith('/o/')) history.replaceState(null, '', '/buyer/guest')

export const words = createWords({ zh, en })
export const huaxin = new Huaxin({ app: entry.app, language: () => languageOf(words) })
