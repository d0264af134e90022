import type { Language } from './time'

/** 320 米 · 1.2 公里 */
export function distance(metres: number, language: Language): string {
  const zh = language === 'zh-CN'
  if (metres < 1000) {
    const rounded = metres < 100 ? Math.round(metres / 5) * 5 : Math.round(metres / 10) * 10
    if (rounded < 1000) return zh ? `${rounded} 米` : `${rounded} m`
  }
  const km = metres / 1000
  const figures = km < 10 ? km.toFixed(1) : String(Math.round(km))
  return zh ? `${figures} 公里` : `${figures} km`
}

/** fen → ¥128 or ¥128.50 */
export function money(fen: number): string {
  const yuan = fen / 100
  return `¥${Number.isInteger(yuan) ? yuan : yuan.toFixed(2)}`
}
