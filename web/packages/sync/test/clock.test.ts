import { describe, expect, it } from 'vitest'
import { ServerClock, Trouble } from '../src'
import { fromGateway, fromProblem } from '../src/trouble'

describe('the server clock', () => {
  it('is right although the device is three minutes slow', () => {
    let device = 1_000_000
    const clock = new ServerClock(() => device)
    clock.told(1_180_100, 1, 1_000_000, 1_000_200)
    device = 1_010_000
    expect(Math.abs(clock.now() - 1_190_000)).toBeLessThanOrEqual(100)
  })

  it('prefers the surer sample and follows a jump', () => {
    const clock = new ServerClock(() => 1000)
    clock.answered(2000, 990, 1010)
    clock.answered(5000, 0, 8000)
    expect(clock.now()).toBe(2000)
    clock.answered(99_000, 995, 1005)
    expect(clock.now()).toBe(99_000)
  })

  it('goes at the pace of a simulated day', () => {
    let device = 1000
    const clock = new ServerClock(() => device)
    clock.told(50_000, 10, 1000, 1000)
    device = 2000
    expect(clock.now()).toBe(60_000)
  })

  it('is never behind an event that was heard', () => {
    const clock = new ServerClock(() => 1000)
    clock.heard(4000)
    expect(clock.now()).toBe(4000)
    clock.heard(3000)
    expect(clock.now()).toBe(4000)
  })
})

describe('troubles', () => {
  it('a refusal is for good, silence and a busy server are not', () => {
    expect(new Trouble('order.illegal_move', 'x', 409).passing).toBe(false)
    expect(new Trouble('net.offline', '', 0).passing).toBe(true)
    expect(new Trouble('http.503', '', 503).passing).toBe(true)
  })

  it('carry the sentence of the gateway and of problem+json', () => {
    const gateway = fromGateway({ code: 1001, message: JSON.stringify({ code: 'order.not_yours', sentence: 'No.', status: 403, value: 7 }) })
    expect(gateway).toMatchObject({ code: 'order.not_yours', sentence: 'No.', status: 403, value: 7 })
    const http = fromProblem(429, { code: 'login.too_many', detail: 'Wait.', value: 30 })
    expect(http).toMatchObject({ code: 'login.too_many', sentence: 'Wait.', status: 429, value: 30 })
    expect(fromGateway({ code: 109, message: 'expired' }).unauthorized).toBe(true)
    expect(fromGateway({ code: 2, message: 'transport closed' }).passing).toBe(true)
  })
})
