import { afterEach, describe, expect, it, vi } from 'vitest'
import { here } from '../src/chat/abilities/sharing'

type Ask = (done: PositionCallback, failed: PositionErrorCallback, options: PositionOptions) => void

/** Where a device without satellites says it is: by the networks around it, or not at all. */
function device(ask: Ask): ReturnType<typeof vi.fn> {
  const getCurrentPosition = vi.fn(ask)
  vi.stubGlobal('navigator', { geolocation: { getCurrentPosition } })
  return getCurrentPosition
}
const coords = { latitude: 30.2, longitude: 120.1, accuracy: 40 } as GeolocationCoordinates
const wrong = (code: number) => ({ code }) as GeolocationPositionError

describe('where this device is', () => {
  afterEach(() => vi.unstubAllGlobals())

  it('is asked of the networks when no satellite answers', async () => {
    const asked = device((done, failed, options) => {
      if (options.enableHighAccuracy) failed(wrong(3))
      else done({ coords, timestamp: 5 } as GeolocationPosition)
    })
    expect(await here()).toMatchObject({ lat: 30.2, lon: 120.1, accuracy: 40 })
    expect(asked).toHaveBeenCalledTimes(2)
  })

  it('is not asked twice of somebody who said no', async () => {
    const asked = device((_, failed) => failed(wrong(1)))
    await expect(here()).rejects.toMatchObject({ code: 1 })
    expect(asked).toHaveBeenCalledTimes(1)
  })

  it('cannot be asked of a device that never knows', async () => {
    vi.stubGlobal('navigator', {})
    await expect(here()).rejects.toThrow('no geolocation')
  })
})
