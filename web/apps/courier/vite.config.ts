import { defineConfig } from 'vite'
import { appConfig } from '../../tools/app.ts'

export default defineConfig(
  appConfig({
    id: 'courier',
    name: '花信 · 配送',
    shortName: '花信配送',
    description: '今天要送的每一站,一只手就够。',
    port: 5174,
  }),
)
