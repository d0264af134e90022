import { onScopeDispose, computed, shallowRef, watch } from 'vue'
import { useRoute } from 'vue-router'
import { useHuaxin, type CallCard, type OrderRoom } from '@huaxin/sync'
import { isClosed } from './tones'

/** Before the first page is drawn nobody asks for more than it needs. */
const QUIET_MS = 5_000
const MOST = 3

/**
 * The orders whose calls ring on this screen: the one that is open, and those on their way, whatever page is shown.
 * A guest has one.
 */
export function useCallCards(guest: boolean) {
  const huaxin = useHuaxin()
  const route = useRoute()
  const listened = shallowRef<OrderRoom[]>([])
  let timer: ReturnType<typeof setTimeout> | undefined

  async function look(): Promise<void> {
    const { session, wire, api } = huaxin
    if (guest || !session.signedIn.value || !wire.connected) return
    const found = await api.query('list_orders', {}).catch(() => null)
    if (!found || !session.signedIn.value) return
    const ids = found.filter(({ order }) => !isClosed(order.status)).slice(0, MOST).map(({ order }) => order.id)
    for (const room of listened.value) if (!ids.includes(room.id)) room.close()
    listened.value = ids.map((id) => {
      const known = listened.value.find((room) => room.id === id)
      if (known) return known
      const room = huaxin.room(id)
      room.open()
      return room
    })
  }
  function lookSoon(): void {
    clearTimeout(timer)
    timer = setTimeout(() => void look(), QUIET_MS)
  }
  function leave(): void {
    for (const room of listened.value) room.close()
    listened.value = []
  }

  watch(() => [route.name, huaxin.session.person], lookSoon, { immediate: true })
  const stop = huaxin.wire.whenUp(lookSoon)
  watch(huaxin.session.signedIn, (now) => !now && leave())
  onScopeDispose(() => {
    clearTimeout(timer)
    stop()
    leave()
  })

  return computed<CallCard[]>(() => {
    const open = route.name === 'order' ? String(route.params['id'] ?? '') : ''
    const ids = new Set([...listened.value.map((room) => room.id), ...(open ? [open] : [])])
    return [...ids].flatMap((id) => {
      const state = huaxin.room(id).state.value
      return state ? [{ order: state.order, role: state.role, actions: state.actions }] : []
    })
  })
}
