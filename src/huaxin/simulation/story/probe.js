// Runs in every page of a story before the page's own code. Reads the screen; changes nothing on it.
(() => {
  const RealDate = Date
  const KEY = 'huaxin.story.shift'
  const told = Number(new URLSearchParams('__SHIFT__').get('ms') ?? 0)
  let shift = told
  try {
    // A page opened again goes on with the time it had.
    shift = Number(localStorage.getItem(KEY) ?? told)
  } catch {}
  // The device's clock goes with the story's day; `performance` stays the machine's own, for measuring.
  class StoryDate extends RealDate {
    constructor(...args) {
      if (args.length === 0) super(RealDate.now() + shift)
      else super(...args)
    }
    static now() {
      return RealDate.now() + shift
    }
  }
  globalThis.Date = StoryDate

  const machine = () => performance.timeOrigin + performance.now()
  const watches = new Map()
  const story = {
    acts: 0,
    /** When the last tap, click or key was given, by the machine's clock. */
    actedAt: 0,
    /** When frames with positions left this page. */
    reports: [],
    loads: performance.getEntriesByType('navigation').length,
    shiftTo(ms) {
      shift = ms
      try {
        localStorage.setItem(KEY, String(ms))
      } catch {}
    },
    arm(id, selector, text, exact) {
      const watch = { selector, text, exact, base: 0, at: 0 }
      // Without a text: whatever stands there becomes something else.
      watch.before = text ? '' : all(selector)
      watch.base = countOf(watch)
      watches.set(id, watch)
      return watch.base
    },
    /** When it was on the screen: 0 as long as it is not. */
    seen: (id) => watches.get(id)?.at ?? 0,
    texts: (selector) => [...document.querySelectorAll(selector)].filter(isShown).map(textOf),
  }
  globalThis.__story = story

  const textOf = (el) => (el.textContent ?? '').replace(/\s+/g, ' ').trim()
  const all = (selector) => [...document.querySelectorAll(selector)].map(textOf).join('|')
  const isShown = (el) => el.getClientRects().length > 0

  function countOf({ selector, text, exact }) {
    let n = 0
    for (const el of document.querySelectorAll(selector)) {
      const words = textOf(el)
      if ((exact ? words === text : words.includes(text)) && isShown(el)) n += 1
    }
    return n
  }

  function look() {
    for (const watch of watches.values()) {
      if (watch.at || watch.found) continue
      if (watch.text ? countOf(watch) <= watch.base : all(watch.selector) === watch.before) continue
      watch.found = true
      // In the next frame it is painted.
      const stamp = () => {
        watch.at ||= machine()
      }
      requestAnimationFrame(stamp)
      setTimeout(stamp, 250)
    }
  }
  new MutationObserver(look).observe(document, { subtree: true, childList: true, characterData: true, attributes: true })

  for (const kind of ['pointerup', 'click', 'keydown']) {
    addEventListener(
      kind,
      (event) => {
        story.actedAt = performance.timeOrigin + event.timeStamp
        if (kind !== 'pointerup') story.acts += 1
      },
      { capture: true, passive: true },
    )
  }
  const send = WebSocket.prototype.send
  WebSocket.prototype.send = function (data) {
    if (typeof data === 'string' && data.includes('report_positions')) story.reports.push(machine())
    return send.call(this, data)
  }
})()
