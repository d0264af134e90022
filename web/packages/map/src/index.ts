import { defineAsyncComponent } from 'vue'

/** Fetches the map's program ahead of time: for a page whose next page shows one. */
export const fetchMap = () => import('./DeliveryMap.vue')
/** Fetched when first shown: a phone that shows no map does not pay for one. */
export const DeliveryMap = defineAsyncComponent(fetchMap)
export type { MapPin, MapRoute } from './canvas'
export { Glide, cut, metresBetween, projectOn, wayBetween } from './glide'
