import { expect, test } from 'vitest';
import { FOLLOWING } from '../../src/core/follow.js';
import { createLedger } from '../../src/engine/ledger.js';
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

test('the record that an accepted create leads to is known by the read that shows it', () => {
  const ledger = ledgerWith();
  const { read } = orders;
  if (read === null) throw new Error('no read');
  const shown = outgoing(read, { ...scope, values: { id: '7' } });
  ledger.observe(shown, answered('plain', 200));
  expect(ledger.all()).toEqual([]);
  ledger.observe(shown, answered(FOLLOWING, 200));
  expect(ledger.all().map(({ id }) => id)).toEqual(['7']);
});
