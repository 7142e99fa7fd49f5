import { expect, test } from 'vitest';
import type { Preflight } from '../../src/core/preflight.js';
import type { Operation } from '../../src/core/operation.js';
import type { Resource } from '../../src/core/resource.js';
import { createPreflights } from '../../src/engine/preflights.js';
import { plainPreflight } from '../../src/engine/preflight-of.js';
import { blindOracle } from '../../src/oracle/choose.js';
import { operation, resource } from '../support/subject.js';

const pay = operation('POST', '/orders/{id}/pay', 'action:pay');
const orders = resource();

/** Finds what it is told to, and notes what it was asked for. */
function createBench(
  troubles: Readonly<Record<string, Preflight['trouble']>> = {},
  setUp: Preflight['trouble'] = null,
) {
  const asked: string[] = [];
  const find = async (of: Operation, within: Resource) => {
    asked.push(`${within.name} ${of.name}`);
    return { preflight: plainPreflight(of.name, troubles[of.name] ?? null), oracle: blindOracle };
  };
  return { asked, preflights: createPreflights(find, setUp) };
}

const on = (of: Operation | null, within = orders) => {
  if (of === null) throw new Error('no operation');
  return { operation: of, resource: within };
};

test('each preflight is run once, however many ask, and apart for resources that share a name of an operation', async () => {
  const { asked, preflights } = createBench();
  const other = resource({ name: 'other' });
  await Promise.all(
    [on(orders.create), on(orders.create), on(orders.update), on(other.create, other)].map(preflights.of),
  );
  await preflights.of(on(orders.remove));
  expect(asked).toEqual(['order POST /orders', 'other POST /orders']);
});

test('a case without effects of its own goes by the create, an action by its own once the create works', async () => {
  const { asked, preflights } = createBench();
  expect((await preflights.of(on(orders.read))).operation).toBe('POST /orders');
  expect((await preflights.of(on(pay))).operation).toBe(pay.name);
  expect(asked).toEqual(['order POST /orders', `order ${pay.name}`]);
  expect((await preflights.of(on(pay, resource({ create: null })))).operation).toBe(pay.name);
  expect((await preflights.of(on(orders.read, resource({ create: null })))).operation).toBe('GET /orders/{id}');
  expect((await preflights.of(on(operation('GET', '/health', 'other')))).trouble).toBeNull();
});

test('of what may be repeated is learned what it moves on parents; where that fails, and without parents, it goes by the create', async () => {
  const within = resource({ name: 'line', parents: [orders] });
  const { asked, preflights } = createBench({ [within.remove?.name ?? '']: { reason: 'setup-no-id', args: {} } });
  const found = await preflights.of(on(within.remove, within));
  expect([found.trouble, found.seesElsewhere]).toEqual([null, undefined]);
  expect(asked).toEqual([`line ${within.create?.name}`, `line ${within.remove?.name}`]);
  await preflights.of(on(orders.remove));
  expect(asked.filter(one => one.includes('DELETE'))).toHaveLength(1);
  await preflights.of(on(within.replace, within));
  await preflights.of(on(orders.update));
  expect(asked.slice(2)).toEqual(['order POST /orders', `line ${within.replace?.name}`]);
});

test('where the create cannot be judged nothing of its resource is, and nothing more is sent', async () => {
  const { asked, preflights } = createBench({ 'POST /orders': { reason: 'setup-no-id', args: {} } });
  expect((await preflights.of(on(pay))).trouble?.reason).toBe('setup-no-id');
  expect(asked).toEqual(['order POST /orders']);
});

test('what is there as soon as its parent is, is seen as late as that', async () => {
  const placed: number[] = [];
  const find = async (of: Operation, _: Resource, placedLagMs: number) => {
    placed.push(placedLagMs);
    const preflight = { ...plainPreflight(of.name), lagMs: 300, settleMs: 900 };
    return { preflight, oracle: blindOracle };
  };
  const status = resource({ name: 'status', create: null, parents: [orders] });
  const found = await createPreflights(find, null).of(on(status.read, status));
  expect([found.operation, found.lagMs, found.settleMs]).toEqual(['GET /orders/{id}', 300, 900]);
  await createPreflights(find, null).of(on(operation('PATCH', '/orders/{order.id}', 'update'), status));
  expect(placed).toEqual([0, 0, 300]);
});

test('where the set-up failed nothing is sent at all', async () => {
  const { asked, preflights } = createBench({}, { reason: 'setup-request-failed', args: {} });
  expect((await preflights.of(on(orders.create))).trouble?.reason).toBe('setup-request-failed');
  expect(asked).toEqual([]);
});

test('a count is made by the oracle that a preflight settled on, before that by the best there is', async () => {
  const { preflights } = createBench();
  expect(preflights.oracleOf(on(orders.create))).not.toBe(blindOracle);
  await preflights.of(on(orders.create));
  expect(preflights.oracleOf(on(orders.create))).toBe(blindOracle);
});
