import { describe, expect, it } from 'vitest'
import { atGate } from '../src/run/gate'

const address = { text: '阳光小区', detail: '', note: '', point: { lat: 31, lon: 121 }, gate: { lat: 31.001, lon: 121 } }
const fix = (lat: number, accuracy_m = 8) => ({ at: 1, lat, lon: 121, accuracy_m, heading: -1, speed_kmh: -1, battery: -1, datum: 'wgs84' })

describe('the gate (TR-88)', () => {
  it('is asked about within 60 m of it, not of the door behind it', () => {
    expect(atGate(fix(31.0012), address)).toBe(true)
    expect(atGate(fix(31.0), address)).toBe(false)
    expect(atGate(fix(31.0), { ...address, gate: null })).toBe(true)
  })
  it('is not guessed from a vague position, or none', () => {
    expect(atGate(fix(31.001, 90), address)).toBe(false)
    expect(atGate(null, address)).toBe(false)
    expect(atGate(fix(31.001), null)).toBe(false)
  })
})
