// The reference API in a process of its own, on a Redis: PORT, REDIS_URL, PENDING_MS (Infinity = a mark without an end).
import { randomUUID } from 'node:crypto';
import { startReference } from '../../build/reference/serve.js';
import { createRedisStore } from '../../build/reference/stores/redis.js';

const [port, url, pendingMs] = process.argv.slice(2);
const store = await createRedisStore({ url, ids: randomUUID, pendingMs: Number(pendingMs) });
const choices = { workMs: 150 };
await startReference({ mounts: [{ prefix: '', flaw: null, choices, store }], port: Number(port) });
