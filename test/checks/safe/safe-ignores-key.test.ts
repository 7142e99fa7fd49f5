import { describe, expect, it } from 'vitest';
import { safeIgnoresKey as check } from '../../../src/checks/safe/safe-ignores-key.js';
import { isSkip } from '../../../src/core/check.js';
import { header, type Exchange, type HeaderLine } from '../../../src/core/http.js';
import type { Resource } from '../../../src/core/resource.js';
import { createDepot } from '../../support/depot.js';
import { drive, type Reply } from '../../support/drive.js';
import { evidence } from '../../support/evidence.js';
import { createCanned } from '../../support/exchange.js';
import { outcome } from '../../support/outcome.js';
import { keyed, keyless, operation, resource, scenarioOf, subject } from '../../support/subject.js';

const { answered, lost } = createCanned();
const made = resource({ update: operation('PATCH', '/orders/{id}', 'update', { contract: keyless }) });
const body = (status: string, more: object = {}) => ({ id: '1', amount: 1, status, ...more });
const read = (step: string, status = 'open', more: object = {}, headers: readonly HeaderLine[] = []) =>
  answered(step, 200, { body: body(status, more), headers });
const before = [answered('create', 201, { body: body('open') }), read('plain'), read('keyed')];
const change = answered('change', 200, { body: body('shipped') });
const after = (keyed = 'shipped', createKey = 'shipped', last = 'shipped') => [
  read('plain-after', 'shipped'),
  read('keyed-after', keyed),
  read('create-key', createKey),
  read('plain-last', last),
];

const table: readonly (readonly [name: string, Exchange[], expected: string])[] = [
  ['the change shows everywhere', [...before, change, ...after()], 'pass'],
  ['the first answer again', [...before, change, ...after('open')], 'fail stale-read?'],
  ['the answer of the create', [...before, change, ...after('shipped', 'open')], 'fail create-replayed?'],
  [
    'the status of the create',
    [
      ...before,
      change,
      ...after().map(one => (one.step === 'create-key' ? answered('create-key', 201, { body: body('shipped') }) : one)),
    ],
    'fail create-replayed?',
  ],
  ['a replica that lags', [...before, change, ...after('open', 'shipped', 'open')], 'inconclusive control-failed'],
  [
    'a change that does not show',
    [...before, change, read('plain-after'), ...after().slice(1)],
    'inconclusive control-failed',
  ],
  [
    'a field that moves by itself',
    [
      answered('create', 201, { body: body('open') }),
      read('plain', 'open', { views: 1 }),
      read('keyed', 'open', { views: 2 }),
      change,
      read('plain-after', 'shipped', { views: 3 }),
      read('keyed-after', 'shipped', { views: 1 }),
      read('create-key', 'shipped', { views: 1 }),
      read('plain-last', 'shipped', { views: 4 }),
    ],
    'pass',
  ],
  [
    'a cache',
    [
      ...before,
      change,
      ...after('open').map(one => (one.step === 'keyed-after' ? read('keyed-after', 'open', {}, [['Age', '7']]) : one)),
    ],
    'inconclusive cached',
  ],
  ['refused', [before[0] as Exchange, read('plain'), answered('keyed', 400)], 'warn refused-with-key?'],
  [
    'refused with the key of the create alone',
    [...before, change, ...after().map(one => (one.step === 'create-key' ? answered('create-key', 409) : one))],
    'warn refused-with-key?',
  ],
  ['change refused', [...before, answered('change', 428)], 'inconclusive setup-request-failed'],
  ['a read lost', [...before, change, ...after().slice(0, 3), lost('plain-last')], 'inconclusive lost-answers'],
  [
    'the keyed read lost',
    [...before, change, ...after().map(one => (one.step === 'keyed-after' ? lost('keyed-after') : one))],
    'inconclusive lost-answers',
  ],
  [
    '503',
    [...before, change, ...after().map(one => (one.step === 'create-key' ? answered('create-key', 503) : one))],
    'inconclusive unavailable',
  ],
  ['no id', [answered('create', 201)], 'inconclusive setup-no-id'],
  ['create refused', [answered('create', 400)], 'inconclusive first-refused'],
  ['nothing sent', [], 'inconclusive lost-answers'],
];

/** A depot that is changed to what it is not yet, with a say in what a request that carries a key gets. */
function on(bend: (key: string | null, usual: () => Reply, isRead: boolean) => Reply) {
  const depot = createDepot({
    identical: 304,
    bend: (request, usual) => bend(header(request, 'idempotency-key'), usual, request.method === 'GET'),
  });
  const update = operation('PATCH', '/orders/{id}', 'update', {
    contract: keyless,
    build: ({ values }) => ({
      method: 'PATCH',
      path: `/orders/${String(values['id'])}`,
      headers: [],
      body: '{"amount":2}',
    }),
  });
  const within = resource({ update });
  return drive(scenarioOf(check, subject(within.read, within)), depot);
}

describe('safe-ignores-key', () => {
  it.each(table)('%s', (_, exchanges, expected) => {
    expect(outcome(scenarioOf(check, subject(made.read, made)).judge(evidence(exchanges)))).toBe(expected);
  });

  it('passes on a server that looks at no key on a read', () => {
    const { verdict, exchanges } = on((_, usual) => usual());
    const key = (step: string) => {
      const exchange = exchanges.find(one => one.step === step);
      return exchange === undefined ? undefined : header(exchange.request, 'idempotency-key');
    };
    expect(key('create-key')).toBe(key('create'));
    expect(key('keyed-after')).toBe(key('keyed'));
    expect([key('plain'), key('plain-after'), key('plain-last')]).toEqual([null, null, null]);
    expect(outcome(verdict)).toBe('pass');
  });

  it.each([
    ['keeps the answer of a read', true, 'fail stale-read?'],
    ['keeps the answer of whatever carried the key', false, 'fail create-replayed?'],
  ])('finds a server that %s', (_, isReadsOnly, expected) => {
    const answers = new Map<string, Reply>();
    const { verdict } = on((key, usual, isRead) => {
      const known = key === null || !isRead ? undefined : answers.get(key);
      const reply = known ?? usual();
      if (key !== null && (isRead || !isReadsOnly)) answers.set(key, reply);
      return reply;
    });
    expect(outcome(verdict)).toBe(expected);
  });

  it('applies to a read of what is made under a key in a header and can be changed', () => {
    const skips = (within: Resource, of = within.read) => isSkip(check.plan(subject(of, within), null));
    const keyIn = (place: 'header' | 'query' | 'body') =>
      resource({
        create: operation('POST', '/orders', 'create', {
          contract: { ...keyed, key: { in: place, name: 'key', required: null, form: 'raw' } },
        }),
      });
    expect([skips(made), skips(keyIn('query')), skips(keyIn('body'))]).toEqual([false, false, true]);
    expect(skips(resource({ create: operation('POST', '/orders', 'create', { contract: keyless }) }))).toBe(true);
    expect(skips(resource({ update: null, replace: null }))).toBe(true);
    expect(skips(made, made.list?.operation ?? null)).toBe(true);
    expect(skips(made, made.update)).toBe(true);
  });
});
