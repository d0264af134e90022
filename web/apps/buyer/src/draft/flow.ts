import { useHuaxin } from '@huaxin/sync'
import { useWords } from '@huaxin/ui'
import { computed, ref, watch } from 'vue'
import { useRouter } from 'vue-router'
import { useShelf } from '../shops'
import { missingIn, type CheckFacts, type Missing } from './check'
import { STEPS, totalOf, type Step } from './model'
import { daysOf, pricesOf } from './shelf'
import { useDraft } from './store'

/** What every step of ordering needs: the draft, prices, what is missing, and the way on. */
/** `soon`: can it be delivered right away; a step that does not know leaves it out. */
export function useStep(step: Step, soon: () => boolean | null = () => null) {
  const { t, zone } = useWords()
  const { clock } = useHuaxin()
  const router = useRouter()
  const { draft } = useDraft()
  const { catalogues, shops } = useShelf()

  const catalogue = computed(() => catalogues.get(draft.shop) ?? null)
  const shop = computed(() => catalogue.value?.shop ?? shops.value?.find((one) => one.id === draft.shop) ?? null)
  const prices = computed(() => pricesOf(catalogue.value?.products))
  const days = computed(() => daysOf(catalogue.value?.products ?? [], draft.lines))
  const total = computed(() => totalOf(draft, prices.value) + draft.fee - draft.voucher_off)
  /** Mistakes are shown only after the person wanted to go on. */
  const tried = ref(false)

  const facts = (): CheckFacts => ({
    products: catalogue.value ? new Set(prices.value.keys()) : null,
    now: clock.now(),
    soon: soon(),
    days: days.value,
    zone: zone.value,
  })
  const missing = computed<Missing[]>(() => missingIn(draft, step, facts()))
  const errorOf = (field: Missing['field']): string => {
    const found = tried.value ? missing.value.find((one) => one.field === field) : undefined
    return found ? t(found.word) : ''
  }
  const problem = computed(() => (tried.value && missing.value[0] ? t(missing.value[0].word) : ''))

  watch(missing, (now) => {
    if (now.length === 0) tried.value = false
  })

  /** True when nothing is missing; else the first field that is gets the focus. */
  function check(): boolean {
    tried.value = missing.value.length > 0
    if (tried.value) {
      requestAnimationFrame(() => document.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus())
    }
    return !tried.value
  }

  async function next(): Promise<void> {
    const after = STEPS[STEPS.indexOf(step) + 1]
    if (check() && after) await router.push({ name: 'new', params: { step: after } })
  }

  const goTo = (to: Step): Promise<unknown> => router.push({ name: 'new', params: { step: to } })

  return { draft, catalogue, shop, prices, days, total, missing, problem, errorOf, check, next, goTo }
}
