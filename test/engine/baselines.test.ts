import { expect, test } from 'vitest';
import type { Baseline } from '../../src/core/baseline.js';
import type { Operation } from '../../src/core/operation.js';
import type { Resource } from '../../src/core/resource.js';
import { createBaselines } from '../../src/engine/baselines.js';
import { plainBaseline } from '../../src/engine/preflight.js';
import { blindOracle } from '../../src/oracle/choose.js';
import { operation, resource } from '../support/subject.js';

const pay = operation('POST', '/orders/{id}/pay', 'action:pay');
const orders = resource();

/** Finds what it is told to, and notes what it was asked for. */
function createBench(troubles: Readonly<Record<string, Baseline['trouble']>> = {}, setUp: Baseline['trouble'] = null) {
  const asked: string[] = [];
  const find = async (of: Operation, within: Resource) => {
    asked.push(`${within.name} ${of.name}`);
    return { baseline: plainBaseline(of.name, troubles[of.name] ?? null), oracle: blindOracle };
  };
  return { asked, baselines: createBaselines(find, setUp) };
}

const on = (of: Operation | null, within = orders) => {
  if (of === null) throw new Error('no operation');
  return { operation: of, resource: within };
};

test('each preflight is run once, however many ask, and apart for resources that share a name of an operation', async () => {
  const { asked, baselines } = createBench();
  const other = resource({ name: 'other' });
  await Promise.all(
    [on(orders.create), on(orders.create), on(orders.update), on(other.create, other)].map(baselines.of),
  );
  await baselines.of(on(orders.remove));
  expect(asked).toEqual(['order POST /orders', 'other POST /orders']);
});

test('a case without effects of its own goes by the create, an action by its own once the create works', async () => {
  const { asked, baselines } = createBench();
  expect((await baselines.of(on(orders.read))).operation).toBe('POST /orders');
  expect((await baselines.of(on(pay))).operation).toBe(pay.name);
  expect(asked).toEqual(['order POST /orders', `order ${pay.name}`]);
  expect((await baselines.of(on(pay, resource({ create: null })))).operation).toBe(pay.name);
  expect((await baselines.of(on(orders.read, resource({ create: null })))).operation).toBe('GET /orders/{id}');
  expect((await baselines.of(on(operation('GET', '/health', 'other')))).trouble).toBeNull();
});

test('where the create cannot be judged nothing of its resource is, and nothing more is sent', async () => {
  const { asked, baselines } = createBench({ 'POST /orders': { reason: 'setup-no-id', args: {} } });
  expect((await baselines.of(on(pay))).trouble?.reason).toBe('setup-no-id');
  expect(asked).toEqual(['order POST /orders']);
});

test('where the set-up failed nothing is sent at all', async () => {
  const { asked, baselines } = createBench({}, { reason: 'setup-request-failed', args: {} });
  expect((await baselines.of(on(orders.create))).trouble?.reason).toBe('setup-request-failed');
  expect(asked).toEqual([]);
});

test('a count is made by the oracle that a preflight settled on, before that by the best there is', async () => {
  const { baselines } = createBench();
  expect(baselines.oracleOf(on(orders.create))).not.toBe(blindOracle);
  await baselines.of(on(orders.create));
  expect(baselines.oracleOf(on(orders.create))).toBe(blindOracle);
});
