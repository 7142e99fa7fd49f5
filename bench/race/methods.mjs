// The ways to send N requests at once that are compared: what scripts do, what load tools do, and ours.
import { readFileSync } from 'node:fs';
import { Pool } from 'undici';
import { createTransport } from '../../build/transport/create-transport.js';

const NOBODY = { headers: [], query: [] };
const TLS = { insecure: true, ca: null, cert: null, key: null };

/** A body of so many kilobytes, or the usual one of about 100 bytes. */
export function bodyOf(kilobytes = 0) {
  const order = { customer: 'cus_8812', amount: 1999, currency: 'EUR', items: [{ sku: 'A-1', qty: 2 }] };
  return JSON.stringify(kilobytes === 0 ? order : { ...order, pad: 'x'.repeat(kilobytes * 1024) });
}

const headersOf = (key, more) => ({ 'content-type': 'application/json', 'idempotency-key': key, ...more });

/** Each opens for a target and a width, and hands back `burst(key)` and `close()`. */
export const methods = {
  async fetch({ url, width, body, headers }) {
    const one = key =>
      fetch(`${url}/orders`, { method: 'POST', body, headers: headersOf(key, headers) }).then(answer => answer.text());
    return { burst: key => Promise.all(Array.from({ length: width }, () => one(key))), close: async () => {} };
  },

  async pool({ url, width, body, headers }) {
    const pool = new Pool(url, { connections: width, pipelining: 1, connect: { rejectUnauthorized: false } });
    const one = async request => (await pool.request({ path: '/orders', ...request })).body.dump();
    const all = request => Promise.all(Array.from({ length: width }, () => one(request)));
    await all({ method: 'GET' });
    return {
      burst: key => all({ method: 'POST', body, headers: headersOf(key, headers) }),
      close: () => pool.close(),
    };
  },

  async autocannon({ url, width, body, headers }) {
    const { default: autocannon } = await import('../../.bench/node_modules/autocannon/autocannon.js');
    const settings = { url: `${url}/orders`, method: 'POST', body, connections: width, amount: width };
    return {
      burst: key => autocannon({ ...settings, headers: headersOf(key, headers) }),
      close: async () => {},
    };
  },

  barrier: target => ours({ ...target, sync: 'barrier' }),
  'last-byte': target => ours({ ...target, sync: 'last-byte' }),
  // Rounds of a run take turns among these two.
  'single-packet': target => ours({ ...target, sync: 'single-packet', sessions: 'one' }),
  'several packets': target => ours({ ...target, sync: 'single-packet', sessions: 'several' }),
};

async function ours({ url, width, body, headers, sync, sessions = 'several', h2c = false }) {
  const transport = createTransport({
    url,
    headers: [],
    userAgent: 'bench',
    nowUs: () => performance.now() * 1000,
    timeoutMs: 20_000,
    tls: TLS,
    sync,
    h2c,
  });
  const { signal } = new AbortController();
  const warmUp = { method: 'GET', path: '/orders', headers: [], body: null };
  return {
    async burst(key) {
      const lines = Object.entries(headersOf(key, headers));
      const request = { method: 'POST', path: '/orders', headers: lines, body };
      const requests = Array.from({ length: width }, () => request);
      const { released } = await transport.together(requests, warmUp, NOBODY, signal, sync, sessions);
      const odd = released.find(wire => wire.response === null || wire.sync !== sync);
      if (odd !== undefined) throw new Error(`${sync}: ${odd.lost ?? odd.sync} ${odd.lostDetail ?? ''}`);
    },
    close: () => transport.close(),
  };
}

// As a process of its own: the first burst of a fresh one. argv: method, url, width, h2c.
if (process.argv[1] === import.meta.filename) {
  const [name, url, width, h2c, key] = process.argv.slice(2);
  const opened = await methods[name]({ url, width: Number(width), body: bodyOf(), headers: {}, h2c: h2c === 'true' });
  await opened.burst(key);
  await opened.close();
}

/** Certificates of the tests. */
export const CERTIFICATES = new URL('../../fixtures/tls', import.meta.url).pathname;
export const read = name => readFileSync(`${CERTIFICATES}/${name}`);
