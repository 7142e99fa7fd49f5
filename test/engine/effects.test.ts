import { expect, test } from 'vitest';
import { archiveSpec } from '../../fixtures/servers/archive.js';
import { readOnce, readSettled, type EffectsPorts } from '../../src/engine/effects.js';
import { listOracle } from '../../src/oracle/list/list.js';
import { createBench } from '../support/play-spec.js';
import { createCanned } from '../support/exchange.js';

const { answered } = createCanned();

/** Readings of so many scopes of one collection, and the requests they took. */
async function counted(scopes: number, read: typeof readOnce, standing: readonly string[] = [], readStatus = 200) {
  const { resource, tools } = createBench(archiveSpec(), () => ({ fetch: () => Promise.resolve(new Response()) }));
  const { create, list, ...rest } = resource('document');
  if (create === null || list === null) throw new Error('an archive has both');
  const within = { ...rest, create, list };
  const all = Array.from({ length: scopes }, () => tools.fresh());
  const documents = all.map(({ marker }, at) => ({ id: `d-${at}`, title: marker, pages: 3 }));
  const sent: string[] = [];
  const ports: EffectsPorts = {
    oracleOf: () => listOracle(list, 'shown'),
    send: async (outgoing, round, next) => {
      sent.push(next ?? outgoing.request.path);
      const isList = outgoing.operation === list.operation;
      return answered('seen', isList ? 200 : readStatus, { round, body: isList ? { documents } : { title: 'old' } });
    },
    runCommand: async () => ({ stdout: '', trouble: null }),
    sleep: async () => undefined,
    pause: async () => undefined,
    settleMs: 1,
    attempt: 1,
  };
  const asked = all.map(scope => ({
    round: 0,
    resource: within,
    operation: create,
    scope,
    seen: [],
    since: null,
    standing,
  }));
  return { readings: await read('seen', asked, ports), sent };
}

test('a list that shows the records of several scopes is asked for once, and each count names the request', async () => {
  const { readings, sent } = await counted(4, readOnce);
  expect(sent).toEqual(['/documents']);
  expect(readings.map(({ count }) => count)).toEqual([1, 1, 1, 1]);
  expect(new Set(readings.map(({ exchanges }) => JSON.stringify(exchanges))).size).toBe(1);
  expect(readings.map(({ exchanges }) => exchanges.length)).toEqual([1, 1, 1, 1]);
});

test('a later look asks again', async () => {
  const { readings, sent } = await counted(3, readSettled);
  expect(sent).toEqual(['/documents', '/documents']);
  expect(readings.map(({ exchanges }) => exchanges.length)).toEqual([2, 2, 2]);
});

test.each([
  ['shows a record that stands', 'd-0', 200, 1, undefined],
  ['leaves out one that stands', 'old', 200, null, 'records'],
  ['leaves out one that is gone', 'old', 404, 1, undefined],
  ['leaves out one that cannot be read now', 'old', 503, 1, undefined],
])('a list that %s', async (_, id, status, count, lacks) => {
  const { readings } = await counted(1, readOnce, [id], status);
  expect(readings.map(reading => [reading.count, reading.lacks])).toEqual([[count, lacks]]);
});
