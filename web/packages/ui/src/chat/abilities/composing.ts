import type { Role } from '@huaxin/sync'

/** As the server counts: characters, not UTF-16 units. */
export const MOST_TEXT = 4000

export function lengthOf(text: string): number {
  // Counting every character of what is far from long would be waste.
  return text.length < MOST_TEXT / 2 ? text.length : [...text].length
}

/** Who hears what is said besides oneself: the usual ones, or those one addresses. The shop always does. */
export function hearers(role: string, to: readonly string[] | null): Role[] {
  const usual: Role[] = role === 'recipient' ? ['shop', 'courier'] : ['buyer', 'shop', 'courier']
  const heard = to === null ? usual : (['buyer', 'recipient', 'shop', 'courier'] as Role[]).filter((one) => one === 'shop' || to.includes(one))
  return heard.filter((one) => one !== role)
}
