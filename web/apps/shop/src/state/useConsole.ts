import { useBoard, useHuaxin, useNow, type Board, type CourierView } from '@huaxin/sync'
import { computed, inject, provide, ref, type InjectionKey } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { grouped, type Group } from '../board/groups'
import { needy, tight } from '../board/needs'
import { withPending } from '../board/pending'
import { search } from '../board/search'
import { throttled } from './throttled'

const FRAME_MS = 200
const CLOCK_MS = 5_000

/** Everything the parts of the console share: the board as it is shown, what is searched for, which order is open. */
function makeConsole(shop: () => string) {
  const huaxin = useHuaxin()
  const router = useRouter()
  const route = useRoute()
  const live = useBoard(shop)
  const now = useNow(CLOCK_MS)
  const query = ref('')
  const board = throttled<Board | null>(() => live.board.value, FRAME_MS)

  const couriers = computed<CourierView[]>(() => board.value?.couriers ?? [])
  const waiting = computed(() => huaxin.outbox.pending.value.filter((row) => row.state === 'waiting'))
  const cards = computed(() => withPending(board.value?.orders ?? [], waiting.value, couriers.value))
  const etas = computed(() => board.value?.etas ?? {})
  const needs = computed(() => needy(cards.value, now.value))
  const soon = computed(() =>
    tight(cards.value, etas.value, now.value, new Set(needs.value.map(({ card }) => card.order.id))),
  )
  const groups = computed(() => grouped(cards.value))
  const found = computed(() => (query.value.trim() ? search(cards.value, query.value) : null))
  const counts = computed<Record<Group, number>>(
    () => Object.fromEntries(Object.entries(groups.value).map(([group, list]) => [group, list.length])) as never,
  )
  const byId = computed(() => new Map(cards.value.map((card) => [card.order.id, card])))

  const chosen = computed(() => (typeof route.params['id'] === 'string' ? route.params['id'] : ''))
  const open = (id: string): void => void router.push({ name: 'order', params: { id } })
  const close = (): void => void router.push({ name: 'board' })
  /** Order whose courier is being chosen; empty: no palette. */
  const assigning = ref('')

  return {
    shop,
    huaxin,
    now,
    query,
    phase: live.phase,
    live: live.live,
    batch: live.batch,
    board,
    couriers,
    cards,
    etas,
    needs,
    soon,
    groups,
    counts,
    found,
    byId,
    chosen,
    assigning,
    open,
    close,
  }
}

export type Console = ReturnType<typeof makeConsole>

const CONSOLE: InjectionKey<Console> = Symbol('console')

export function provideConsole(shop: () => string): Console {
  const made = makeConsole(shop)
  provide(CONSOLE, made)
  return made
}

export function useConsole(): Console {
  const found = inject(CONSOLE)
  if (!found) throw new Error('provideConsole() is missing')
  return found
}
