import { describe, expect, test } from 'vitest';
import type { Exchange, Method } from '../../src/core/http.js';
import type { Counted } from '../../src/core/step.js';
import { readOnce } from '../../src/engine/effects.js';
import { listOracle } from '../../src/oracle/list/list.js';
import { createCanned } from '../support/exchange.js';
import { operation, resource } from '../support/subject.js';

const { answered } = createCanned();
const orders = resource();
const [create, list] = [operation('POST', '/orders', 'create'), operation('GET', '/orders', 'list')];
const scope = { marker: 'mk-1', uuid: 'u', int: 1, now: 'n', values: {} };
const counted: Counted = { round: 0, resource: orders, operation: create, scope, seen: [], since: null };

/** Counts by a list that answers with these statuses, one after the other, and shows one record. */
async function read(
  statuses: readonly number[],
  { method = 'GET', retryAfter = null }: { readonly method?: Method; readonly retryAfter?: string | null } = {},
) {
  const sent: Exchange[] = [];
  const pauses: number[] = [];
  const [reading] = await readOnce('count', [counted], {
    oracleOf: () => listOracle({ operation: list, items: null, filtered: false }),
    async send() {
      const status = statuses[sent.length] ?? 200;
      const body = status === 200 ? [{ id: 'a', reference: 'mk-1' }] : {};
      const headers: Exchange['request']['headers'] =
        retryAfter === null || status === 200 ? [] : [['retry-after', retryAfter]];
      sent.push(answered('list', status, { method, body, headers }));
      return sent.at(-1) ?? answered('list', 500);
    },
    runCommand: async () => ({ stdout: '', trouble: null }),
    sleep: async () => undefined,
    pause: async ms => void pauses.push(ms),
    settleMs: 500,
    attempt: 1,
  });
  return { count: reading?.count, exchanges: reading?.exchanges.length, sent: sent.length, pauses };
}

describe('a read of a count that is turned away', () => {
  test.each([429, 502, 503, 504])('%i is made again, and every one is recorded', async status => {
    const { count, exchanges, sent } = await read([status, status]);
    expect([count, exchanges, sent]).toEqual([1, 3, 3]);
  });

  test('waits as long as it is told, within reason, else longer each time', async () => {
    expect((await read([503, 503], { retryAfter: '2' })).pauses).toEqual([2000, 2000]);
    expect((await read([503], { retryAfter: '99999' })).pauses).toEqual([5000]);
    expect((await read([503, 503])).pauses).toEqual([500, 1000]);
  });

  test('counts nothing when it stays so', async () => {
    expect(await read([503, 503, 503, 503, 503])).toMatchObject({ count: null, sent: 4 });
  });

  test('is left alone where its method is none of a read', async () => {
    expect(await read([503, 503], { method: 'POST' })).toMatchObject({ count: null, sent: 1 });
  });

  test('another refusal is an answer', async () => {
    expect(await read([403])).toMatchObject({ count: null, sent: 1 });
  });
});
