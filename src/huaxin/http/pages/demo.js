// The director's desk: shows the day as it goes, sets its speed, and who plays whom.
const $ = (id) => document.getElementById(id)
const zh = document.documentElement.lang.startsWith('zh')
const say = $('people').dataset
const speaks = (text) => (zh ? text.zh : text.en)
const rows = new Map()
let state
let heardAt = 0
let runningSpeed = 1
let dragging = false

// The slider runs from 1 to 60 as the ear hears loudness: slow speeds need the finer steps.
const toSpeed = (value) => Math.max(1, Math.round(60 ** (value / 100)))
const toValue = (speed) => Math.round((100 * Math.log(Math.max(1, speed))) / Math.log(60))

function make(tag, props, ...children) {
  const node = Object.assign(document.createElement(tag), props)
  node.append(...children)
  return node
}

async function ask(wish) {
  const options = wish
    ? { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(wish) }
    : {}
  try {
    const answer = await fetch('/api/demo', options)
    if (!answer.ok) throw new Error(String(answer.status))
    state = await answer.json()
    heardAt = performance.now()
    $('problem').hidden = true
    show()
  } catch {
    $('problem').textContent = say.lost
    $('problem').hidden = false
  }
}

function show() {
  if (state.speed) runningSpeed = state.speed
  const { pause, speed } = { pause: $('pause'), speed: $('speed') }
  pause.textContent = state.speed ? pause.dataset.stop : pause.dataset.go
  if (!dragging) {
    speed.value = toValue(runningSpeed)
    showSpeed(runningSpeed)
  }
  $('where').textContent = `${state.city} · ${speaks(state.shop)}`
  for (const [name, count] of Object.entries(state.counts)) $(name).textContent = count
  document.querySelector('.alarm').classList.toggle('some', state.counts.trouble > 0)
  state.people.forEach(showPerson)
  showClock()
}

function showSpeed(speed) {
  $('shown').textContent = `${speed}×`
  $('speed').setAttribute('aria-valuetext', `${speed}×`)
}

function showClock() {
  if (!state) return
  const now = state.now + (performance.now() - heardAt) * state.speed
  const format = { timeZone: state.time_zone, hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false }
  $('clock').textContent = new Intl.DateTimeFormat('zh-CN', format).format(now)
}

function showPerson(one, place) {
  const row = rows.get(one.person) ?? newRow(one)
  row.doing.textContent = speaks(one.doing)
  row.box.classList.toggle('taken', one.taken)
  const left = one.left_s ? ` · ${say.left.replace('{n}', Math.ceil(one.left_s / 60))}` : ''
  row.who.textContent = one.taken ? say.yours + left : ''
  row.button.textContent = one.taken ? say.back : say.take
  row.button.onclick = () => ask(one.taken ? { give_back: one.person } : { take: one.person })
  if ($('people').children[place] !== row.box && !$('people').contains(document.activeElement)) {
    $('people').insertBefore(row.box, $('people').children[place] ?? null)
  }
}

function newRow(one) {
  const row = { doing: make('p', {}), who: make('span', { className: 'who' }), button: make('button', { type: 'button' }) }
  const name = make('h3', {}, one.name, make('small', {}, `${speaks(one.work)} · ${one.phone}`))
  const link = make('a', { className: 'open', href: `/${one.role}/?phone=${one.phone}`, target: '_blank', rel: 'noopener' }, say.open)
  link.setAttribute('aria-label', `${say.open} ${one.name}`)
  row.button.setAttribute('aria-description', one.name)
  row.box = make('article', { className: 'person' }, name, make('div', {}, row.doing, row.who), make('div', { className: 'does' }, link, row.button))
  $('people').append(row.box)
  rows.set(one.person, row)
  return row
}

$('pause').onclick = () => ask({ speed: state?.speed ? 0 : runningSpeed })
$('speed').oninput = (event) => {
  dragging = true
  showSpeed(toSpeed(Number(event.target.value)))
}
$('speed').onchange = (event) => {
  dragging = false
  runningSpeed = toSpeed(Number(event.target.value))
  ask({ speed: runningSpeed })
}
ask()
setInterval(() => document.hidden || ask(), 1500)
setInterval(showClock, 250)
