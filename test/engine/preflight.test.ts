import { describe, expect, test } from 'vitest';
import type { Exchange } from '../../src/core/http.js';
import type { Reading } from '../../src/core/reading.js';
import type { Answer, Counted } from '../../src/core/step.js';
import { Trouble } from '../../src/core/trouble.js';
import { preflight, type PreflightSeen } from '../../src/engine/preflight.js';
import { reading } from '../support/evidence.js';
import { createCanned } from '../support/exchange.js';
import { operation, resource } from '../support/subject.js';

/** Plays the preflight of a create; `counts` tells what oracle `index` counts after so many creates. */
function play(
  counts: (index: number, creates: number, counted: Counted) => Partial<Reading> & { readonly count: number | null },
  {
    oracles = 1,
    status = 201,
    readableAtMs = 0,
    role = 'create',
  }: {
    readonly oracles?: number;
    readonly status?: number;
    readonly readableAtMs?: number;
    readonly role?: 'create' | 'action:pay';
  } = {},
): PreflightSeen {
  const { answered } = createCanned();
  const create = operation('POST', '/orders', 'create');
  const tested = role === 'create' ? create : operation('POST', '/orders/{id}/pay', role);
  let [index, made, keys, scopes, nowUs] = [0, 0, 0, 0, 0];
  const tools = {
    key: () => `k${++keys}`,
    fresh: () => ({ marker: `m${++scopes}`, uuid: 'u', int: 1, now: 'n', values: {} }),
  };
  const probe = preflight({ operation: tested, resource: resource({ create }) }, tools, oracles, at => (index = at));
  let turn = probe.next();
  while (turn.done !== true) {
    const step = turn.value;
    const isRead = step.kind === 'send' && step.outgoing.request.method === 'GET';
    const answer = isRead ? (nowUs >= readableAtMs * 1000 ? 200 : 404) : status;
    if (step.kind === 'send' && !isRead) made++;
    const exchanges: Exchange[] = step.kind === 'send' ? [answered(step.label, answer, { body: { id: made } })] : [];
    if (step.kind === 'later') nowUs = Math.max(nowUs, (step.sinceUs ?? nowUs) + step.ms * 1000);
    const readings =
      step.kind === 'effects'
        ? step.counted.map(one => ({ ...reading(step.label, null), ...counts(index, made, one) }))
        : [];
    const given: Answer = { exchanges, readings, nowUs };
    turn = probe.next(given);
  }
  return turn.value;
}

describe('an oracle', () => {
  test('that shows one and then two effects is trusted', () => {
    expect(play((_, creates) => ({ count: creates }))).toMatchObject({ oracle: 0, countsToTwo: true, lagMs: 0 });
  });

  test('that is stuck at one is not: it showed an effect before there was any', () => {
    expect(play(() => ({ count: 1 }))).toMatchObject({ oracle: -1, countsToTwo: false });
  });

  test('that never gets to two is used, and trusted with nothing', () => {
    expect(play((_, creates) => ({ count: Math.min(creates, 1), ids: ['same'] }))).toMatchObject({
      oracle: 0,
      countsToTwo: false,
    });
  });

  test('that sees nothing gives way to the next', () => {
    const seen = play((index, creates) => ({ count: index === 0 ? 0 : creates }), { oracles: 2 });
    expect(seen).toMatchObject({ oracle: 1, countsToTwo: true });
  });

  test('that lags is waited for, and the lag is told', () => {
    let looks = 0;
    const seen = play((_, creates, { seen: sent }) => ({ count: sent.length > 0 && ++looks <= 3 ? 0 : creates }));
    expect(seen.lagMs).toBeGreaterThan(0);
    expect(seen.countsToTwo).toBe(true);
  });
});

test('a record that can be counted before it can be read lags all the same', () => {
  const seen = play((_, creates) => ({ count: creates }), { readableAtMs: 300 });
  expect(seen.lagMs).toBeGreaterThanOrEqual(300);
});

test('a number that nobody can read yet is no start to count from', () => {
  const starts: (number | null)[] = [];
  const seen = play(
    (_, creates, { seen: sent, since }) => {
      if (sent.length > 0) starts.push(since?.value ?? null);
      return { count: null, kind: 'number', value: 100 + 5 * (creates - 1) };
    },
    { role: 'action:pay', readableAtMs: 300 },
  );
  expect(starts[0]).toBe(100);
  expect(seen).toMatchObject({ unit: 5, countsToTwo: true });
  expect(seen.lagMs).toBeGreaterThanOrEqual(300);
});

test.each([
  [401, 'setup-auth'],
  [404, 'setup-create-failed'],
  [307, 'setup-redirect'],
  [503, 'unavailable'],
])('a create answered with %i is trouble', (status, reason) => {
  expect(() => play(() => ({ count: 0 }), { status })).toThrow(Trouble);
  expect(() => play(() => ({ count: 0 }), { status })).toThrow(reason);
});
