import type { Address, PositionReport } from '@huaxin/sync'

const GATE_M = 60
/** Less exact than this, a phone cannot tell the gate from the street. */
const EXACT_M = 50

/** Whether this fix lies at the gate of an address (or its door, where no gate is known). */
export function atGate(fix: PositionReport | null, address: Address | null): boolean {
  const place = address?.gate ?? address?.point
  if (!fix || !place || (fix.accuracy_m ?? 0) > EXACT_M) return false
  const x = (place.lon - fix.lon) * Math.cos((place.lat * Math.PI) / 180)
  return Math.hypot(x, place.lat - fix.lat) * 111_320 <= GATE_M
}
