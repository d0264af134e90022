import { defineConfig } from 'vite'
import { appConfig } from '../../tools/app.ts'

export default defineConfig(
  appConfig({
    id: 'buyer',
    name: '花信',
    shortName: '花信',
    description: '订一束花,一路看着它送到。',
    port: 5173,
  }),
)
