import { expect, test } from 'vitest';
import { createGate, createSlots } from '../../src/engine/gate.js';
import { createLedger } from '../../src/engine/ledger.js';
import { volatilePaths } from '../../src/engine/volatile.js';
import { isAnswered } from '../../src/core/http.js';
import { outgoing } from '../../src/core/arrange.js';
import { createCanned } from '../support/exchange.js';
import { resource } from '../support/subject.js';

const { answered } = createCanned();
const orders = resource();
const scope = { marker: 'm', uuid: 'u', int: 1, now: 'n', values: {} };

function ledgerWith(...ids: readonly number[]) {
  const ledger = createLedger([orders]);
  const create = orders.create;
  if (create === null) throw new Error('no create');
  for (const id of ids) ledger.observe(outgoing(create, scope), answered('create', 201, { body: { id } }));
  return ledger;
}

test('what was created is known until it is deleted', () => {
  const ledger = ledgerWith(1, 2);
  expect(ledger.all().map(({ id }) => id)).toEqual(['1', '2']);
  const { remove } = orders;
  if (remove === null) throw new Error('no delete');
  ledger.observe(outgoing(remove, { ...scope, values: { id: '1' } }), answered('delete', 204));
  expect(ledger.all().map(({ id }) => id)).toEqual(['2']);
});

test('a duplicate that only the list shows is known too, but only under ids of the same kind', () => {
  const ledger = ledgerWith(1);
  ledger.seen(orders, scope, ['1', '9']);
  expect(ledger.all().map(({ id }) => id)).toEqual(['1', '9']);
  ledger.seen(orders, scope, ['https://x/7', 'https://x/8']);
  expect(ledger.all()).toHaveLength(2);
});

test('a gate lets many share, and one be alone, in the order of asking', async () => {
  const gate = createGate();
  const order: string[] = [];
  const first = await gate.enter('shared');
  const second = await gate.enter('shared');
  const alone = gate.enter('alone').then(leave => (order.push('alone'), leave));
  const late = gate.enter('shared').then(leave => (order.push('late'), leave));
  first();
  await Promise.resolve();
  expect(order).toEqual([]);
  second();
  (await alone)();
  (await late)();
  expect(order).toEqual(['alone', 'late']);
});

test('slots are given back once, however often it is said', async () => {
  const slots = createSlots(1);
  const give = await slots.take();
  give();
  give();
  const next = await slots.take();
  let isThird = false;
  const third = slots.take().then(leave => ((isThird = true), leave));
  await Promise.resolve();
  expect(isThird).toBe(false);
  next();
  (await third)();
});

test('a field is volatile when it differs and was not sent', () => {
  const answers = [
    answered('a', 201, { body: { id: 1, at: 'x', amount: 5, tags: ['p'] }, requestBody: '{"amount":5}' }),
    answered('b', 201, { body: { id: 2, at: 'y', amount: 6, tags: ['p'] }, requestBody: '{"amount":6}' }),
  ].filter(isAnswered);
  expect(volatilePaths(answers)).toEqual(['$.id', '$.at']);
});
