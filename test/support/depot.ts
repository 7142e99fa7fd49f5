import { header, type Request } from '../../src/core/http.js';
import type { Reply, Server } from './drive.js';

/** A stored order: what was written, and how often. */
export interface Stored {
  readonly id: string;
  readonly fields: Record<string, unknown>;
  readonly version: number;
}

/** How a depot departs from one that keeps to HTTP. */
export interface DepotOptions {
  /** `late`: weak in the first second after a change, strong from then on. */
  readonly tag?: 'strong' | 'weak' | 'late' | 'none' | 'modified';
  readonly ifMatch?: 'checked' | 'ignored' | 'never';
  /** Status of a change without a version; absent = it is permitted. */
  readonly missing?: number;
  /** Status of a change that says what is there already, and leaves the version; absent = it is a change as any other. */
  readonly identical?: number;
  /** Answers in place of the depot, which can be let do its part first. */
  readonly bend?: (request: Request, usual: () => Reply, orders: Map<string, Stored>, nowUs: number) => Reply | null;
}

/** A store of orders in memory with versions; correct unless its options say otherwise. */
export function createDepot(options: DepotOptions = {}): Server {
  const { tag = 'strong', ifMatch = 'checked' } = options;
  const orders = new Map<string, Stored>();
  const times = new Map<string, number>();
  let made = 0;

  let moment = 0;
  const isYoung = ({ id }: Stored) => moment - (times.get(id) ?? 0) < 1_000_000;
  const tagOf = (order: Stored) => {
    const isWeak = tag === 'weak' || (tag === 'late' && isYoung(order));
    return `${isWeak ? 'W/' : ''}"v${order.version}"`;
  };
  const date = (us: number) => new Date(Date.UTC(2026, 0, 1) + Math.floor(us / 1_000_000) * 1000).toUTCString();
  const timeOf = ({ id }: Stored) => date(times.get(id) ?? 0);
  const labels = (order: Stored): readonly (readonly [string, string])[] => {
    if (tag === 'none') return [];
    if (tag === 'late') {
      return [
        ['ETag', tagOf(order)],
        ['Last-Modified', timeOf(order)],
        ['Date', date(moment)],
      ];
    }
    return [tag === 'modified' ? ['Last-Modified', timeOf(order)] : ['ETag', tagOf(order)]];
  };
  const shown = (order: Stored, status = 200): Reply => ({
    status,
    body: { id: order.id, ...order.fields },
    headers: [['content-type', 'application/json'], ...labels(order)],
  });
  const fieldsOf = (request: Request) => JSON.parse(request.body ?? '{}') as Record<string, unknown>;
  const store = (order: Stored, nowUs: number): Stored => {
    orders.set(order.id, order);
    times.set(order.id, nowUs);
    return order;
  };

  const precondition = (request: Request, order: Stored): Reply | null => {
    const [given, since] = [header(request, 'if-match'), header(request, 'if-unmodified-since')];
    const { missing } = options;
    if (given === null && since === null) return missing === undefined ? null : { status: missing, body: {} };
    if (ifMatch === 'ignored') return null;
    if (since !== null) return Date.parse(timeOf(order)) > Date.parse(since) ? { status: 412, body: {} } : null;
    if (tag === 'late' && given?.startsWith('W/') === true) return { status: 412, body: {} };
    return ifMatch === 'checked' && (given === '*' || given === tagOf(order)) ? null : { status: 412, body: {} };
  };

  const list = (): Reply => ({
    status: 200,
    body: { items: [...orders.values()].map(({ id, fields }) => ({ id, ...fields })) },
  });

  const usual = (request: Request, nowUs: number): Reply => {
    moment = nowUs;
    const path = request.path.split('?')[0] ?? request.path;
    if (request.method === 'OPTIONS') return { status: 204 };
    if (request.method === 'POST') {
      made += 1;
      return shown(store({ id: `a${made}`, fields: fieldsOf(request), version: 1 }, nowUs), 201);
    }
    if (path === '/orders') return list();
    const order = orders.get(decodeURIComponent(path.split('/').at(-1) ?? ''));
    if (order === undefined) return { status: 404, body: {} };
    if (request.method === 'GET') {
      return header(request, 'if-none-match') === tagOf(order) && tag !== 'none' ? { status: 304 } : shown(order);
    }
    if (request.method === 'HEAD') return { ...shown(order), body: '' };
    const refusal = precondition(request, order);
    if (refusal !== null) return refusal;
    if (request.method === 'DELETE') {
      orders.delete(order.id);
      return { status: 204 };
    }
    const kept = request.method === 'PATCH' ? order.fields : {};
    const fields = { ...kept, ...fieldsOf(request) };
    if (options.identical !== undefined && JSON.stringify(fields) === JSON.stringify(order.fields)) {
      return { ...shown(order, options.identical), ...(options.identical === 200 ? {} : { body: '' }) };
    }
    return shown(store({ ...order, fields, version: order.version + 1 }, nowUs));
  };

  return {
    handle: (request, nowUs) =>
      options.bend?.(request, () => usual(request, nowUs), orders, nowUs) ?? usual(request, nowUs),
    count: ({ scope }) => [...orders.values()].filter(({ fields }) => fields['reference'] === scope.marker).length,
  };
}
