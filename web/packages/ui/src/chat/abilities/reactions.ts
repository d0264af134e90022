/** The marks offered with one tap, drawn the same on every device. Any other emoji is shown as it came. */
export const MARKS = [
  { emoji: '👍', key: 'like', path: 'M7 11v9H4v-9h3Zm0 0 3.2-7a2.2 2.2 0 0 1 2.3 2.6L12 10h5.6a2 2 0 0 1 2 2.4l-1.3 6a2 2 0 0 1-2 1.6H7' },
  { emoji: '❤️', key: 'love', path: 'M12 20s-7.8-4.8-7.8-10.4A4.4 4.4 0 0 1 12 7a4.4 4.4 0 0 1 7.8 2.6C19.8 15.2 12 20 12 20Z' },
  { emoji: '🌹', key: 'flower', path: 'M12 14.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5Zm0-5c-2.4-1.9-2.4-5.8 0-6 2.4.2 2.4 4.1 0 6Zm2.4 1.7c1.1-2.8 4.8-4 5.7-1.8.6 2.3-3.2 3.7-5.7 1.8Zm-.9 2.9c3 .2 5.3 3.3 3.5 4.9-2 1.3-4.4-1.9-3.5-4.9Zm-3 0c.9 3-1.5 6.2-3.5 4.9-1.8-1.6.5-4.7 3.5-4.9Zm-.9-2.9c-2.5 1.9-6.3.5-5.7-1.8.9-2.2 4.6-1 5.7 1.8Z' },
  { emoji: '😊', key: 'smile', path: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18Zm-4-7.5c2 3.3 6 3.3 8 0M9 9.2v.6m6-.6v.6' },
  { emoji: '👀', key: 'seen', path: 'M2.5 12S6 5.8 12 5.8 21.5 12 21.5 12 18 18.2 12 18.2 2.5 12 2.5 12Zm9.5 2.8a2.8 2.8 0 1 0 0-5.6 2.8 2.8 0 0 0 0 5.6Z' },
  { emoji: '✅', key: 'done', path: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18Zm-4.2-8.8 3 3 5.6-6.2' },
] as const

export const markOf = (emoji: string): (typeof MARKS)[number] | undefined =>
  MARKS.find((mark) => mark.emoji === emoji || mark.emoji.replace('\ufe0f', '') === emoji)
