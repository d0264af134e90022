/** The picture as it is now, for the conversation. Null: nothing is shown yet. */
export async function stillOf(video: HTMLVideoElement): Promise<{ blob: Blob; width: number; height: number } | null> {
  const { videoWidth: width, videoHeight: height } = video
  if (!width || !height) return null
  const canvas = Object.assign(document.createElement('canvas'), { width, height })
  canvas.getContext('2d')?.drawImage(video, 0, 0, width, height)
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/jpeg', 0.9))
  return blob ? { blob, width, height } : null
}

interface Box {
  width: number
  height: number
}

/**
 * Where a finger on the element is in the picture, 0…1 of its width and height; the element shows the picture
 * whole (`contain`) or filling it (`cover`). Null: beside the picture.
 */
export function inPicture(x: number, y: number, box: Box, picture: Box, fit: 'contain' | 'cover'): { x: number; y: number } | null {
  if (!picture.width || !picture.height || !box.width || !box.height) return null
  const scale = scaleOf(box, picture, fit)
  const at = {
    x: (x - (box.width - picture.width * scale) / 2) / (picture.width * scale),
    y: (y - (box.height - picture.height * scale) / 2) / (picture.height * scale),
  }
  return at.x < 0 || at.x > 1 || at.y < 0 || at.y > 1 ? null : at
}

/** The way back: pixels of the element, for a place in the picture. */
export function onElement(at: { x: number; y: number }, box: Box, picture: Box, fit: 'contain' | 'cover'): { x: number; y: number } {
  if (!picture.width || !picture.height) return { x: at.x * box.width, y: at.y * box.height }
  const scale = scaleOf(box, picture, fit)
  return {
    x: (box.width - picture.width * scale) / 2 + at.x * picture.width * scale,
    y: (box.height - picture.height * scale) / 2 + at.y * picture.height * scale,
  }
}

function scaleOf(box: Box, picture: Box, fit: 'contain' | 'cover'): number {
  const wide = box.width / picture.width
  const high = box.height / picture.height
  return fit === 'contain' ? Math.min(wide, high) : Math.max(wide, high)
}
