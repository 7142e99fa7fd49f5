import { expect, test } from 'vitest';
import type { Exchange } from '../../src/core/http.js';
import type { StoreEntry } from '../../src/core/transport.js';
import { watchStore } from '../../src/engine/watch-store.js';
import { createCanned } from '../support/exchange.js';
import { operation } from '../support/subject.js';

const HOUR = 3_600_000;
const scope = { marker: 'm', uuid: 'u', int: 1, now: 'n', values: {} };
const create = operation('POST', '/orders', 'create');

/** Watches a request during which the store shows these entries look by look, the last of them once it was answered. */
async function watched(...looks: readonly (readonly StoreEntry[])[]): Promise<readonly string[]> {
  const { answered } = createCanned();
  let at = 0;
  let answer: (exchange: Exchange) => void = () => {};
  const sent = new Promise<Exchange>(resolve => (answer = resolve));
  const step = { kind: 'watched', label: 'watched', key: 'k', round: 0 } as const;
  const outgoing = { operation: create, scope, request: create.build(scope) };
  const readings = await watchStore({ ...step, outgoing }, sent, {
    attempt: 1,
    clock: {
      sleep: async () => {
        if (at < looks.length - 1) return;
        answer(answered('watched', 201));
        await sent;
      },
    },
    lookIntoStore: async () => ({ entries: looks[Math.min(at++, looks.length - 1)] ?? [], trouble: null }),
  });
  return readings.map(({ step: name, ids, value }) => `${name.replace('watched ', '')} ${ids[0]} ${value}`);
}

const entry = (name: string, ttlMs: number): readonly StoreEntry[] => [{ name, ttlMs }];

test.each([
  [
    'a mark of its own, and the answer stored before it arrives',
    [entry('k:lock', 59), [...entry('k:lock', 58), ...entry('k', 24)], entry('k', 24)],
    ['pending k:lock 58', 'finished k 24'],
  ],
  [
    'an answer that never ends is no mark that never ends',
    [entry('k', 60), entry('k', 59), entry('k', -1), entry('k', -1), entry('k', -1)],
    ['pending k 59', 'finished k -1'],
  ],
  [
    'a mark that never ends, under the name of the answer',
    [entry('k', -1), entry('k', -1), entry('k', HOUR)],
    ['pending k -1', 'finished k 3600000'],
  ],
  ['an answer that never ends and nothing else', [entry('k', -1), entry('k', -1), entry('k', -1)], ['finished k -1']],
  ['an expiry set a moment after the entry', [entry('k', -1), entry('k', HOUR)], ['finished k 3600000']],
])('%s', async (_, looks, expected) => {
  expect(await watched(...looks)).toEqual(expected);
});
