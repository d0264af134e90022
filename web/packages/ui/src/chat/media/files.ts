import type { Facts, Parcel, Purpose } from '@huaxin/sync'

export const MOST = 9
const MB = 1 << 20
const MOST_MB: Record<Purpose, number> = { voice: 25, picture: 60, proof: 60, video: 200, file: 200 }
const SAVER_SIDE = 1600
const PROOF_SIDE = 2048
const SAVER_FROM = 300 * 1024
const PICTURE_ENDINGS = /\.(jpe?g|png|gif|webp|heic|heif|avif|bmp)$/i
const VIDEO_ENDINGS = /\.(mp4|mov|m4v|webm|3gp|mkv)$/i

/** By type, or by the ending where a browser knows none (HEIC on most). */
export function purposeOf(file: File): Purpose {
  if (/^image\/(?!svg)/.test(file.type) || (!file.type && PICTURE_ENDINGS.test(file.name))) return 'picture'
  if (file.type.startsWith('video/') || (!file.type && VIDEO_ENDINGS.test(file.name))) return 'video'
  return 'file'
}

/** Why it cannot be sent, as a key of `media` with its number; null: it can. */
export function objection(file: File, purpose: Purpose): { key: string; n: number } | null {
  if (file.size === 0) return { key: 'media.empty', n: 0 }
  const most = MOST_MB[purpose]
  return file.size > most * MB ? { key: 'media.large', n: most } : null
}

/** As it goes out: size and length read where the browser can, smaller where data is dear. */
export async function parcelOf(file: File, purpose: Purpose, saver: boolean): Promise<Parcel> {
  if (purpose === 'picture' || purpose === 'proof') {
    // A proof holds up the step it belongs to: never larger than needs be.
    const side = purpose === 'proof' ? PROOF_SIDE : saver ? SAVER_SIDE : 0
    return { ...(await picture(file, side)), purpose }
  }
  if (purpose === 'video') return { blob: file, name: file.name, purpose, facts: await videoFacts(file) }
  return { blob: file, name: file.name, purpose }
}

async function picture(file: File, side: number): Promise<Omit<Parcel, 'purpose'>> {
  const plain = { blob: file as Blob, name: file.name }
  const size = await sizeOfPicture(file)
  if (!size) return plain
  const scale = side / Math.max(size.width, size.height)
  if (side === 0 || (scale >= 1 && file.size < SAVER_FROM) || file.type === 'image/gif') {
    return { ...plain, facts: size }
  }
  const image = await createImageBitmap(file).catch(() => null)
  if (!image) return { ...plain, facts: size }
  const by = Math.min(1, scale)
  const facts = { width: Math.round(image.width * by), height: Math.round(image.height * by) }
  const canvas = Object.assign(document.createElement('canvas'), facts)
  canvas.getContext('2d')?.drawImage(image, 0, 0, facts.width, facts.height)
  image.close()
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/jpeg', 0.82))
  if (!blob || blob.size >= file.size) return { ...plain, facts: size }
  return { blob, name: file.name.replace(/\.\w+$/, '') + '.jpg', facts }
}

/** Upright; from the head of the file, so nobody waits for it to be drawn. Null: the browser cannot show it. */
function sizeOfPicture(file: File): Promise<{ width: number; height: number } | null> {
  const image = new Image()
  const url = URL.createObjectURL(file)
  return new Promise<{ width: number; height: number } | null>((done) => {
    image.onload = () => done(image.naturalWidth ? { width: image.naturalWidth, height: image.naturalHeight } : null)
    image.onerror = () => done(null)
    image.src = url
  }).finally(() => URL.revokeObjectURL(url))
}

function videoFacts(file: File): Promise<Facts> {
  const video = document.createElement('video')
  const url = URL.createObjectURL(file)
  return new Promise<Facts>((done) => {
    const timer = setTimeout(() => done({}), 3000)
    const end = (facts: Facts): void => {
      clearTimeout(timer)
      done(facts)
    }
    video.preload = 'metadata'
    video.onloadedmetadata = () => {
      const { videoWidth: width, videoHeight: height, duration } = video
      end({ width, height, ...(Number.isFinite(duration) && { duration_ms: Math.round(duration * 1000) }) })
    }
    video.onerror = () => end({})
    video.src = url
  }).finally(() => {
    video.removeAttribute('src')
    URL.revokeObjectURL(url)
  })
}

/** 1:05, as every player says it. */
export function clockOf(ms: number): string {
  const s = Math.max(0, Math.round(ms / 1000))
  return `${Math.floor(s / 60)}:${String(s % 60).padStart(2, '0')}`
}

export function sizeOf(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`
  const kb = bytes / 1024
  if (kb < 1000) return `${Math.max(1, Math.round(kb))} kB`
  const mb = kb / 1024
  return `${mb < 10 ? mb.toFixed(1) : Math.round(mb)} MB`
}

/** Letters that say what a file is. */
export function kindOf(name: string, type: string): string {
  const ending = /\.([a-z0-9]{1,5})$/i.exec(name)?.[1]
  return (ending ?? type.split('/').pop() ?? '').slice(0, 5).toUpperCase()
}
