import { Huaxin } from '@huaxin/sync'
import { createWords, languageOf } from '@huaxin/ui'
import en from './i18n/en'
import zh from './i18n/zh'

export const words = createWords({ zh, en })
export const huaxin = new Huaxin({ app: 'buyer', language: () => languageOf(words) })
