// The API's own page: reads openapi.json, shows it, and lets one try every operation. Needs nothing from outside.
const $ = (id) => document.getElementById(id)
let token = ''
let api

function make(tag, props = {}, ...children) {
  const { dataset, ...rest } = props
  const node = Object.assign(document.createElement(tag), rest)
  Object.assign(node.dataset, dataset ?? {})
  node.append(...children.filter((child) => child !== null && child !== undefined))
  return node
}

// randomUUID exists on secure pages only; a phone on the shop's own network may come by plain HTTP.
const newKey = () => [...crypto.getRandomValues(new Uint8Array(16))].map((one) => one.toString(16).padStart(2, '0')).join('')

// Types in words: short enough to read beside a field.
function words(schema, depth = 0) {
  if (!schema || Object.keys(schema).length === 0) return 'any'
  if (schema.$ref) {
    const name = schema.$ref.split('/').pop()
    const target = api.components.schemas[name]
    if (depth > 3 || !target) return name
    return target.enum ? target.enum.map((one) => JSON.stringify(one)).join(' | ') : shape(target, depth)
  }
  if (schema.enum) return schema.enum.map((one) => JSON.stringify(one)).join(' | ')
  if (schema.anyOf) return schema.anyOf.map((one) => words(one, depth)).join(' | ')
  if (schema.type === 'array') return `[${schema.prefixItems ? schema.prefixItems.map((one) => words(one, depth)).join(', ') : words(schema.items, depth)}]`
  if (schema.type === 'object') return schema.properties ? shape(schema, depth) : `{ [name]: ${words(schema.additionalProperties, depth)} }`
  return schema.type ?? 'any'
}

function shape(schema, depth) {
  const pad = '  '.repeat(depth + 1)
  const lines = Object.entries(schema.properties ?? {}).map(([name, one]) => {
    const open = (schema.required ?? []).includes(name) ? '' : '?'
    return `${pad}${name}${open}: ${words(one, depth + 1)}`
  })
  return lines.length ? `{\n${lines.join('\n')}\n${'  '.repeat(depth)}}` : '{}'
}

// A first body to change: the example if there is one, else the required fields left empty.
function firstBody(media) {
  if (media.example) return media.example
  const target = media.schema.$ref ? api.components.schemas[media.schema.$ref.split('/').pop()] : media.schema
  const empty = { string: '', integer: 0, number: 0, boolean: false, array: [], object: {} }
  return Object.fromEntries((target.required ?? []).map((name) => [name, empty[target.properties[name].type] ?? {}]))
}

function field(parameter) {
  const input = make('input', { name: parameter.name, required: parameter.required })
  input.dataset.place = parameter.in
  if (parameter.name === 'Idempotency-Key') input.value = newKey()
  if (parameter.example) input.placeholder = parameter.example
  const type = parameter.schema ? words(parameter.schema) : 'JSON'
  return make('label', {}, `${parameter.name}${parameter.required ? '' : ' (optional)'} · ${type}`, input)
}

async function send(method, path, form) {
  const query = new URLSearchParams()
  const headers = { accept: 'application/json' }
  for (const input of form.querySelectorAll('input[data-place]')) {
    if (!input.value) continue
    if (input.dataset.place === 'query') query.set(input.name, input.value)
    if (input.dataset.place === 'header') headers[input.name] = input.value
    if (input.dataset.place === 'path') path = path.replace(`{${input.name}}`, encodeURIComponent(input.value))
  }
  if (token) headers.authorization = `Bearer ${token}`
  const area = form.querySelector('textarea')
  if (area) headers['content-type'] = 'application/json'
  const started = performance.now()
  const response = await fetch(path + (query.size ? `?${query}` : ''), { method, headers, body: area?.value })
  const text = await response.text()
  const took = Math.round(performance.now() - started)
  // Done: the next press is another wish. After an error the same key makes the retry harmless.
  const key = form.querySelector('[name="Idempotency-Key"]')
  if (key && response.ok) key.value = newKey()
  let shown = text
  try { shown = JSON.stringify(JSON.parse(text), null, 2) } catch { /* not JSON: shown as it came */ }
  return { ok: response.ok, head: `${response.status} · ${took} ms`, shown, parsed: text }
}

function tryForm(method, path, operation) {
  const form = make('form')
  const parameters = (operation.parameters ?? []).map(field)
  if (parameters.length) form.append(make('h4', { textContent: 'Parameters' }), make('div', { className: 'fields' }, ...parameters))
  const media = operation.requestBody?.content['application/json']
  if (media) {
    const area = make('textarea', { value: JSON.stringify(firstBody(media), null, 2), spellcheck: false, ariaLabel: 'Body' })
    area.rows = Math.min(16, area.value.split('\n').length + 1)
    form.append(make('h4', { textContent: 'Body' }), area)
  }
  const answer = make('div', { className: 'answer', ariaLive: 'polite' })
  form.append(make('div', { className: 'row' }, make('button', { className: 'primary', textContent: 'Send' })), answer)
  form.addEventListener('submit', async (event) => {
    event.preventDefault()
    try {
      const result = await send(method.toUpperCase(), path, form)
      answer.className = `answer ${result.ok ? 'good' : 'bad'}`
      answer.replaceChildren(make('h4', { textContent: result.head }), make('pre', { textContent: result.shown }))
    } catch (error) {
      answer.className = 'answer bad'
      answer.replaceChildren(make('h4', { textContent: 'No answer' }), make('pre', { textContent: String(error) }))
    }
  })
  return form
}

function fill(body, method, path, operation) {
  body.append(tryForm(method, path, operation))
  const media = operation.requestBody?.content['application/json']
  if (media) body.append(make('h4', { textContent: 'Body type' }), make('pre', { textContent: words(media.schema) }))
  const good = operation.responses['200']?.content?.['application/json']
  if (good) body.append(make('h4', { textContent: 'Answer type' }), make('pre', { textContent: words(good.schema) }))
  const errors = Object.entries(operation.responses).filter(([status]) => status !== '200')
  const items = errors.map(([status, one]) => make('li', { textContent: `${status} ${one.description}` }))
  if (items.length) body.append(make('h4', { textContent: 'Errors (problem+json)' }), make('ul', { className: 'error-list' }, ...items))
}

function card(method, path, operation) {
  const body = make('div', { className: 'body' })
  const locked = (operation.security ?? []).length > 0 && !operation.security.some((one) => Object.keys(one).length === 0)
  const node = make(
    'details', { id: operation.operationId, dataset: { text: `${path} ${operation.summary}`.toLowerCase() } },
    make(
      'summary', {},
      make('span', { className: `verb ${method}`, textContent: method.toUpperCase() }),
      make('span', { className: 'path', textContent: path }),
      make('span', { className: 'words', textContent: operation.summary }),
      locked ? make('span', { className: 'lock', textContent: 'login needed' }) : null,
    ),
    body,
  )
  // Filled when opened: a hundred forms at once would be slow on a phone.
  node.addEventListener('toggle', () => { if (node.open && !body.hasChildNodes()) fill(body, method, path, operation) })
  return node
}

function showIntro() {
  const section = $('intro')
  section.replaceChildren(make('h1', {}, api.info.title, ' ', make('span', { className: 'version', textContent: api.info.version })))
  let list = null
  for (const block of api.info.description.split(/\n(?=- )|\n\n/)) {
    const plain = block.replace(/\n/g, ' ').replace(/\*\*|`/g, '')
    if (plain.startsWith('- ')) {
      list ??= section.appendChild(make('ul'))
      list.append(make('li', { textContent: plain.slice(2) }))
    } else section.append(make('p', { textContent: plain }))
  }
  section.append(make('p', {}, make('a', { href: '/api/openapi.json', textContent: 'openapi.json' })))
}

function showOperations() {
  for (const tag of api.tags) {
    const found = Object.entries(api.paths).flatMap(([path, item]) =>
      Object.entries(item).filter(([, one]) => one.tags.includes(tag.name)).map(([method, one]) => [method, path, one]))
    $('index').append(make('h3', { textContent: tag.name }), ...found.map(([, , one]) =>
      make('a', { href: `#${one.operationId}`, textContent: one.operationId })))
    $('operations').append(
      make('h2', { className: 'tag-title', textContent: tag.name }),
      make('p', { className: 'tag-words', textContent: tag.description }),
      ...found.map((one) => card(...one)),
    )
  }
}

function openNamed() {
  const node = location.hash && $(decodeURIComponent(location.hash.slice(1)))
  if (node?.tagName === 'DETAILS') { node.open = true; node.scrollIntoView() }
}

$('find').addEventListener('input', (event) => {
  const wanted = event.target.value.trim().toLowerCase()
  for (const node of document.querySelectorAll('details')) node.hidden = !node.dataset.text.includes(wanted)
  for (const link of document.querySelectorAll('nav a')) link.hidden = $(link.hash.slice(1)).hidden
})

async function post(path, body) {
  const response = await fetch(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })
  const value = await response.json()
  if (!response.ok) throw new Error(value.detail)
  return value
}

async function tell(work) {
  try { $('login-state').textContent = await work() } catch (error) { $('login-state').textContent = error.message }
}

$('send-code').addEventListener('click', () => tell(async () => {
  const form = $('login')
  const sent = await post('/api/login/code', { phone: form.phone.value })
  if (sent.dev_code) form.code.value = sent.dev_code
  return sent.dev_code ? `This server shows its codes: ${sent.dev_code}` : 'The code is on its way.'
}))

$('login').addEventListener('submit', (event) => {
  event.preventDefault()
  tell(async () => {
    const form = event.target
    const tokens = await post('/api/login', { phone: form.phone.value, code: form.code.value, device_name: 'API page' })
    token = tokens.access
    return `Logged in as ${tokens.person}, for ten minutes.`
  })
})

api = await (await fetch('/api/openapi.json')).json()
showIntro()
showOperations()
openNamed()
addEventListener('hashchange', openNamed)
