import { expect, test } from 'vitest';
import { outgoing } from '../../src/core/arrange.js';
import type { Request } from '../../src/core/http.js';
import type { Outgoing } from '../../src/core/resource.js';
import type { Callers, Credential, Transport, Wire } from '../../src/core/transport.js';
import { cleanUp } from '../../src/engine/clean-up.js';
import { createSession } from '../../src/engine/session.js';
import { resource } from '../support/subject.js';

const orders = resource();
const scope = { marker: 'm', uuid: 'u', int: 1, now: 'n', values: {} };
const clock = { nowUs: () => 0, wallMs: () => 0, sleep: async () => {} };
const place = { result: 'r', step: 's', attempt: 1, round: 0 };
const callers: Callers = async identity => ({ headers: [['as', identity ?? 'own']], query: [] });

/** An API that gives every create a new id of its caller, and deletes as it is told. */
function createStandIn(
  deletes: (as: string, path: string) => number = () => 204,
  onRace: (sync: unknown, sessions: unknown) => void = () => {},
) {
  const seen: string[] = [];
  let ids = 0;
  const wire = ({ method, path, body }: Request, { headers }: Credential): Wire => {
    const as = headers[0]?.[1] ?? 'nobody';
    seen.push(`${as} ${method} ${path}`);
    const status = method === 'DELETE' ? deletes(as, path) : 201;
    const text = JSON.stringify({ id: `${as}-${++ids}` });
    return {
      sync: null,
      request: { method, url: path, headers, body },
      response: { status, headers: [], body: text, bodyEncoding: 'utf8', bodyBytes: text.length, truncated: false },
      lost: null,
      lostDetail: null,
      sentAtUs: 0,
      writtenAtUs: 0,
      firstByteAtUs: 0,
      endAtUs: 0,
    };
  };
  const transport: Transport = {
    send: async (request, credential) => wire(request, credential),
    together: async (requests, _, credential, _signal, sync, sessions) => {
      onRace(sync, sessions);
      return { released: requests.map(request => wire(request, credential)), warmUps: [] };
    },
    ways: async () => ['single-packet', 'last-byte'],
    interrupt: async (request, _cut, _halfWayMs, credential) => wire(request, credential),
    close: async () => {},
  };
  const budgets = { maxRequests: null, maxTimeMs: null, maxLeftovers: null, rate: null };
  const { signal } = new AbortController();
  return { seen, session: createSession({ transport, clock, budgets, resources: [orders], signal }) };
}

function creating(identity?: string): Outgoing {
  if (orders.create === null) throw new Error('no create');
  return { ...outgoing(orders.create, scope), ...(identity === undefined ? {} : { identity }) };
}

test('a race goes out as one caller, whoever that is', async () => {
  const { seen, session } = createStandIn();
  await session.together([creating('other'), creating('other')], null, place, callers);
  expect(seen).toEqual(['other POST /orders', 'other POST /orders']);
  await expect(session.together([creating(), creating('other')], null, place, callers)).rejects.toThrow(RangeError);
});

test('what another caller created is deleted by that caller, what a built-in one did by the own', async () => {
  const { seen, session } = createStandIn();
  for (const identity of [undefined, 'other', 'garbage']) await session.send(creating(identity), place, callers);
  seen.length = 0;
  expect(await cleanUp(session, callers, 'http://x')).toEqual([]);
  expect(seen).toEqual(['own DELETE /orders/garbage-3', 'other DELETE /orders/other-2', 'own DELETE /orders/own-1']);
});

test("what another caller was shown of the run's own record is no leftover", async () => {
  const { session } = createStandIn(as => (as === 'other' ? 403 : 204));
  const own = await session.send(creating(), place, callers);
  session.ledger.observe(creating('other'), own);
  await session.send(creating('other'), place, callers);
  expect(await cleanUp(session, callers, 'http://x')).toEqual([
    { resource: 'order', id: 'other-2', url: 'http://x/orders/other-2' },
  ]);
});

test('the rounds of a race take turns: way by way, then over one session and over several; whole ones where asked', async () => {
  const described: unknown[] = [];
  const { session } = createStandIn(undefined, (sync, sessions) => described.push([sync, sessions]));
  for (let round = 0; round < 4; round++) {
    await session.together([creating(), creating()], null, { ...place, round }, callers);
  }
  await session.together([creating(), creating()], null, place, callers, true);
  expect(described).toEqual([
    ['single-packet', 'one'],
    ['last-byte', 'one'],
    ['single-packet', 'several'],
    ['last-byte', 'several'],
    ['barrier', 'one'],
  ]);
});
