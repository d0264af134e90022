import { shallowRef } from 'vue'

/** The loudspeaker chosen on this page; '' is the device's own choice. */
export const sink = shallowRef('')
