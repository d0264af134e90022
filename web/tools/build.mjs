// Builds the three applications one after another: `npm run build`, or `npm run build -- courier` for one.
import { build } from 'vite'
import { fileURLToPath } from 'node:url'

const wanted = process.argv.slice(2)
const apps = wanted.length > 0 ? wanted : ['buyer', 'courier', 'shop']
process.env.NODE_ENV ??= 'production'

for (const app of apps) {
  const root = fileURLToPath(new URL(`../apps/${app}`, import.meta.url))
  console.log(`\n— ${app}`)
  await build({ root, configFile: `${root}/vite.config.ts`, logLevel: 'info' })
}
