// The racy server of the bench, a process of its own: notes when each request was complete, and creates with a gap between
// check and set, one store per width of the gap, so that one burst is judged for all of them.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createSecureServer, createServer as createH2c } from 'node:http2';
import { createServer as createTls } from 'node:https';

/** Gaps between check and set, milliseconds; 0 is one turn of the event loop. */
export const WINDOWS = [0, 0.1, 0.5, 1, 2, 5];
const LIVES_S = 1800;
const REPLY = Buffer.from('{"id":"ord_1"}');

let bursts = new Map();
let stores = WINDOWS.map(() => new Set());
let waiting = [];

function spin() {
  const now = process.hrtime.bigint();
  const due = waiting.filter(({ at }) => at <= now);
  waiting = waiting.filter(({ at }) => at > now);
  for (const { run } of due) run();
  if (waiting.length > 0) setImmediate(spin);
}

function after(ms, run) {
  if (ms === 0) setImmediate(() => run());
  else if (ms > 2) setTimeout(() => run(), ms);
  else {
    waiting.push({ at: process.hrtime.bigint() + BigInt(Math.round(ms * 1e6)), run });
    if (waiting.length === 1) setImmediate(spin);
  }
}

function create(burst, key, done) {
  let open = 1;
  const end = () => --open === 0 && done();
  WINDOWS.forEach((ms, at) => {
    if (stores[at].has(key)) return;
    open += 1;
    after(ms, () => {
      stores[at].add(key);
      burst.created[at] += 1;
      end();
    });
  });
  end();
}

function handle(request, response) {
  const key = request.headers['idempotency-key'];
  const answer = () => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': REPLY.length });
    response.end(REPLY);
  };
  request.on('data', () => {});
  request.on('end', () => {
    if (key === undefined || request.method === 'GET') return answer();
    const burst = bursts.get(key) ?? { arrivals: [], created: WINDOWS.map(() => 0) };
    bursts.set(key, burst);
    burst.arrivals.push(process.hrtime.bigint());
    if (request.headers['x-racy'] === 'no') return answer();
    create(burst, key, answer);
  });
}

function control(request, response) {
  const seen = [...bursts].map(([key, { arrivals, created }]) => {
    const first = arrivals.reduce((least, at) => (at < least ? at : least), arrivals[0]);
    return { key, arrivedMs: arrivals.map(at => Number(at - first) / 1e6), created };
  });
  bursts = new Map();
  stores = WINDOWS.map(() => new Set());
  response.end(JSON.stringify(seen));
}

async function listen(server) {
  await new Promise(resolve => server.listen(0, '127.0.0.1', 1024, resolve));
  return server.address().port;
}

if (process.argv[2] !== undefined) {
  const [key, cert] = ['server.key.pem', 'server.pem'].map(name => readFileSync(`${process.argv[2]}/${name}`));
  const patient = { keepAliveTimeout: 120_000, requestTimeout: 0, noDelay: true };
  const streams = { settings: { maxConcurrentStreams: 250 } };
  const ports = {
    plain: await listen(createServer(patient, handle)),
    tls: await listen(createTls({ ...patient, key, cert }, handle)),
    h2c: await listen(createH2c(streams, handle)),
    h2: await listen(createSecureServer({ ...streams, key, cert, allowHTTP1: true }, handle)),
    control: await listen(createServer(control)),
  };
  process.send?.(ports);
  process.on('disconnect', () => process.exit(0));
  setTimeout(() => process.exit(0), LIVES_S * 1000).unref();
}
