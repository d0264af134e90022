/** Part of the height that the sheet over the map takes at each rest, small to large. */
export const RESTS = [0.42, 0.7, 0.93] as const
