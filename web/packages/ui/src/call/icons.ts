/** Drawn in strokes on 24 × 24, as all others. */
export const CALL_ICONS = {
  phone: 'M6 3.5h3l1.5 4-2 1.5a11 11 0 0 0 6 6l1.5-2 4 1.5v3a2 2 0 0 1-2 2A15.5 15.5 0 0 1 4 5.5a2 2 0 0 1 2-2Z',
  hang: 'M3 14.5c4.8-5 13.2-5 18 0l-1.8 3-4-1.4v-2.6a11 11 0 0 0-6.4 0v2.6l-4 1.4Z',
  video: 'M3 7h12v10H3zM15 11l6-3.5v9L15 13',
  video_off: 'M3 7h5M12 7h3v3.5M15 11l6-3.5v9l-2.5-1.4M15 15v2H3V7M3 3l18 18',
  mic: 'M12 3.5a3 3 0 0 1 3 3v5a3 3 0 0 1-6 0v-5a3 3 0 0 1 3-3ZM5.5 11.5a6.5 6.5 0 0 0 13 0M12 18v3',
  mic_off: 'M9 9v2.5a3 3 0 0 0 4.8 2.4M15 11V6.5a3 3 0 0 0-5.8-1M5.5 11.5a6.5 6.5 0 0 0 10.6 5M18.5 11.5a6.5 6.5 0 0 1-.6 2.6M12 18v3M3 3l18 18',
  flip: 'M4 9a8 8 0 0 1 14-3l2 2M20 3.500v4.500h-4.500M20 15a8 8 0 0 1-14 3l-2-2M4 20.500v-4.500h4.500',
  still: 'M4 8h3l2-3h6l2 3h3v11H4zM12 16.500a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7Z',
  torch: 'M8 3h8v4l-2 3v10h-4V10L8 7zM8 7h8M12 13v2',
  pip: 'M3 5h18v14H3zM12 12h7v5h-7z',
  speaker: 'M4 9.500v5h3.500L12 18.500v-13L7.500 9.500zM15.500 9a4 4 0 0 1 0 6M18 6.500a8 8 0 0 1 0 11',
  invite: 'M9 11.500a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7ZM3 19.500a6 6 0 0 1 12 0M18.500 8v6M15.500 11h6',
  down: 'm5 9 7 7 7-7',
  swap: 'M4 8h13l-3-3M20 16H7l3 3',
  large: 'M9 4H4v5M15 4h5v5M9 20H4v-5M15 20h5v-5',
  missed: 'M4 6l7 7 9-9M4 11V6h5M3 19c4.800-3 13.200-3 18 0',
  talk: 'M4 5h16v11H9l-5 4z',
} as const
export type CallIconName = keyof typeof CALL_ICONS
