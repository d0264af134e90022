import { defineAsyncComponent } from 'vue'

/** Fetched when first shown: a phone that shows no map does not pay for one. */
export const DeliveryMap = defineAsyncComponent(() => import('./DeliveryMap.vue'))
export type { MapPin, MapRoute } from './canvas'
export { Glide, cut, metresBetween, projectOn, wayBetween } from './glide'
