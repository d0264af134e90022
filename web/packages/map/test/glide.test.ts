import { describe, expect, it } from 'vitest'
import type { Point } from '@huaxin/sync'
import { ahead, Glide, metresBetween, projectOn, wayBetween } from '../src/glide'

const p = (x: number, y: number): Point => ({ lat: 30 + y / 111_320, lon: 120 + x / (111_320 * Math.cos(Math.PI / 6)) })
/** An L of 100 m east and 100 m north. */
const road = [p(0, 0), p(100, 0), p(100, 100)]

describe('the bike', () => {
  it('turns at the corner instead of cutting it', () => {
    const way = wayBetween(p(50, 3), p(97, 50), road)
    const corner = way.some((point) => metresBetween(point, p(100, 0)) < 2)
    expect(corner).toBe(true)
  })

  it('goes straight when it is not on the road', () => {
    expect(wayBetween(p(0, 300), p(50, 400), road)).toHaveLength(2)
  })

  it('never rides backwards along the road', () => {
    expect(wayBetween(p(90, 0), p(20, 0), road)).toHaveLength(2)
  })

  it('projects to the nearest piece', () => {
    const found = projectOn(road, p(104, 40))
    expect(Math.round(found.along)).toBe(140)
    expect(Math.round(found.off)).toBe(4)
  })

  it('arrives at the fix, in steps', () => {
    let now = 0
    const steps: (() => void)[] = []
    const seen: Point[] = []
    const glide = new Glide(
      (point) => seen.push(point),
      { now: () => now, frame: (step) => steps.push(step), cancel: () => steps.splice(0) },
      () => false,
    )
    glide.to(p(0, 0), 1_000)
    glide.to(p(100, 0), 4_000)
    while (steps.length > 0) {
      now += 250
      steps.shift()?.()
    }
    expect(seen.length).toBeGreaterThan(8)
    expect(metresBetween(seen[seen.length - 1]!, p(100, 0))).toBeLessThan(0.5)
  })

  it('is simply there when motion is not wanted', () => {
    const seen: Point[] = []
    const glide = new Glide((point) => seen.push(point), { now: () => 0, frame: () => 0, cancel: () => undefined }, () => true)
    glide.to(p(0, 0), 1)
    glide.to(p(90, 0), 2)
    expect(seen).toHaveLength(2)
  })
})

describe('the road ahead', () => {
  it('begins at the bike, and stays whole for one that is not on it', () => {
    expect(metresBetween(ahead(road, p(60, 3))[0]!, p(60, 0))).toBeLessThan(1)
    expect(ahead(road, p(50, 80))).toBe(road)
    expect(ahead(road, null)).toBe(road)
  })
})
