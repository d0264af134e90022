import sharedZh from '../../../packages/ui/src/i18n/zh'

export function keysOf(words: object, prefix = ''): string[] {
  return Object.entries(words).flatMap(([key, value]) =>
    typeof value === 'object' ? keysOf(value as object, `${prefix}${key}.`) : [prefix + key],
  )
}

/** The first level of the words of the ui package. */
export const sharedZhKeys = (): string[] => Object.keys(sharedZh)
