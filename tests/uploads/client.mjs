// tus-js-client in a Node process: uploads one file, says what happens as lines of JSON.
import { createReadStream, statSync } from 'node:fs'
import { createRequire } from 'node:module'

const settings = JSON.parse(process.argv[2])
// The client the screens use, from where they have it.
const { Upload } = createRequire(`${settings.web}/package.json`)('tus-js-client')
const say = (event, more = {}) => process.stdout.write(`${JSON.stringify({ event, ...more })}\n`)

const upload = new Upload(createReadStream(settings.file), {
  endpoint: `${settings.url}/api/uploads`,
  uploadSize: statSync(settings.file).size,
  headers: { authorization: `Bearer ${settings.token}` },
  metadata: settings.metadata,
  chunkSize: settings.chunk,
  retryDelays: [100, 200, 300, 500, 500, 1000, 1000, 1000, 2000, 2000, 2000, 3000, 3000, 3000],
  onUploadUrlAvailable: () => say('created', { url: upload.url }),
  onProgress: (sent, total) => say('progress', { sent, total }),
  onShouldRetry: (error) => {
    say('retry', { message: String(error.message).slice(0, 120) })
    return true
  },
  onError: (error) => {
    say('failed', { message: String(error) })
    process.exit(1)
  },
  onSuccess: () => {
    say('done', { url: upload.url })
    process.exit(0)
  },
})
upload.start()
