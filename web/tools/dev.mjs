// Development servers: `npm run dev` for all three, `npm run dev -- courier` for one.
// They pass /api, /connection and /city to a running server (HUAXIN_SERVER, default port 8000 of this machine).
import { createServer } from 'vite'
import { fileURLToPath } from 'node:url'

const wanted = process.argv.slice(2)
const apps = wanted.length > 0 ? wanted : ['buyer', 'courier', 'shop']

for (const app of apps) {
  const root = fileURLToPath(new URL(`../apps/${app}`, import.meta.url))
  const server = await createServer({ root, configFile: `${root}/vite.config.ts` })
  await server.listen()
  server.printUrls()
}
