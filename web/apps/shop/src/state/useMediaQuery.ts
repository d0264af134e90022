import { onScopeDispose, ref, type Ref } from 'vue'

export function useMediaQuery(query: string): Ref<boolean> {
  const media = matchMedia(query)
  const matches = ref(media.matches)
  const changed = (): void => void (matches.value = media.matches)
  media.addEventListener('change', changed)
  onScopeDispose(() => media.removeEventListener('change', changed))
  return matches
}
