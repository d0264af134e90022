import { fileURLToPath } from 'node:url'
import vue from '@vitejs/plugin-vue'
import { VitePWA } from 'vite-plugin-pwa'
import type { Plugin, UserConfig } from 'vite'

/** What differs between the three applications. */
export interface AppFacts {
  /** Folder and first part of the address. */
  id: 'buyer' | 'courier' | 'shop'
  name: string
  shortName: string
  description: string
  port: number
}

const server = process.env['HUAXIN_SERVER'] ?? 'http://127.0.0.1:8000'
const out = (id: string): string =>
  fileURLToPath(new URL(`../../src/huaxin/http/static/${id}`, import.meta.url))

/** One Vite configuration for all three, so that they cannot drift apart. */
export function appConfig(facts: AppFacts): UserConfig {
  const base = `/${facts.id}/`
  return {
    base,
    root: fileURLToPath(new URL(`../apps/${facts.id}`, import.meta.url)),
    publicDir: fileURLToPath(new URL('../public', import.meta.url)),
    define: {
      // What is not used is not sent: no options API, no devtools, no message compiler's legacy half.
      __VUE_OPTIONS_API__: 'false',
      __VUE_PROD_DEVTOOLS__: 'false',
      __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false',
      __VUE_I18N_FULL_INSTALL__: 'false',
      __VUE_I18N_LEGACY_API__: 'false',
      __INTLIFY_PROD_DEVTOOLS__: 'false',
      __INTLIFY_DROP_MESSAGE_COMPILER__: 'false',
    },
    build: {
      outDir: out(facts.id),
      emptyOutDir: true,
      target: 'es2022',
      sourcemap: false,
      reportCompressedSize: true,
      chunkSizeWarningLimit: 900,
    },
    server: { port: facts.port, proxy: proxied() },
    plugins: [
      vue(),
      compiledAhead(),
      VitePWA({
        registerType: 'autoUpdate',
        injectRegister: false,
        manifest: {
          id: base,
          name: facts.name,
          short_name: facts.shortName,
          description: facts.description,
          lang: 'zh-CN',
          start_url: base,
          scope: base,
          display: 'standalone',
          background_color: '#FBF8F3',
          theme_color: '#FBF8F3',
          icons: [
            { src: `${base}icon-192.png`, sizes: '192x192', type: 'image/png' },
            { src: `${base}icon-512.png`, sizes: '512x512', type: 'image/png' },
            { src: `${base}icon-maskable.png`, sizes: '512x512', type: 'image/png', purpose: 'maskable' },
          ],
        },
        workbox: {
          // What comes while no page is open: web/public/push.js.
          importScripts: ['push.js'],
          globPatterns: ['**/*.{js,css,html,svg,woff2}'],
          navigateFallback: `${base}index.html`,
          // A page the server renders itself must never be answered from the shell.
          navigateFallbackAllowlist: [new RegExp(`^/${facts.id}/`)],
          cleanupOutdatedCaches: true,
          maximumFileSizeToCacheInBytes: 4_000_000,
          runtimeCaching: [
            {
              urlPattern: ({ url }) => url.pathname.startsWith('/pictures/'),
              handler: 'StaleWhileRevalidate',
              options: { cacheName: 'pictures', expiration: { maxEntries: 200 } },
            },
          ],
        },
      }),
    ],
  }
}

/**
 * Browsers read a function when it is first called: the first order one opens then waits a tenth of a second for its
 * own program. With this word at its head a file is read whole while it loads, beside the page's work. Browsers that
 * do not know it take it for a remark.
 */
function compiledAhead(): Plugin {
  return {
    name: 'compiled-ahead',
    apply: 'build',
    enforce: 'post',
    generateBundle: {
      order: 'post', // it must be the first line of the file
      handler(_, bundle) {
        for (const file of Object.values(bundle)) {
          if (file.type === 'chunk') file.code = `//# allFunctionsCalledOnLoad\n${file.code}`
        }
      },
    },
  }
}

function proxied(): Record<string, { target: string; ws?: boolean }> {
  const plain = ['/api', '/emulation', '/city', '/pictures']
  return {
    ...Object.fromEntries(plain.map((path) => [path, { target: server }])),
    '/connection': { target: server, ws: true },
  }
}
