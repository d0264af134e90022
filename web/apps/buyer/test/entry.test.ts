import { describe, expect, it } from 'vitest'
import { readEntry } from '../src/entry'

class Shelf {
  private readonly all = new Map<string, string>()
  constructor(start: Record<string, string> = {}) {
    for (const [key, value] of Object.entries(start)) this.all.set(key, value)
  }
  getItem = (key: string): string | null => this.all.get(key) ?? null
  setItem = (key: string, value: string): void => void this.all.set(key, value)
  removeItem = (key: string): void => void this.all.delete(key)
}

const ME = { 'huaxin.guest.me': JSON.stringify({ guest_order: 'order-1' }) }

describe('the door', () => {
  it('a guest link is taken from the path and kept for this tab, so that a reload finds it', () => {
    const tab = new Shelf()
    const local = new Shelf()
    expect(readEntry('/o/abc_-123', { local, tab })).toEqual({ app: 'guest', token: 'abc_-123' })
    expect(readEntry('/buyer/guest', { local, tab })).toEqual({ app: 'guest', token: 'abc_-123' })
  })

  it('an order of a guest session is opened as that guest', () => {
    const entry = readEntry('/buyer/orders/order-1', { local: new Shelf(ME), tab: new Shelf() })
    expect(entry.app).toBe('guest')
  })

  it('somebody signed in opens it as themselves, unless this tab came by the link', () => {
    const local = new Shelf({ ...ME, 'huaxin.buyer': '{}' })
    expect(readEntry('/buyer/orders/order-1', { local, tab: new Shelf() }).app).toBe('buyer')
    const tab = new Shelf({ 'huaxin.as_guest': 'yes' })
    expect(readEntry('/buyer/orders/order-1', { local, tab }).app).toBe('guest')
  })

  it('everything else is the buyer’s own', () => {
    const local = new Shelf(ME)
    expect(readEntry('/buyer/', { local, tab: new Shelf() }).app).toBe('buyer')
    expect(readEntry('/buyer/orders/other', { local, tab: new Shelf() }).app).toBe('buyer')
  })
})
