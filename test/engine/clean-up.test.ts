import { expect, test } from 'vitest';
import { outgoing } from '../../src/core/arrange.js';
import type { Resource } from '../../src/core/resource.js';
import { cleanUp } from '../../src/engine/clean-up.js';
import { createSession } from '../../src/engine/session.js';
import type { Request } from '../../src/core/http.js';
import { operation, resource } from '../support/subject.js';

const order = resource();
const below = (name: string): Resource =>
  resource({
    name,
    parents: [order],
    create: { ...operation('POST', `/${name}s`, 'create'), resource: name },
    remove: { ...operation('DELETE', `/${name}s/{id}`, 'delete'), resource: name },
  });
const [note, item] = [below('note'), below('item')];
const place = { result: 'r', step: 's', attempt: 1, round: 0 };

test('what lies below a resource goes before it, resources beside each other, records last created first', async () => {
  const deleted: string[] = [];
  let ids = 0;
  let [open, most] = [0, 0];
  const send = async ({ method, path, headers, body }: Request) => {
    if (method === 'DELETE') {
      most = Math.max(most, ++open);
      await new Promise(resolve => void setImmediate(resolve));
      deleted.push(path);
      open--;
    }
    const text = JSON.stringify({ id: String(++ids) });
    return {
      sync: null,
      request: { method, url: path, headers, body },
      response: {
        status: method === 'DELETE' ? 204 : 201,
        headers: [],
        body: text,
        bodyEncoding: 'utf8' as const,
        bodyBytes: text.length,
        truncated: false,
      },
      lost: null,
      lostDetail: null,
      sentAtUs: 0,
      writtenAtUs: 0,
      firstByteAtUs: 0,
      endAtUs: 0,
    };
  };
  const session = createSession({
    transport: {
      send,
      together: () => Promise.reject(new Error('no race here')),
      ways: async () => ['last-byte'],
      interrupt: () => Promise.reject(new Error('no cut here')),
      close: async () => {},
    },
    clock: { nowUs: () => 0, wallMs: () => 0, sleep: async () => {} },
    budgets: { maxRequests: null, maxTimeMs: null, maxLeftovers: null, rate: null },
    resources: [order, note, item],
    signal: new AbortController().signal,
  });
  const callers = async () => ({ headers: [], query: [] });
  for (const { create } of [order, note, order, item, note]) {
    if (create === null) throw new Error('no create');
    const scope = { marker: `m${ids}`, uuid: 'u', int: 1, now: 'n', values: { 'order.id': '1' } };
    await session.send(outgoing(create, scope), place, callers);
  }
  expect(await cleanUp(session, callers, 'http://x')).toEqual([]);
  expect(deleted).toEqual(['/notes/5', '/items/4', '/notes/2', '/orders/3', '/orders/1']);
  expect(most).toBe(2);
});
