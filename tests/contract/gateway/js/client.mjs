// The real client, driven by lines of JSON on stdin; what it sees goes to stdout, one event per line.
import readline from 'node:readline';
import { Centrifuge } from 'centrifuge';
import WebSocket from 'ws';
import EventSource from 'eventsource';

const settings = JSON.parse(process.argv[2]);
const base = `127.0.0.1:${settings.port}`;
const endpoints = {
  websocket: `ws://${base}/connection/websocket`,
  sse: `http://${base}/connection/sse`,
  http_stream: `http://${base}/connection/http_stream`,
};
const tell = (event, more = {}) => process.stdout.write(JSON.stringify({ event, ...more }) + '\n');

const options = {
  websocket: WebSocket,
  eventsource: EventSource,
  fetch,
  readableStream: ReadableStream,
  emulationEndpoint: `http://${base}/emulation`,
  minReconnectDelay: 50,
  maxReconnectDelay: 200,
  timeout: settings.timeout ?? 5000,
};
if (settings.token) options.token = settings.token;
if (settings.nextToken) options.getToken = async () => settings.nextToken;
// `transports` tries one after another; a wrong first one shows the fallback.
const order = settings.transports ?? [settings.transport];
const client = new Centrifuge(
  order.map((transport) => ({ transport, endpoint: settings.endpoints?.[transport] ?? endpoints[transport] })),
  options,
);
client.on('connecting', (c) => tell('connecting', c));
client.on('connected', (c) => tell('connected', c));
client.on('disconnected', (c) => tell('disconnected', c));
client.on('error', (c) => tell('error', { type: c.type, code: c.error?.code }));

const say = {
  connect: () => client.connect(),
  disconnect: () => client.disconnect(),
  subscribe({ channel, options: more }) {
    const sub = client.newSubscription(channel, {
      minResubscribeDelay: 50, maxResubscribeDelay: 200, joinLeave: true, ...more,
    });
    for (const name of ['subscribing', 'subscribed', 'unsubscribed']) {
      sub.on(name, (c) => tell(name, c));
    }
    sub.on('join', (c) => tell('join', c));
    sub.on('leave', (c) => tell('leave', c));
    sub.on('publication', (c) => tell('publication', { channel, offset: c.offset, data: c.data, info: c.info }));
    sub.on('error', (c) => tell('suberror', { code: c.error?.code }));
    sub.subscribe();
  },
  unsubscribe: ({ channel }) => client.getSubscription(channel).unsubscribe(),
  async publish({ channel, data }) { await client.publish(channel, data); },
  rpc: ({ method, data }) => client.rpc(method, data).then((r) => r.data),
  history: ({ channel, options: more }) => client.getSubscription(channel).history(more),
  presence: ({ channel }) => client.presence(channel),
  stats: ({ channel }) => client.presenceStats(channel),
  send: ({ data }) => client.send(data),
  // `size` bytes in one message
  big: ({ size }) => client.rpc('echo', 'x'.repeat(size)).then((r) => r.data.length),
};

readline.createInterface({ input: process.stdin }).on('line', async (line) => {
  const { do: what, tag, ...more } = JSON.parse(line);
  try {
    const result = await say[what](more);
    if (tag !== undefined) tell('result', { tag, result: result ?? null });
  } catch (error) {
    tell('failed', { tag, code: error.code, message: error.message, temporary: error.temporary ?? false });
  }
});
tell('ready');
