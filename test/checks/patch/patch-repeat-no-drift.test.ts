import { describe, expect, it } from 'vitest';
import { patchRepeatNoDrift as check } from '../../../src/checks/patch/patch-repeat-no-drift.js';
import { isSkip } from '../../../src/core/check.js';
import type { Exchange } from '../../../src/core/http.js';
import { createDepot, type DepotOptions } from '../../support/depot.js';
import { drive } from '../../support/drive.js';
import { evidence, reading } from '../../support/evidence.js';
import { createCanned } from '../../support/exchange.js';
import { outcome } from '../../support/outcome.js';
import { member, operation, resource, scenarioOf, subject } from '../../support/subject.js';

const { answered, lost } = createCanned();
const requestBody = '{"amount":1}';
const once = { amount: 1, tags: ['a'], version: 2 };
const look = (step: string, state: object | string, status = 200) => answered(step, status, { body: state });
const upTo = (state: object | string = once, control = state) => [
  answered('first', 200, { requestBody }),
  look('state', state),
  look('control', control),
];
const repeat = (status: number) => answered('repeat', status, { requestBody });
const after = (state: object | string, status = 200) => look('state-after', state, status);

const table: readonly (readonly [name: string, Exchange[], expected: string])[] = [
  ['the same state', [...upTo(), repeat(200), after(once)], 'pass'],
  ['a version moved', [...upTo(), repeat(200), after({ ...once, version: 3 })], 'pass +moved'],
  ['another text moved', [...upTo(), repeat(200), after({ ...once, token: 'x' })], 'pass +moved'],
  ['refused, the same state', [...upTo(), repeat(409), after(once)], 'pass +repeat-refused'],
  ['a list that grew', [...upTo(), repeat(200), after({ ...once, tags: ['a', 'a'] })], 'warn drifted'],
  ['a number that grew', [...upTo(), repeat(200), after({ ...once, amount: 2 })], 'warn drifted'],
  ['a list that grew behind a refusal', [...upTo(), repeat(422), after({ ...once, tags: [] })], 'warn drifted'],
  ['a field that arrives late', [...upTo({ amount: 0 }), repeat(200), after({ amount: 1 })], 'pass'],
  ['a crash', [...upTo(), repeat(500), after(once)], 'fail crashed?'],
  ['a crash and a drift', [...upTo(), repeat(500), after({ ...once, amount: 2 })], 'fail drifted crashed?'],
  ['a 503', [...upTo(), repeat(503), after(once)], 'inconclusive unavailable'],
  ['a redirect', [...upTo(), repeat(303), after(once)], 'inconclusive control-failed'],
  ['lost', [...upTo(), lost('repeat'), after(once)], 'inconclusive lost-answers'],
  ['not read', [...upTo(), repeat(200)], 'inconclusive lost-answers'],
  ['read with 404', [...upTo(), repeat(200), after({}, 404)], 'inconclusive control-failed'],
  ['a restless field', [...upTo(once, { ...once, amount: 3 }), repeat(200), after(once)], 'inconclusive unsteady'],
  ['a text', [...upTo('one'), repeat(200), after('one')], 'pass'],
  ['the first is refused', [answered('first', 422)], 'inconclusive first-refused'],
  ['nothing sent', [], 'inconclusive lost-answers'],
];

const on = subject(resource().update);

describe('patch-repeat-no-drift', () => {
  it.each(table)('%s', (_, exchanges, expected) => {
    expect(outcome(scenarioOf(check, on).judge(evidence(exchanges)))).toBe(expected);
  });

  it.each([
    ['moved once', 1, 1, 'pass'],
    ['moved once more', 1, 2, 'warn effect-repeated?'],
    ['moved in another way', 1, null, 'pass'],
    ['moved by others, too', 2, 4, 'pass'],
  ] as const)('a parent that %s', (_, before, then, expected) => {
    const readings = [
      reading('elsewhere once', before, { kind: 'view' }),
      reading('elsewhere after', then, { kind: 'view', moved: ['GET /wallets/{id} $.points +200'] }),
    ];
    const exchanges = [...upTo(), repeat(200), after(once)];
    expect(outcome(scenarioOf(check, on).judge(evidence(exchanges, readings)))).toBe(expected);
  });

  it('leaves out what the spec calls volatile', () => {
    const within = resource({ volatile: [member('amount')] });
    const exchanges = [...upTo(), repeat(200), after({ ...once, amount: 2 })];
    expect(outcome(scenarioOf(check, subject(within.update, within)).judge(evidence(exchanges)))).toBe('pass');
  });

  const counting: NonNullable<DepotOptions['bend']> = (request, usual, orders) => {
    const reply = usual();
    const [order] = orders.values();
    if (request.method === 'PATCH' && order !== undefined) {
      order.fields['changes'] = Number(order.fields['changes'] ?? 0) + 1;
    }
    return reply;
  };
  it.each([
    ['that is correct', {}, 'pass'],
    ['that wants a version', { missing: 428 }, 'pass'],
    ['that counts', { bend: counting }, 'warn drifted'],
  ] as const)('on a server %s', (_, options, expected) => {
    expect(outcome(drive(scenarioOf(check, on), createDepot(options)).verdict)).toBe(expected);
  });

  it('sends the same bytes twice, under two keys', () => {
    const { exchanges } = drive(scenarioOf(check, on), createDepot());
    const sent = exchanges.filter(({ step }) => step === 'first' || step === 'repeat').map(({ request }) => request);
    expect(new Set(sent.map(({ body }) => body)).size).toBe(1);
    const keys = sent.flatMap(({ headers }) => headers.filter(([name]) => name === 'Idempotency-Key'));
    expect(new Set(keys.map(([, value]) => value)).size).toBe(2);
  });

  const jsonPatch = operation('PATCH', '/x', 'update', {
    build: () => ({
      method: 'PATCH',
      path: '/x',
      headers: [['content-type', 'application/json-patch+json']],
      body: '[]',
    }),
  });
  it.each([
    ['a PUT', resource().replace, resource()],
    ['no read', resource().update, resource({ read: null })],
    ['no create', resource().update, resource({ create: null })],
    ['a JSON Patch', jsonPatch, resource()],
  ])('does not apply: %s', (_, of, within) => {
    expect(isSkip(check.plan(subject(of, within), null))).toBe(true);
  });
});
