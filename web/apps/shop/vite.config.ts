import { defineConfig } from 'vite'
import { appConfig } from '../../tools/app.ts'

export default defineConfig(
  appConfig({
    id: 'shop',
    name: '花信 · 花店',
    shortName: '花信花店',
    description: '先看要紧的,再看其余的。',
    port: 5175,
  }),
)
