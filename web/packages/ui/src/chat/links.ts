import type { Point } from '@huaxin/sync'

const fixed = (n: number): string => n.toFixed(6)

/**
 * Our positions are WGS-84; Amap draws in GCJ-02, half a kilometre off. `coordinate=wgs84` tells it to convert,
 * so nothing is converted twice.
 */
export function mapLink(point: Point, name: string): string {
  const query = new URLSearchParams({
    position: `${fixed(point.lon)},${fixed(point.lat)}`,
    name,
    coordinate: 'wgs84',
    src: 'huaxin',
    callnative: '1',
  })
  return `https://uri.amap.com/marker?${query}`
}

/** Turn-by-turn by bicycle to a point. */
export function navigationLink(point: Point, name: string): string {
  const query = new URLSearchParams({
    to: `${fixed(point.lon)},${fixed(point.lat)},${name.replaceAll(',', ' ')}`,
    mode: 'ride',
    coordinate: 'wgs84',
    src: 'huaxin',
    callnative: '1',
  })
  return `https://uri.amap.com/navigation?${query}`
}

/** For any navigation application the phone has; geo: is WGS-84 by definition. */
export function geoLink(point: Point, name: string): string {
  const at = `${fixed(point.lat)},${fixed(point.lon)}`
  return `geo:${at}?q=${at}(${encodeURIComponent(name)})`
}

/** Only what a telephone can dial; a masked number cannot be called. */
export function callLink(phone: string | undefined): string {
  return phone && /^\+?\d{5,15}$/.test(phone) ? `tel:${phone}` : ''
}
