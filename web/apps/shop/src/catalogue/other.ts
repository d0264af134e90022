import { fenOf } from './form'

/** Other flowers while they are being written down. */
export interface OtherForm {
  name: string
  name_en: string
  /** Yuan more (or less: below zero) for each bouquet, as typed. */
  difference: string
  pictures: string[]
  words: string
  minutes: number
}

export const MINUTES = [15, 30, 60, 120]
export const emptyOther = (): OtherForm => ({ name: '', name_en: '', difference: '0', pictures: [], words: '', minutes: 30 })

/** What needs another look, by field. `lowest`: fen of the cheapest bouquet it concerns. */
export function checkOther(form: OtherForm, lowest = Infinity): Record<string, string> {
  const found: Record<string, string> = {}
  if (!form.name.trim()) found['name'] = 'other_name'
  const fen = fenOf(form.difference || '0', true)
  if (fen === null) found['difference'] = 'difference'
  else if (lowest + fen < 0) found['difference'] = 'below_zero'
  if (form.pictures.length === 0) found['picture'] = 'other_picture'
  return found
}

export const otherFields = (form: OtherForm) => ({
  name: form.name.trim(),
  name_en: form.name_en.trim(),
  difference: fenOf(form.difference || '0', true) ?? 0,
  picture: form.pictures[0] ?? '',
  words: form.words.trim(),
  minutes: form.minutes,
})
