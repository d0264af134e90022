import L from 'leaflet'

export type PinKind = 'shop' | 'home' | 'bike' | 'person' | 'stop' | 'pick'

const PATHS: Record<PinKind, string> = {
  shop: '<path d="M12 19v-7m0 4c-3 0-5-1.5-5.5-4 2.8 0 5 1 5.5 4Zm0-1.5c2.6 0 4.5-1.3 5-3.5-2.6 0-4.5 1-5 3.5Z"/><path d="M12 11c-2.6 0-4.5-1.8-4.5-4.7 1.5.1 2.400.6 3 1.300C10.6 6 11.2 4.9 12 4c.8.9 1.4 2 1.5 3.600.6-.7 1.5-1.2 3-1.300C16.5 9.2 14.6 11 12 11Z"/>',
  home: '<path d="m4 11 8-7 8 7M6 9.5V20h12V9.5M10 20v-6h4v6"/>',
  bike: '<path d="M5.5 18.5a2.7 2.7 0 1 0 0-5.4 2.7 2.7 0 0 0 0 5.400Zm13 0a2.7 2.7 0 1 0 0-5.4 2.7 2.7 0 0 0 0 5.400ZM8.2 15.8h4.600l3.700-4.300M15 6h2.300l1.2 7M10 9.5H4.5"/>',
  person: '<path d="M12 11.500a3.700 3.700 0 1 0 0-7.400 3.700 3.700 0 0 0 0 7.400Zm-7 8.500c.5-3.700 3.400-5.500 7-5.500s6.500 1.800 7 5.500"/>',
  stop: '<path d="M12 5v14M5 12h14"/>',
  pick: '<path d="m6 12 4 4 8-9"/>',
}

export const isMoving = (kind: PinKind): boolean => kind === 'bike' || kind === 'person'

export interface PinLook {
  kind: PinKind
  tone: 'rouge' | 'leaf' | 'amber' | 'cinnabar' | 'indigo' | 'ink'
  /** A few characters instead of the drawing: a stop's number. */
  text?: string
  /** A name beside the mark. */
  caption?: string
  selected?: boolean
  stale?: boolean
}

/** A mark as inline SVG: round for what moves, with a point below for what stands somewhere. */
export function pinIcon(look: PinLook): L.DivIcon {
  const moves = isMoving(look.kind)
  const classes = ['hx-pin', `tone-${look.tone}`, moves ? 'moves' : 'stands']
  if (look.selected) classes.push('selected')
  if (look.stale) classes.push('stale')
  const inner = look.text
    ? `<span class="hx-pin-text">${escape(look.text)}</span>`
    : `<svg viewBox="0 0 24 24" width="20" height="20" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">${PATHS[look.kind]}</svg>`
  const caption = look.caption ? `<span class="hx-pin-caption">${escape(look.caption)}</span>` : ''
  const size = moves ? 40 : 36
  return L.divIcon({
    className: '',
    html: `<div class="${classes.join(' ')}">${inner}${caption}</div>`,
    iconSize: [size, moves ? size : 44],
    iconAnchor: [size / 2, moves ? size / 2 : 44],
  })
}

const escape = (text: string): string => text.replaceAll(/[&<>"']/g, (c) => `&#${c.codePointAt(0)};`)
