import type { Feature, LabelRule, PaintRule } from 'protomaps-leaflet'
import type * as Protomaps from 'protomaps-leaflet'

/** Colours of the basemap: paper, water, green, and roads that stay behind what moves on them. */
export interface Palette {
  earth: string
  water: string
  waterLine: string
  green: string
  pitch: string
  farmland: string
  calm: string
  busy: string
  building: string
  buildingLine: string
  road: string
  roadBig: string
  casing: string
  path: string
  rail: string
  boundary: string
  text: string
  textQuiet: string
  textWater: string
  halo: string
}

export const LIGHT: Palette = {
  earth: '#F6F1E8',
  water: '#C9DEE8',
  waterLine: '#B4CFDC',
  green: '#DCE8CF',
  pitch: '#D2E2C4',
  farmland: '#EEEBD5',
  calm: '#F1EADF',
  busy: '#F0E6DD',
  building: '#E6DDCF',
  buildingLine: '#D8CDBC',
  road: '#FFFFFF',
  roadBig: '#FBE9C6',
  casing: '#DDD3C3',
  path: '#D9CBB6',
  rail: '#C4BBAD',
  boundary: '#C9B9A5',
  text: '#4A453E',
  textQuiet: '#6E675E',
  textWater: '#4C7A92',
  halo: '#FBF8F3',
}

export const DARK: Palette = {
  earth: '#191B20',
  water: '#1E3340',
  waterLine: '#27404F',
  green: '#1E2A22',
  pitch: '#233127',
  farmland: '#20221F',
  calm: '#1D1F25',
  busy: '#212228',
  building: '#282B32',
  buildingLine: '#32353D',
  road: '#393D46',
  roadBig: '#4C473C',
  casing: '#14151A',
  path: '#343841',
  rail: '#3B3E45',
  boundary: '#4A4540',
  text: '#C9C3B9',
  textQuiet: '#9C968D',
  textWater: '#7FA9BF',
  halo: '#15161A',
}

const FONT = "'PingFang SC','HarmonyOS Sans SC','Noto Sans SC','Noto Sans CJK SC','Microsoft YaHei',sans-serif"

interface Width {
  classes: string[]
  /** Pixels at zoom 12, 14, 16, 18. */
  px: [number, number, number, number]
  big?: boolean
  minzoom: number
}

/** Drawn in this order: small ones first, so that big ones lie over them. */
const ROADS: Width[] = [
  { classes: ['service'], px: [0, 0.8, 3, 9], minzoom: 14 },
  { classes: ['residential'], px: [0.4, 1.6, 5, 14], minzoom: 13 },
  { classes: ['tertiary'], px: [0.8, 2.6, 7, 18], minzoom: 12 },
  { classes: ['secondary'], px: [1.2, 3.6, 9, 22], minzoom: 10 },
  { classes: ['primary'], px: [1.8, 4.6, 11, 26], big: true, minzoom: 10 },
  { classes: ['trunk', 'motorway'], px: [2.2, 5.2, 12, 28], big: true, minzoom: 10 },
]

const between = (z: number, px: [number, number, number, number]): number => {
  const at = Math.max(0, Math.min(3, (z - 12) / 2))
  const i = Math.min(2, Math.floor(at))
  const [a, b] = [px[i] ?? 0, px[i + 1] ?? 0]
  return a + (b - a) * (at - i)
}

const text = (feature: Feature | undefined, key: string): string => String(feature?.props[key] ?? '')
const isOf = (key: string, values: string[]) => (_: number, feature: Feature) => values.includes(text(feature, key))
const isNot = (key: string, values: string[]) => (_: number, feature: Feature) => !values.includes(text(feature, key))
const LINES = ['river', 'canal', 'stream', 'drain', 'ditch']
const BUSY = ['commercial', 'retail', 'hospital', 'school', 'industrial']

/** What is painted, bottom first. A basemap of roads only simply has fewer layers to draw. */
export function paintRules(p: typeof Protomaps, c: Palette): PaintRule[] {
  const fill = (dataLayer: string, color: string, filter?: PaintRule['filter'], minzoom?: number): PaintRule => ({
    dataLayer,
    symbolizer: new p.PolygonSymbolizer({ fill: color }),
    ...(filter ? { filter } : {}),
    ...(minzoom ? { minzoom } : {}),
  })
  const areas = (_: number, f: Feature): boolean => f.geomType === p.GeomType.Polygon
  const rules: PaintRule[] = [
    fill('landuse', c.calm, isNot('kind', BUSY)),
    fill('landuse', c.busy, isOf('kind', BUSY)),
    fill('green', c.green, isNot('kind', ['pitch', 'track', 'farmland'])),
    fill('green', c.farmland, isOf('kind', ['farmland'])),
    fill('green', c.pitch, isOf('kind', ['pitch', 'track'])),
    fill('water', c.water, areas),
    {
      dataLayer: 'water',
      symbolizer: new p.LineSymbolizer({ color: c.water, width: (z) => between(z, [1, 2, 4, 10]) }),
      filter: isOf('kind', LINES),
    },
    {
      dataLayer: 'building',
      symbolizer: new p.PolygonSymbolizer({ fill: c.building, stroke: c.buildingLine, width: 0.6 }),
      minzoom: 14,
    },
    {
      dataLayer: 'rail',
      symbolizer: new p.LineSymbolizer({ color: c.rail, width: (z) => between(z, [0.6, 1, 1.6, 3]), dash: [6, 3] }),
    },
    {
      dataLayer: 'boundary',
      symbolizer: new p.LineSymbolizer({ color: c.boundary, width: 1, dash: [4, 3] }),
    },
    {
      dataLayer: 'road',
      symbolizer: new p.LineSymbolizer({ color: c.path, width: (z) => between(z, [0, 0.6, 1.2, 3]), dash: [3, 2] }),
      filter: isOf('class', ['path', 'cycleway']),
      minzoom: 15,
    },
  ]
  const line = (road: Width, color: string, extra: number, bridge: boolean): PaintRule => ({
    dataLayer: 'road',
    symbolizer: new p.LineSymbolizer({
      color,
      width: (z) => {
        const width = between(z, road.px)
        return width > 0 ? width + extra : 0
      },
      lineCap: bridge ? 'butt' : 'round',
      lineJoin: 'round',
    }),
    filter: (_, f) => road.classes.includes(text(f, 'class')) && Boolean(f.props['bridge']) === bridge,
    minzoom: road.minzoom,
  })
  for (const bridge of [false, true]) {
    for (const road of ROADS) rules.push(line(road, c.casing, bridge ? 2.4 : 1.4, bridge))
    for (const road of ROADS) rules.push(line(road, road.big ? c.roadBig : c.road, 0, bridge))
  }
  return rules
}

/** Names, the ones that matter first. `english`: take name_en where there is one. */
export function labelRules(p: typeof Protomaps, c: Palette, english: boolean): LabelRule[] {
  const labelProps = english ? ['name_en', 'name'] : ['name']
  const place = (kinds: string[], size: number, weight: number, minzoom: number, maxzoom = 20): LabelRule => ({
    dataLayer: 'place',
    symbolizer: new p.CenteredTextSymbolizer({
      labelProps,
      font: `${weight} ${size}px ${FONT}`,
      fill: c.text,
      stroke: c.halo,
      width: 3,
      lineHeight: 1.3,
    }),
    filter: isOf('kind', kinds),
    minzoom,
    maxzoom,
  })
  const poi = (kinds: string[] | null, color: string, minzoom: number, size = 12): LabelRule => ({
    dataLayer: 'poi',
    symbolizer: new p.CenteredTextSymbolizer({
      labelProps,
      font: `500 ${size}px ${FONT}`,
      fill: color,
      stroke: c.halo,
      width: 3,
      lineHeight: 1.3,
    }),
    minzoom,
    ...(kinds ? { filter: isOf('kind', kinds) } : {}),
  })
  const street = (classes: string[], minzoom: number, size: number): LabelRule => ({
    dataLayer: 'road',
    symbolizer: new p.LineLabelSymbolizer({
      labelProps,
      font: `500 ${size}px ${FONT}`,
      fill: c.textQuiet,
      stroke: c.halo,
      width: 3,
      repeatDistance: 420,
    }),
    filter: isOf('class', classes),
    minzoom,
  })
  return [
    place(['city', 'town'], 18, 600, 10, 13),
    place(['borough', 'suburb', 'quarter'], 15, 600, 11, 15),
    place(['village', 'neighbourhood', 'hamlet', 'island'], 13, 500, 13),
    poi(['compound'], c.text, 15, 13),
    poi(['hospital', 'mall', 'park'], c.textQuiet, 15, 12),
    poi(['water'], c.textWater, 13, 13),
    street(['primary', 'secondary', 'trunk', 'motorway'], 13, 12),
    street(['tertiary'], 15, 12),
    street(['residential', 'service'], 16, 11),
    poi(['school', 'office'], c.textQuiet, 16, 12),
    poi(null, c.textQuiet, 17, 11),
  ]
}
