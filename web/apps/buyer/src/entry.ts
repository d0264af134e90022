/** By which door the application was entered: as oneself, or by a guest link to one order. */
export interface Entry {
  app: 'buyer' | 'guest'
  /** To be exchanged for a session; '' when there is none (any more). */
  token: string
}

const TOKEN = 'huaxin.guest.token'
const AS_GUEST = 'huaxin.as_guest'

interface Stores {
  local: Pick<Storage, 'getItem'>
  tab: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>
}

/**
 * `/o/{token}` is a guest link. The token is kept for this tab only and must leave the address bar at once: an
 * address is shown, shared, stored in histories and sent as a referrer.
 */
export function readEntry(path: string, { local, tab }: Stores): Entry {
  const link = /^\/o\/([A-Za-z0-9_~.-]+)\/?$/.exec(path)?.[1]
  if (link) {
    tab.setItem(TOKEN, link)
    tab.setItem(AS_GUEST, 'yes')
    return { app: 'guest', token: link }
  }
  if (/^\/buyer\/guest\/?$/.test(path)) return { app: 'guest', token: tab.getItem(TOKEN) ?? '' }
  const order = /^\/buyer\/orders\/([A-Za-z0-9_-]+)\/?$/.exec(path)?.[1]
  if (order && order === guestOrder(local.getItem('huaxin.guest.me'))) {
    // The same address may be one's own order: then only the tab that came by the link stays a guest.
    const signedIn = local.getItem('huaxin.buyer') !== null
    if (!signedIn || tab.getItem(AS_GUEST) === 'yes') return { app: 'guest', token: '' }
  }
  tab.removeItem(AS_GUEST)
  return { app: 'buyer', token: '' }
}

export function forgetToken(tab: Pick<Storage, 'removeItem'>): void {
  tab.removeItem(TOKEN)
}

function guestOrder(me: string | null): string {
  try {
    return me ? ((JSON.parse(me) as { guest_order?: string }).guest_order ?? '') : ''
  } catch {
    return ''
  }
}
