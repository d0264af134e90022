import { watchEffect } from 'vue'
import { kept } from './kept'

const CHOICES = ['auto', 'light', 'dark'] as const
export type Theme = (typeof CHOICES)[number]

/** Light, dark, or as the system has it. */
export const theme = kept<Theme>('theme', 'auto', CHOICES)

watchEffect(() => {
  if (theme.value === 'auto') delete document.documentElement.dataset['theme']
  else document.documentElement.dataset['theme'] = theme.value
})

export function nextTheme(): void {
  theme.value = CHOICES[(CHOICES.indexOf(theme.value) + 1) % CHOICES.length] ?? 'auto'
}
