/** Where a picture is on the screen: moved by x, y pixels from the middle, `scale` times as large as it fits. */
export interface View {
  scale: number
  x: number
  y: number
}

export const FITS: View = { scale: 1, x: 0, y: 0 }
const MOST = 6

/** Larger or smaller around a point (pixels from the middle of the screen). */
export function zoomed(view: View, factor: number, at: { x: number; y: number }): View {
  const scale = Math.min(MOST, Math.max(1, view.scale * factor))
  const ratio = scale / view.scale
  if (scale === 1) return FITS
  return { scale, x: at.x - (at.x - view.x) * ratio, y: at.y - (at.y - view.y) * ratio }
}

/** Never further than its edge. `size`: of the picture as it fits; `screen`: what it is seen through. */
export function held(view: View, size: Size, screen: Size): View {
  const most = (full: number, seen: number): number => Math.max(0, (full * view.scale - seen) / 2)
  const clamp = (value: number, by: number): number => Math.min(by, Math.max(-by, value))
  return {
    scale: view.scale,
    x: clamp(view.x, most(size.width, screen.width)),
    y: clamp(view.y, most(size.height, screen.height)),
  }
}

export interface Size {
  width: number
  height: number
}

/** As large as it fits into the screen, never larger than it is twice over. */
export function fitting(natural: Size, screen: Size): Size {
  if (!natural.width || !natural.height) return screen
  const scale = Math.min(screen.width / natural.width, screen.height / natural.height, 2)
  return { width: natural.width * scale, height: natural.height * scale }
}
