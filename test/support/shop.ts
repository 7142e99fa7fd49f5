import { header, type Request } from '../../src/core/http.js';
import type { Counted } from '../../src/core/step.js';
import type { Reply, Server } from './drive.js';

interface Order {
  readonly id: string;
  amount: number;
  reference: string;
}

interface Stored {
  readonly body: string | null;
  readonly reply: Reply;
  readonly atUs: number;
}

/** How a shop departs from one that keeps to its word. */
export interface ShopOptions {
  readonly honoursKeys?: boolean;
  /** Seconds. */
  readonly ttl?: number;
  readonly onMismatch?: 'refuse' | 'execute' | 'replay' | 'overwrite' | 'forget' | 'refuse-after-commit';
  readonly requiresKey?: boolean;
  readonly isUnique?: boolean;
  readonly dedupes?: boolean;
  readonly replay?: (first: Reply, current: Order | undefined) => Reply;
  /** What a key on the wire is stored as; `null` = it is refused with 400, `undefined` = it is no key at all. */
  readonly keyOf?: (text: string) => string | null | undefined;
}

/** A shop of orders in memory, keyed by `Idempotency-Key`; correct unless its options say otherwise. */
export function createShop(options: ShopOptions = {}): Server {
  const { honoursKeys = true, ttl = Infinity, onMismatch = 'refuse', requiresKey = false } = options;
  const orders: Order[] = [];
  const stored = new Map<string, Stored>();

  const find = (request: Request) => orders.find(({ id }) => request.path === `/orders/${id}`);
  const shown = (order: Order): object => ({ ...order });

  const create = (request: Request): Reply => {
    const { amount, reference } = JSON.parse(request.body ?? '{}') as { amount: number; reference: string };
    const twin = orders.find(order => order.reference === reference);
    if (options.isUnique === true && twin !== undefined) return { status: 409, body: { error: 'duplicate' } };
    if (options.dedupes === true && twin !== undefined) return { status: 201, body: shown(twin) };
    const order = { id: String(orders.length + 1), amount, reference };
    orders.push(order);
    return { status: 201, body: shown(order) };
  };

  const mismatched = (request: Request, key: string, first: Stored): Reply => {
    const order = orders.find(({ id }) => JSON.stringify(first.reply.body).includes(`"id":"${id}"`));
    switch (onMismatch) {
      case 'refuse':
        return { status: 422, body: { error: 'key used with another payload' } };
      case 'execute':
        return create(request);
      case 'replay':
        return first.reply;
      case 'overwrite':
        if (order !== undefined) order.amount = (JSON.parse(request.body ?? '{}') as { amount: number }).amount;
        return { status: 422, body: {} };
      case 'forget':
        stored.delete(key);
        return { status: 422, body: {} };
      case 'refuse-after-commit':
        create(request);
        return { status: 409, body: {} };
    }
  };

  const post = (request: Request, nowUs: number): Reply => {
    const given = header(request, 'idempotency-key');
    const known = given === null || options.keyOf === undefined ? given : options.keyOf(given);
    if (given !== null && known === null) return { status: 400, body: { error: 'key invalid' } };
    const key = known ?? null;
    if (key === null || !honoursKeys) {
      return key === null && requiresKey ? { status: 400, body: { error: 'key missing' } } : create(request);
    }
    const first = stored.get(key);
    if (first !== undefined && nowUs - first.atUs < ttl * 1_000_000) {
      if (first.body !== request.body) return mismatched(request, key, first);
      const order = orders.find(({ id }) => JSON.stringify(first.reply.body).includes(`"id":"${id}"`));
      return options.replay?.(first.reply, order) ?? first.reply;
    }
    const reply = create(request);
    stored.set(key, { body: request.body, reply, atUs: nowUs });
    return reply;
  };

  return {
    handle(request, nowUs) {
      if (request.method === 'POST') return post(request, nowUs);
      const order = find(request);
      if (order === undefined) return { status: 404, body: {} };
      if (request.method === 'PATCH') Object.assign(order, JSON.parse(request.body ?? '{}'));
      return { status: 200, body: shown(order) };
    },
    count: ({ scope }: Counted) => orders.filter(({ reference }) => reference === scope.marker).length,
  };
}
