import { describe, expect, it } from 'vitest';
import { keyStructuredString as check } from '../../../src/checks/keys/key-structured-string.js';
import { isSkip } from '../../../src/core/check.js';
import type { Contract, KeyCarrier } from '../../../src/core/contract.js';
import { header, type Exchange } from '../../../src/core/http.js';
import type { Reading } from '../../../src/core/reading.js';
import { drive } from '../../support/drive.js';
import { evidence, reading } from '../../support/evidence.js';
import { createCanned } from '../../support/exchange.js';
import { outcome } from '../../support/outcome.js';
import { createShop, type ShopOptions } from '../../support/shop.js';
import { keyed, keyless, operation, resource, scenarioOf, subject } from '../../support/subject.js';

const { answered, lost } = createCanned();
const written = (form: KeyCarrier['form']): Contract => ({
  ...keyed,
  key: { in: 'header', name: 'Idempotency-Key', required: null, form },
});
/** Round 0: both quoted; 1: both plain; 2: quoted, then plain. */
const pair = (round: number, status = 201, second = 201): Exchange[] => [
  answered('first', status, { round, body: { id: `${round}` } }),
  ...(status < 300 ? [answered('second', second, { round, body: { id: `${round}` } })] : []),
];
const after = (...counts: readonly (number | null)[]): Reading[] =>
  counts.map((count, round) => reading('after', count, { round }));
const all = [...pair(0), ...pair(1), ...pair(2)];

type Row = readonly [name: string, exchanges: Exchange[], readings: Reading[], raw: string, quoted: string];
const table: readonly Row[] = [
  ['both protect, one key', all, after(1, 1, 1), 'pass +one-key', 'pass +one-key'],
  ['both protect, two keys', all, after(1, 1, 2), 'pass +two-keys', 'pass +two-keys'],
  ['quoted ones do not protect', all, after(2, 1, 2), 'warn quoted-unprotected', 'fail quoted-unprotected'],
  [
    'plain ones do not protect',
    all,
    after(1, 2, 2),
    'inconclusive control-failed',
    'pass +plain-unprotected +two-keys',
  ],
  ['none protects', all, after(2, 2, 2), 'inconclusive control-failed', 'fail quoted-unprotected'],
  [
    'quoted ones refused',
    [...pair(0, 400), ...pair(1)],
    after(0, 1),
    'pass +quoted-refused',
    'inconclusive first-refused',
  ],
  ['plain ones refused', [...pair(0), ...pair(1, 400)], after(1), 'inconclusive first-refused', 'pass +plain-refused'],
  ['the spellings clash', [...pair(0), ...pair(1), ...pair(2, 201, 422)], after(1, 1, 1), 'pass', 'pass'],
  [
    'quoted ones crash',
    [...pair(0, 500), ...pair(1)],
    after(0, 1),
    'inconclusive first-refused',
    'inconclusive first-refused',
  ],
  ['503', [...pair(0, 503), ...pair(1)], after(0, 1), 'inconclusive unavailable', 'inconclusive unavailable'],
  ['uncounted', all, [], 'inconclusive response-consistent', 'inconclusive response-consistent'],
  [
    'a repeat lost',
    [
      ...pair(0).slice(0, 1),
      lost('second', 'reset', { round: 0 }),
      ...pair(1).slice(0, 1),
      lost('second', 'reset', { round: 1 }),
    ],
    after(1, 1),
    'inconclusive lost-answers',
    'inconclusive lost-answers',
  ],
  ['nothing sent', [], [], 'inconclusive lost-answers', 'inconclusive lost-answers'],
];

const on = (keyOf: ShopOptions['keyOf'], form: KeyCarrier['form'] = 'raw') => {
  const create = operation('POST', '/orders', 'create', { contract: written(form) });
  return drive(scenarioOf(check, subject(create, resource({ create }))), createShop({ ...(keyOf && { keyOf }) }));
};

describe('key-structured-string', () => {
  it.each(table)('%s', (_, exchanges, readings, raw, quoted) => {
    const judged = (form: KeyCarrier['form']) => {
      const create = operation('POST', '/orders', 'create', { contract: written(form) });
      return outcome(scenarioOf(check, subject(create)).judge(evidence(exchanges, readings)));
    };
    expect([judged('raw'), judged('sf-string')]).toEqual([raw, quoted]);
  });

  it.each([
    ['takes keys as they are', undefined, 'pass +two-keys'],
    ['parses quotes', (key: string) => key.replaceAll('"', ''), 'pass +one-key'],
    ['refuses quotes', (key: string) => (key.startsWith('"') ? null : key), 'pass +quoted-refused'],
    ['drops what it cannot parse', (key: string) => (key.startsWith('"') ? undefined : key), 'warn quoted-unprotected'],
  ] as const)('on a server that %s', (_, keyOf, expected) => {
    expect(outcome(on(keyOf).verdict)).toBe(expected);
  });

  it('sends both spellings, and one key in both, whatever form is declared', () => {
    const keysOf = (form: KeyCarrier['form']) =>
      on(undefined, form).exchanges.map(({ request }) => header(request, 'idempotency-key'));
    expect(keysOf('raw')).toEqual(['"key-1"', '"key-1"', 'key-2', 'key-2', '"key-3"', 'key-3']);
    expect(keysOf('sf-string')).toEqual(keysOf('raw'));
  });

  it('applies to keys in a header, where the draft has the word', () => {
    const skips = (contract: Contract) =>
      isSkip(check.plan(subject(operation('POST', '/orders', 'create', { contract })), null));
    const inBody: Contract = { ...keyed, key: { in: 'body', name: 'k', required: null, form: 'raw' } };
    expect([keyed, { ...keyed, profile: 'ietf-strict' }].map(skips)).toEqual([false, false]);
    expect([keyless, inBody, { ...keyed, profile: 'stripe' }].map(skips)).toEqual([true, true, true]);
    expect(isSkip(check.plan(subject(resource().update), null))).toBe(true);
  });
});
