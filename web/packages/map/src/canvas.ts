import L from 'leaflet'
import type { CityInfo, Point } from '@huaxin/sync'
import { DARK, LIGHT, labelRules, paintRules } from './basemap'
import { ahead, Glide, type GlideClock } from './glide'
import { isMoving, pinIcon, type PinKind, type PinLook } from './icons'

export interface MapPin {
  id: string
  kind: PinKind
  point: Point
  label: string
  tone: PinLook['tone']
  text?: string
  /** A name beside the mark. */
  caption?: string
  /** ms of the fix, for what moves. */
  at?: number
  /** Metres; drawn as a ring when the position is old. */
  accuracy?: number
  stale?: boolean
  selected?: boolean
  /** Left out when the map is fitted. */
  aside?: boolean
}

export interface MapRoute {
  id: string
  points: Point[]
  tone: PinLook['tone']
  dim?: boolean
}

export interface CanvasOptions {
  city: CityInfo | null
  english: boolean
  attribution: string
  coveredBelow: () => number
  onPick: (point: Point) => void
  onSelect: (id: string) => void
  onMoved: () => void
  onTrouble: () => void
}

interface Shown {
  marker: L.Marker
  glide: Glide | null
  ring: L.Circle | null
  look: string
}

type Protomaps = typeof import('protomaps-leaflet')
type BaseLayer = L.GridLayer & ReturnType<Protomaps['leafletLayer']>

const MIN_ZOOM = 11
const MAX_ZOOM = 18
const at = (p: Point): L.LatLngTuple => [p.lat, p.lon]
const clock: GlideClock = {
  now: () => performance.now(),
  frame: (step) => requestAnimationFrame(step),
  cancel: (id) => cancelAnimationFrame(id),
}

/** Leaflet and everything on it, apart from Vue: marks are moved, never made anew while they stay the same. */
export class DeliveryCanvas {
  private readonly map: L.Map
  private readonly pins = new Map<string, Shown>()
  private readonly lines = new Map<string, L.Polyline>()
  private readonly dark = matchMedia('(prefers-color-scheme: dark)')
  private readonly themeWatch: MutationObserver
  private readonly sizeWatch: ResizeObserver
  private readonly repaint = (): void => void this.paint()
  private layer: BaseLayer | null = null
  private layerUrl = ''
  private protomaps: Protomaps | null = null
  private current: MapPin[] = []
  private routes: MapRoute[] = []
  private english: boolean
  private over = false

  constructor(
    host: HTMLElement,
    private readonly options: CanvasOptions,
  ) {
    this.english = options.english
    this.map = L.map(host, {
      zoomControl: false,
      attributionControl: true,
      minZoom: MIN_ZOOM,
      maxZoom: MAX_ZOOM,
      zoomSnap: 0.5,
      keyboard: true,
    })
    this.map.attributionControl.setPrefix(false)
    const centre = options.city?.center
    this.map.setView(centre ? at(centre) : [31.23, 121.47], 14)
    this.map.on('click', (event) => options.onPick({ lat: event.latlng.lat, lon: event.latlng.lng }))
    // Enter on the focused map picks its middle: the keyboard's way to choose a point.
    host.addEventListener('keydown', (event) => {
      if (event.key === 'Enter' && event.target === host) options.onPick(this.middle())
    })
    this.map.on('dragstart', options.onMoved)
    host.addEventListener('wheel', options.onMoved, { passive: true })
    this.dark.addEventListener('change', this.repaint)
    this.themeWatch = new MutationObserver(this.repaint)
    this.themeWatch.observe(document.documentElement, { attributeFilter: ['data-theme'] })
    this.sizeWatch = new ResizeObserver(() => this.map.invalidateSize({ animate: false }))
    this.sizeWatch.observe(host)
    this.setCity(options.city)
  }

  destroy(): void {
    this.over = true
    this.dark.removeEventListener('change', this.repaint)
    this.themeWatch.disconnect()
    this.sizeWatch.disconnect()
    for (const { glide } of this.pins.values()) glide?.stop()
    this.map.remove()
  }

  setCity(city: CityInfo | null): void {
    if (!city?.tiles || city.tiles === this.layerUrl) return
    this.layerUrl = city.tiles
    void this.load(city).catch(() => this.options.onTrouble())
  }

  setEnglish(english: boolean): void {
    this.english = english
    void this.paint()
  }

  middle(): Point {
    const { lat, lng } = this.map.getCenter()
    return { lat, lon: lng }
  }

  centre(point: Point, zoom?: number): void {
    this.map.setView(at(point), zoom ?? Math.max(this.map.getZoom(), 15))
  }

  /** Everything that matters in view, above what covers the foot of the map. */
  fit(): void {
    const points = this.pointsToShow()
    if (points.length === 0) return
    const below = this.options.coveredBelow()
    this.map.fitBounds(L.latLngBounds(points), {
      paddingTopLeft: [40, 64],
      paddingBottomRight: [40, 32 + below],
      maxZoom: 16,
      animate: !reduced(),
    })
  }

  /** Fits again only if something has left the view (or the set of marks has changed). */
  keepInView(changed: boolean): void {
    const box = this.map.getBounds().pad(-0.06)
    if (changed || this.pointsToShow().some((point) => !box.contains(point))) this.fit()
  }

  draw(pins: MapPin[], routes: MapRoute[]): void {
    this.current = pins
    this.routes = routes
    const wanted = new Set(pins.map((pin) => pin.id))
    for (const [id, shown] of this.pins) {
      if (wanted.has(id)) continue
      shown.glide?.stop()
      shown.marker.remove()
      shown.ring?.remove()
      this.pins.delete(id)
    }
    for (const pin of pins) this.drawPin(pin)
    this.drawRoutes()
  }

  private drawPin(pin: MapPin): void {
    const look = JSON.stringify([pin.kind, pin.tone, pin.text, pin.caption, pin.selected, pin.stale])
    let shown = this.pins.get(pin.id)
    if (!shown) {
      shown = this.addPin(pin)
      this.pins.set(pin.id, shown)
    }
    if (shown.look !== look) {
      shown.marker.setIcon(pinIcon(pin))
      shown.look = look
    }
    shown.marker.setZIndexOffset(pin.selected ? 1000 : isMoving(pin.kind) ? 500 : 0)
    const element = shown.marker.getElement()
    // What is read out begins with what is seen.
    const label = pin.text ? `${pin.text} ${pin.label}` : pin.label
    element?.setAttribute('aria-label', label)
    element?.setAttribute('title', pin.label)
    if (shown.glide) shown.glide.to(pin.point, pin.at ?? Date.now(), this.roadFor(pin))
    else shown.marker.setLatLng(at(pin.point))
    this.drawRing(pin, shown)
  }

  private addPin(pin: MapPin): Shown {
    const marker = L.marker(at(pin.point), { icon: pinIcon(pin), keyboard: true, alt: pin.label, riseOnHover: true })
    marker.on('click', () => this.options.onSelect(pin.id))
    marker.addTo(this.map)
    const shown: Shown = { marker, glide: null, ring: null, look: '' }
    if (isMoving(pin.kind)) {
      shown.glide = new Glide(
        (point) => {
          marker.setLatLng(at(point))
          shown.ring?.setLatLng(at(point))
        },
        clock,
        reduced,
      )
    }
    return shown
  }

  private drawRing(pin: MapPin, shown: Shown): void {
    if (!pin.stale) {
      shown.ring?.remove()
      shown.ring = null
      return
    }
    const radius = Math.max(80, pin.accuracy ?? 0)
    shown.ring ??= L.circle(at(pin.point), { radius, className: 'hx-ring', interactive: false }).addTo(this.map)
    shown.ring.setRadius(radius)
  }

  private drawRoutes(): void {
    const wanted = new Set(this.routes.map((route) => route.id))
    for (const [id, line] of this.lines) {
      if (wanted.has(id)) continue
      line.remove()
      this.lines.delete(id)
    }
    for (const route of this.routes) {
      const className = `hx-route tone-${route.tone}${route.dim ? ' dim' : ''}`
      const line = this.lines.get(route.id)
      const points = ahead(route.points, this.bikeOn(route)).map(at)
      if (line && line.options.className === className) line.setLatLngs(points)
      else {
        line?.remove()
        const made = L.polyline(points, { className, interactive: false, weight: 5 })
        this.lines.set(route.id, made.addTo(this.map))
      }
    }
  }

  private bikeOn(route: MapRoute): Point | null {
    const rides = (pin: MapPin): boolean => pin.kind === 'bike' && (route.id === 'path' || route.id === `path:${pin.id}`)
    return this.current.find(rides)?.point ?? null
  }

  private roadFor(pin: MapPin): Point[] | null {
    const route = this.routes.find((one) => one.id === `path:${pin.id}`) ?? this.routes.find((one) => one.id === 'path')
    return route?.points ?? null
  }

  private pointsToShow(): L.LatLngTuple[] {
    return this.current.filter((pin) => !pin.aside).map((pin) => at(pin.point))
  }

  private async load(city: CityInfo): Promise<void> {
    // protomaps-leaflet reads Leaflet from the window.
    ;(globalThis as unknown as { L: typeof L }).L = L
    const [protomaps, { PMTiles }] = await Promise.all([import('protomaps-leaflet'), import('pmtiles')])
    if (this.over) return
    this.protomaps = protomaps
    const source = new PMTiles(new URL(city.tiles, location.origin).href)
    const header = await source.getHeader()
    const metadata = (await source.getMetadata().catch(() => ({}))) as { attribution?: string }
    if (this.over || this.layerUrl !== city.tiles) return
    this.layer?.remove()
    const palette = this.palette()
    this.layer = protomaps.leafletLayer({
      url: source as never,
      maxDataZoom: header.maxZoom,
      minZoom: MIN_ZOOM,
      maxZoom: MAX_ZOOM,
      backgroundColor: palette.earth,
      paintRules: paintRules(protomaps, palette),
      labelRules: labelRules(protomaps, palette, this.english),
      attribution: city.attribution || metadata.attribution || this.options.attribution,
      lang: this.english ? 'en' : 'zh',
    } as never) as BaseLayer
    this.map.getContainer().style.background = palette.earth
    this.layer.addTo(this.map)
  }

  private async paint(): Promise<void> {
    const { layer, protomaps } = this
    if (!layer || !protomaps) return
    const palette = this.palette()
    layer.paintRules = paintRules(protomaps, palette)
    ;(layer as unknown as { labelRules: unknown }).labelRules = labelRules(protomaps, palette, this.english)
    layer.backgroundColor = palette.earth
    this.map.getContainer().style.background = palette.earth
    layer.clearLayout()
    layer.rerenderTiles()
  }

  private palette(): typeof LIGHT {
    const chosen = document.documentElement.dataset['theme']
    const dark = chosen === 'dark' || (chosen !== 'light' && this.dark.matches)
    return dark ? DARK : LIGHT
  }
}

const reduced = (): boolean => matchMedia('(prefers-reduced-motion: reduce)').matches
