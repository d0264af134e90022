import { describe, expect, it } from 'vitest'
import { bytesOf, isReadUp } from '../src/push'
import type { MarksSignal } from '../src'

const marks = (received: number, read: number): MarksSignal => ({
  signal: 'marks',
  order: 'o-1',
  marks: { person: 'p', role: 'buyer', received, read },
})

describe('what another device did', () => {
  it('clears the badge when all that was received is read', () => {
    expect(isReadUp(marks(7, 7))).toBe(true)
  })
  it('leaves it when a push was only shown', () => {
    expect(isReadUp(marks(7, 5))).toBe(false)
  })
})

describe("the server's key", () => {
  it('is read from base64url without padding', () => {
    expect([...bytesOf('-_8')]).toEqual([251, 255])
    const key = 'BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4'
    expect(bytesOf(key).length).toBe(65)
  })
})
