/*
 * Part of every application's service worker: what comes while no page is open. One notification an order (its
 * tag), the newest line last; a tap opens that order. Whoever looks at the order already is not disturbed.
 */
const LINES = 4
const BASE = new URL(self.registration.scope).pathname

self.addEventListener('push', (event) => event.waitUntil(told(event.data)))
self.addEventListener('notificationclick', (event) => {
  event.notification.close()
  event.waitUntil(open(event.notification.data?.url ?? BASE))
})
self.addEventListener('pushsubscriptionchange', (event) => event.waitUntil(renewed(event)))

async function told(data) {
  const notice = read(data)
  const windows = await pages()
  const isThere = (page) =>
    page.focused && page.visibilityState === 'visible' && new URL(page.url).pathname === notice.url
  const looking = Boolean(notice.order) && windows.some(isThere)
  if (!looking) await show(notice)
  await received(notice.receipt)
}

/** What cannot be read is still a reason to look: a browser that hears nothing shown takes pushes away. */
function read(data) {
  try {
    const notice = data.json()
    const url = typeof notice.url === 'string' && notice.url.startsWith(BASE) ? notice.url : BASE
    return { ...notice, url, title: String(notice.title || '花信'), body: String(notice.body || '') }
  } catch {
    return { title: '花信', body: '订单有新进展 · There is news of your order', tag: 'huaxin', url: BASE }
  }
}

let showing = Promise.resolve()

/**
 * One behind the other, and what is shown already is read before, never right after: Chromium takes away a
 * notification that is asked about while it is just being drawn.
 */
function show(notice) {
  showing = showing.catch(() => undefined).then(() => draw(notice))
  return showing
}

async function draw(notice) {
  const there = await self.registration.getNotifications()
  const before = there.find((one) => one.tag === notice.tag)
  const lines = [...(before?.data?.lines ?? []), notice.body].filter(Boolean).slice(-LINES)
  await self.registration.showNotification(notice.title, {
    body: lines.join('\n'),
    tag: notice.tag,
    renotify: true,
    lang: notice.lang,
    timestamp: notice.at,
    requireInteraction: Boolean(notice.urgent),
    icon: `${BASE}icon-192.png`,
    badge: `${BASE}icon-192.png`,
    data: { url: notice.url, order: notice.order, seq: notice.seq ?? 0, lines },
  })
  await self.navigator.setAppBadge?.(there.length + (before ? 0 : 1)).catch(() => undefined)
}

/** Tells the server that this device has it, so that nobody has to be called or written to. */
async function received(receipt) {
  if (!receipt) return
  await fetch('/api/pushed', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ receipt }),
  }).catch(() => undefined)
}

/** A page that is open goes there by itself and keeps what it holds; else a new one is opened. */
async function open(url) {
  const windows = await pages()
  const there = windows.find((page) => new URL(page.url).pathname === url)
  const page = there ?? windows.find((one) => one.visibilityState === 'visible') ?? windows[0]
  if (!page) return self.clients.openWindow(url)
  if (!there) page.postMessage({ type: 'huaxin:open', url })
  return page.focus().catch(() => undefined)
}

async function renewed(event) {
  const options = event.oldSubscription?.options ?? event.newSubscription?.options
  if (!event.newSubscription && options) await self.registration.pushManager.subscribe(options).catch(() => undefined)
  // Only a page is signed in: it tells the server the new address now, or at its next start.
  for (const page of await pages()) page.postMessage({ type: 'huaxin:push-changed' })
}

const pages = () => self.clients.matchAll({ type: 'window', includeUncontrolled: true })
