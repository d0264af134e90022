import { sharedEn, sharedZh } from '../../i18n'
import { useWords } from '../../words/useWords'

const ROLES = ['buyer', 'recipient', 'shop', 'courier'] as const

/** How roles are called when one speaks to them: in the language of the screen, and understood in both. */
export function useRoleNames() {
  const words = useWords()

  function namesOf(roles: readonly string[]): Record<string, string[]> {
    const all: Record<string, string[]> = {}
    for (const role of ROLES) {
      if (!roles.includes(role)) continue
      const own = words.role(role)
      all[role] = [...new Set([own, ...[sharedZh, sharedEn].flatMap((words) => called(words, role))])]
    }
    return all
  }

  return { namesOf }
}

function called(words: { role: Record<string, string>; msg: { mention: Record<string, string> } }, role: string): string[] {
  return [words.role[role], words.msg.mention[role]].filter((name): name is string => Boolean(name))
}
