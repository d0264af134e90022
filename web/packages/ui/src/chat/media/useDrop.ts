import { ref } from 'vue'

/** Files dragged over a place and let go there. */
export function useDrop(take: (files: File[]) => void) {
  const over = ref(false)
  let depth = 0
  const withFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') ?? false

  function left(): void {
    depth = 0
    over.value = false
  }
  const listeners = {
    dragenter: (event: DragEvent) => {
      if (!withFiles(event)) return
      event.preventDefault()
      depth += 1
      over.value = true
    },
    dragover: (event: DragEvent) => {
      if (withFiles(event)) event.preventDefault()
    },
    dragleave: () => {
      depth = Math.max(0, depth - 1)
      if (depth === 0) over.value = false
    },
    drop: (event: DragEvent) => {
      if (!withFiles(event)) return
      event.preventDefault()
      left()
      take([...(event.dataTransfer?.files ?? [])])
    },
  }
  return { over, listeners }
}
