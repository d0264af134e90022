import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  plugins: [vue()],
  test: {
    include: ['packages/*/test/**/*.test.ts', 'apps/*/test/**/*.test.ts'],
    environment: 'happy-dom',
    // Quicker to begin than a process for each file, and nothing here needs one.
    pool: 'threads',
    // Beside everything else that is tested, on two cores.
    testTimeout: 30_000,
    // Vant ships style imports that only the bundler understands.
    server: { deps: { inline: ['vant', 'element-plus'] } },
  },
})
