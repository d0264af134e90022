// Runs in every page: writes down what the screens' own state shows, as it shows it. Changes nothing.
;(() => {
  const found = () => {
    const provides = document.querySelector('#app')?.__vue_app__?._context.provides
    if (!provides) return null
    const key = Object.getOwnPropertySymbols(provides).find((one) => one.description === 'huaxin')
    return key ? provides[key] : null
  }
  const log = { lines: [], wrong: [] }
  const watch = { huaxin: found, log, order: '' }
  globalThis.__watch = watch
  let last = ''
  let events = null
  setInterval(() => {
    const huaxin = found()
    if (!huaxin) return
    const { word, way } = huaxin.wire.state.value
    const now = word === 'connected' ? (way?.transport ?? word) : word
    if (now !== last) log.lines.push([Date.now(), now])
    last = now
    if (!watch.order) return
    const room = huaxin.room(watch.order)
    const state = room.state.value
    if (!state || state.events === events) return
    events = state.events
    for (let at = 1; at < events.length; at += 1) {
      if (events[at].seq <= events[at - 1].seq) log.wrong.push(`disordered: ${events[at - 1].seq} before ${events[at].seq}`)
    }
    const ids = new Set(events.map((event) => event.command_id).filter(Boolean))
    for (const row of room.pending.value) {
      if (ids.has(row.command_id)) log.wrong.push(`doubled: ${row.command_id} is shown twice`)
    }
  }, 50)
})()
