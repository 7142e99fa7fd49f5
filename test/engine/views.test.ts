import { describe, expect, test } from 'vitest';
import { BOX_OFFICE, createBoxOffice, type Ways } from '../../fixtures/servers/box-office.js';
import { checks } from '../../src/checks/registry.js';
import { make, outgoing } from '../../src/core/arrange.js';
import type { Operation } from '../../src/core/operation.js';
import type { Resource } from '../../src/core/resource.js';
import { effects, send, type Probe } from '../../src/core/step.js';
import { observedIn } from '../../src/report/observed.js';
import { createBench, playSpec } from '../support/play-spec.js';

const on = (ways: Ways) => (sleep: (ms: number) => Promise<void>) => createBoxOffice({ ways, sleep });
const checksOf = (...ids: readonly string[]) => checks.filter(({ id }) => ids.includes(id));

/** What checks say of the operations of a box office: verdict, then codes of findings, of notes, or the reason. */
async function verdicts(ways: Ways, ids: readonly string[], wants: (operation: string) => boolean = () => true) {
  const { results, internalErrors, leftovers } = await playSpec(BOX_OFFICE, on(ways), checksOf(...ids), wants);
  expect(internalErrors).toEqual([]);
  expect(leftovers).toEqual([]);
  const described = results
    .filter(({ verdict }) => verdict !== 'not-applicable')
    .map(({ operation, verdict, reason, findings, notes }) => {
      const why = reason ?? [...findings, ...notes.filter(({ code }) => code !== 'race-power')].map(({ code }) => code);
      return [operation, [verdict, why].flat().join(' ')] as const;
    });
  return Object.fromEntries(described);
}

const ONCE = ['POST /tickets/{id}/cancel', 'POST /tickets/{id}/check-in'];
const OFTEN = ['POST /purses/{id}/withdraw', 'POST /purses/{id}/deposit'];
const PUBLISH = 'POST /shows/{id}/publish';
const BOOK = 'POST /tickets';
/** What is answered at once leaves no room for a repeat while it is at work. */
const QUICK = 'pass not-between';
const each = (operations: readonly string[], verdict: string) =>
  Object.fromEntries(operations.map(one => [one, verdict]));

describe('actions that nothing is said of', () => {
  const all = ['cancel', 'check-in', 'publish', 'deposit', 'withdraw'] as const;

  test('of a correct API pass; one that only turns a state does by the marker of its stored answer', async () => {
    expect(await verdicts({}, ['key-replay-no-duplicate'])).toEqual({
      ...each([...ONCE, ...OFTEN, BOOK], 'pass'),
      [PUBLISH]: 'pass turned-once',
    });
  });

  test('in a race pass where they can be counted, and stay open where only a state turns', async () => {
    expect(await verdicts({}, ['key-concurrent-single-effect'])).toEqual({
      ...each([...ONCE, ...OFTEN, BOOK], QUICK),
      [PUBLISH]: 'inconclusive oracle-uncontrolled',
    });
  });

  test('whose key is ignored fail, on whatever resource their effect is; a state that turns twice stays open', async () => {
    expect(await verdicts({ ignores: all }, ['key-replay-no-duplicate'])).toEqual({
      ...each([...ONCE, ...OFTEN], 'fail duplicate-created'),
      [BOOK]: 'pass',
      [PUBLISH]: 'inconclusive oracle-uncontrolled',
    });
  });

  test('whose key and state are looked at before the work fail in a race', async () => {
    expect(await verdicts({ races: all }, ['key-concurrent-single-effect'])).toEqual({
      ...each([...ONCE, ...OFTEN], 'fail duplicate-created'),
      [BOOK]: QUICK,
      [PUBLISH]: 'inconclusive oracle-uncontrolled',
    });
  });

  test('that are different all apply, or an update was lost', async () => {
    const isDeposit = (name: string) => name.endsWith('/deposit') || name.endsWith('/cancel');
    const ids = ['concurrent-distinct-all-apply'];
    expect(await verdicts({}, ids, isDeposit)).toEqual({
      'POST /purses/{id}/deposit': 'pass',
      'POST /tickets/{id}/cancel': 'pass one-at-a-time',
    });
    expect(await verdicts({ loses: ['deposit'] }, ids, isDeposit)).toMatchObject({
      'POST /purses/{id}/deposit': 'fail effects-lost',
    });
  });

  test('none of the other checks of keys is alarmed on a correct API', async () => {
    const ids = checks.filter(({ group }) => group === 'keys').map(({ id }) => id);
    const { results } = await playSpec(BOX_OFFICE, on({}), checksOf(...ids));
    const alarms = results.filter(({ verdict }) => verdict === 'fail' || verdict === 'warn');
    expect(alarms.map(({ id, findings }) => `${id} ${findings.map(({ code }) => code).join()}`)).toEqual([]);
  });
});

test('an effect that shows late is counted all the same', async () => {
  const check = ['key-replay-no-duplicate'];
  const isCheckIn = (name: string) => name.endsWith('/check-in');
  expect(await verdicts({ lagMs: 400 }, check, isCheckIn)).toEqual({ [ONCE[1] ?? '']: 'pass' });
  expect(await verdicts({ lagMs: 400, ignores: ['check-in'] }, check, isCheckIn)).toEqual({
    [ONCE[1] ?? '']: 'fail duplicate-created',
  });
});

test('points that a create gives the guest once more for a repeat are seen, although there is one record', async () => {
  const ids = ['key-replay-no-duplicate', 'key-concurrent-single-effect'];
  for (const id of ids) {
    expect(await verdicts({ halves: ['book'] }, [id], name => name === BOOK)).toEqual({
      [BOOK]: 'fail duplicate-created',
    });
  }
});

test('a verdict says what moved', async () => {
  const { results, exchanges } = await playSpec(
    BOX_OFFICE,
    on({ ignores: ['cancel'] }),
    checksOf('key-replay-no-duplicate'),
    name => name.endsWith('/cancel'),
  );
  const [result] = results.filter(({ verdict }) => verdict === 'fail');
  if (result === undefined) throw new Error('no failure');
  const own = exchanges.filter(exchange => exchange.result === result.id);
  expect(observedIn(result, own)).toContain(
    '2 effects, counted by what moved: $.data.state "booked" -> "cancelled", $.data.refunded +24.2, GET /ledger $.data.entries +2 items',
  );
});

describe('what the preflight learns', () => {
  const bench = createBench(BOX_OFFICE, on({}));
  const actionOf = (resource: Resource, name: string): Operation => {
    const found = resource.actions.find(action => action.name === name);
    if (found === undefined) throw new Error(`no action ${name}`);
    return found.operation;
  };
  const statusesOf = (step: string) =>
    bench.session.exchanges.filter(one => one.step === step).map(({ response }) => response?.status);

  test('a withdrawal needs a deposit first, and the baseline says so', async () => {
    const purse = bench.resource('purse');
    const { preflight } = await bench.learn(actionOf(purse, 'withdraw'), purse);
    expect(preflight).toMatchObject({
      trouble: null,
      oracle: 'view',
      countsToTwo: true,
      readyBy: ['POST /purses/{id}/deposit'],
    });
    expect(statusesOf('preflight first')).toEqual([422, 200]);
  });

  test('a second one that the state refuses is told', async () => {
    const [purse, ticket] = [bench.resource('purse'), bench.resource('ticket')];
    expect((await bench.learn(actionOf(ticket, 'cancel'), ticket)).preflight.secondRefused).toBe(409);
    expect((await bench.learn(actionOf(purse, 'deposit'), purse)).preflight.secondRefused).toBeUndefined();
  });

  test('a deposit needs nothing', async () => {
    const purse = bench.resource('purse');
    const { preflight } = await bench.learn(actionOf(purse, 'deposit'), purse);
    expect(preflight.readyBy).toBeUndefined();
    expect(preflight).toMatchObject({ oracle: 'view', countsToTwo: true });
  });

  test('a counter of the whole server, which every answer tells, is no part of it', async () => {
    const ticket = bench.resource('ticket');
    const known = await bench.learn(actionOf(ticket, 'check-in'), ticket);
    const { value } = await bench.drive(looked(ticket, actionOf(ticket, 'check-in')), known);
    expect(Object.values(value ?? {}).flatMap(members => Object.keys(members ?? {}))).toEqual([
      '$.data.state',
      '$.data.points',
    ]);
  });

  test('what shows later than the rest is waited for, and the lag is told', async () => {
    const late = createBench(BOX_OFFICE, on({ lagMs: 400 }));
    const ticket = late.resource('ticket');
    const known = await late.learn(actionOf(ticket, 'check-in'), ticket);
    expect(known.preflight.countsToTwo).toBe(true);
    expect(known.preflight.lagMs).toBeGreaterThanOrEqual(400);
  });

  /** What a first reading of a view keeps. */
  function* looked(resource: Resource, operation: Operation): Probe<object> {
    const { scope } = yield* make(resource, bench.tools);
    const { world = [] } = yield* effects('before', { resource, operation, scope, seen: [] }, 'now');
    return Object.fromEntries(world.map(({ name, members }) => [name, members]));
  }
});

describe('a DELETE that gives a seat back', () => {
  function* twice(
    resource: Resource,
    remove: Operation,
    { tools }: ReturnType<typeof createBench>,
  ): Probe<number | null> {
    const { scope } = yield* make(resource, tools);
    const before = yield* effects('before', { resource, operation: remove, scope, seen: [] }, 'now');
    const request = outgoing(remove, scope);
    const seen = [yield* send('first', request), yield* send('repeat', request)];
    const after = yield* effects('after', { resource, operation: remove, scope, seen, since: before });
    return after.count;
  }

  test.each<[Ways, number]>([
    [{}, 1],
    [{ ignores: ['return'] }, 2],
  ])('%o: %i', async (ways, count) => {
    const bench = createBench(BOX_OFFICE, on(ways));
    const ticket = bench.resource('ticket');
    const { remove } = ticket;
    if (remove === null) throw new Error('no delete');
    const known = await bench.learn(remove, ticket);
    expect(known.preflight).toMatchObject({ oracle: 'view', seesElsewhere: true });
    expect((await bench.drive(twice(ticket, remove, bench), known)).value).toBe(count);
  });
});
