/** A blurhash as a tiny picture: what stands in the place of a picture until it is there. */

const SIGNS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz#$%*+,-.:;=?@[]^_{|}~'

type Colour = [number, number, number]

function number(hash: string, from: number, to: number): number {
  let value = 0
  for (const sign of hash.slice(from, to)) value = value * 83 + SIGNS.indexOf(sign)
  return value
}

const linear = (value: number): number => {
  const part = value / 255
  return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
}
const byte = (value: number): number => {
  const part = Math.min(1, Math.max(0, value))
  return Math.round(255 * (part <= 0.0031308 ? part * 12.92 : 1.055 * part ** (1 / 2.4) - 0.055))
}
const signed = (value: number): number => Math.sign(value) * value * value

/** RGBA bytes of width × height, or null when this is no blurhash. */
export function decodeBlurhash(hash: string, width: number, height: number): Uint8ClampedArray | null {
  if (hash.length < 6 || [...hash].some((sign) => !SIGNS.includes(sign))) return null
  const size = number(hash, 0, 1)
  const [across, down] = [(size % 9) + 1, Math.floor(size / 9) + 1]
  if (hash.length !== 4 + 2 * across * down) return null
  const loudest = (number(hash, 1, 2) + 1) / 166
  const mean = number(hash, 2, 6)
  const colours: Colour[] = [[linear(mean >> 16), linear((mean >> 8) & 255), linear(mean & 255)]]
  for (let at = 1; at < across * down; at += 1) {
    const value = number(hash, 4 + at * 2, 6 + at * 2)
    const part = (one: number): number => signed((one - 9) / 9) * loudest
    colours.push([part(Math.floor(value / 361)), part(Math.floor(value / 19) % 19), part(value % 19)])
  }
  const pixels = new Uint8ClampedArray(width * height * 4)
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const sum: Colour = [0, 0, 0]
      for (let j = 0; j < down; j += 1) {
        for (let i = 0; i < across; i += 1) {
          const weight = Math.cos((Math.PI * x * i) / width) * Math.cos((Math.PI * y * j) / height)
          const colour = colours[i + j * across]!
          for (let c = 0; c < 3; c += 1) sum[c]! += colour[c]! * weight
        }
      }
      pixels.set([byte(sum[0]), byte(sum[1]), byte(sum[2]), 255], (y * width + x) * 4)
    }
  }
  return pixels
}

const made = new Map<string, string>()

/** As an address that an <img> or a background takes; empty when it cannot be drawn. */
export function blurhashUrl(hash: string | undefined): string {
  if (!hash) return ''
  const known = made.get(hash)
  if (known !== undefined) return known
  const [width, height] = [24, 24]
  const pixels = decodeBlurhash(hash, width, height)
  const canvas = globalThis.document?.createElement('canvas')
  const context = pixels ? canvas?.getContext('2d') : null
  let url = ''
  if (pixels && canvas && context) {
    canvas.width = width
    canvas.height = height
    const image = context.createImageData(width, height)
    image.data.set(pixels)
    context.putImageData(image, 0, 0)
    url = canvas.toDataURL()
  }
  if (made.size > 500) made.clear()
  made.set(hash, url)
  return url
}
