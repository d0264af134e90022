/** Loudness (0…100) as upright strokes of an SVG path; silence is a row of dots. */
export function wavePath(waveform: number[], bars: number, step: number, height: number): string {
  const strokes: string[] = []
  for (let at = 0; at < bars; at += 1) {
    const loud = waveform.length > 0 ? (waveform[Math.floor((at * waveform.length) / bars)] ?? 0) : 0
    const half = Math.max(0.5, (Math.min(100, loud) / 100) * (height / 2 - 2))
    const x = at * step + step / 2
    strokes.push(`M${x} ${(height / 2 - half).toFixed(1)}V${(height / 2 + half).toFixed(1)}`)
  }
  return strokes.join('')
}
