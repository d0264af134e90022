import { onScopeDispose, watch } from 'vue'
import { useI18n } from 'vue-i18n'
import type { Need } from '../board/needs'
import { chime } from './sound'
import type { Console } from './useConsole'

/** Calls a person only when a person is needed: a tone for what is new, a number in the tab while it waits. */
export function useCall(shop: Console): void {
  const { t } = useI18n({ useScope: 'global' })
  let known: Set<string> | null = null

  watch(
    [shop.needs, shop.phase],
    ([needs, phase]) => {
      document.title = needs.length > 0 ? t('app.badge', { n: needs.length }) : t('app.title')
      if (phase !== 'ready') return
      const all = needs.flatMap(({ card, needs: own }) =>
        own.map((need) => ({ need, key: `${card.order.id}:${need.kind}:${card.order.incidents?.length ?? 0}` })),
      )
      // What was there when the board opened has been seen by opening it.
      if (known) announce(all.filter(({ key }) => !known?.has(key)).map(({ need }) => need))
      known = new Set(all.map(({ key }) => key))
    },
    { immediate: true },
  )
  watch(shop.shop, () => (known = null))
  onScopeDispose(() => (document.title = t('app.title')))
}

function announce(fresh: Need[]): void {
  if (fresh.length === 0) return
  const worst = (['alarm', 'warn', 'ask'] as const).find((level) => fresh.some((need) => need.level === level))
  chime(worst ?? 'ask')
}
