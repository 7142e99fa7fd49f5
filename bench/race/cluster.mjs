// Two workers behind one port with one Redis: stores that are right or wrong in the ways seen in the field.
import cluster from 'node:cluster';
import { createServer } from 'node:http';
import { createServer as createH2c } from 'node:http2';
import { Redis } from 'ioredis';

const REPLY = Buffer.from('{"id":"ord_1"}');
const redisPort = Number(process.argv[2]);

/** What a worker does with a key; each counts what it created in Redis. */
const stores = redis => {
  const [memory, locks] = [new Set(), new Map()];
  const getThenSet = async key => {
    if ((await redis.get(`key:${key}`)) !== null) return;
    await redis.incr(`created:${key}`);
    await redis.setex(`key:${key}`, 60, '1');
  };
  return {
    'get-then-setex': getThenSet,
    'mutex-per-process': key => {
      const mine = (locks.get(key) ?? Promise.resolve()).then(() => getThenSet(key));
      locks.set(key, mine);
      return mine;
    },
    'memory-per-process': async key => {
      if (memory.has(key)) return;
      memory.add(key);
      await redis.incr(`created:${key}`);
    },
    'set-nx': async key => {
      if ((await redis.set(`key:${key}`, '1', 'EX', 60, 'NX')) !== null) await redis.incr(`created:${key}`);
    },
  };
};

function work() {
  const redis = new Redis({ port: redisPort, host: '127.0.0.1' });
  const by = stores(redis);
  const handle = (request, response) => {
    request.on('data', () => {});
    request.on('end', async () => {
      const { 'idempotency-key': key, 'x-store': store } = request.headers;
      if (key !== undefined && request.method === 'POST') await by[store](key);
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': REPLY.length });
      response.end(REPLY);
    });
  };
  const ports = {};
  const listening = (name, server) =>
    server.listen(0, '127.0.0.1', 1024, () => {
      ports[name] = server.address().port;
      if (Object.keys(ports).length === 2) process.send(ports);
    });
  listening('plain', createServer({ keepAliveTimeout: 120_000, requestTimeout: 0 }, handle));
  listening('h2c', createH2c({ settings: { maxConcurrentStreams: 250 } }, handle));
  process.on('disconnect', () => process.exit(0));
}

if (cluster.isPrimary) {
  const ready = [cluster.fork(), cluster.fork()].map(worker => new Promise(resolve => worker.once('message', resolve)));
  const [ports] = await Promise.all(ready);
  process.send?.(ports);
  process.on('disconnect', () => process.exit(0));
  setTimeout(() => process.exit(0), 1_800_000).unref();
} else work();
