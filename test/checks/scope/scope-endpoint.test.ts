import { describe, expect, it } from 'vitest';
import { scopeEndpoint as check } from '../../../src/checks/scope/scope-endpoint.js';
import { isSkip } from '../../../src/core/check.js';
import type { Exchange } from '../../../src/core/http.js';
import type { Reading } from '../../../src/core/reading.js';
import { drive } from '../../support/drive.js';
import { evidence, reading } from '../../support/evidence.js';
import { createCanned } from '../../support/exchange.js';
import { outcome } from '../../support/outcome.js';
import { createShop } from '../../support/shop.js';
import { keyed, keyless, operation, resource, scenarioOf, subject } from '../../support/subject.js';

const { answered, lost } = createCanned();
const ID = 'account-0001';
const stored = { id: ID, owner: 'm' };
const first = answered('first', 201, { body: stored });
const repeat = answered('first-repeat', 201, { body: stored });
const again = answered('first-again', 201, { body: stored });
const second = (status: number, body: object = { id: 'order-0001' }) => answered('second', status, { body });
const counts = (before: number, after: number, kind: Reading['kind'] = 'filter') => [
  reading('before', before, { kind }),
  reading('after', after, { kind }),
];
const met = (status: number, body?: object): readonly Exchange[] => [first, repeat, second(status, body), again];

const account = resource({
  name: 'account',
  create: operation('POST', '/accounts', 'create', { resource: 'account' }),
});
const order = resource();
const creating = { ...subject(order.create, order), resources: [order, account] };

const table: readonly (readonly [string, readonly Exchange[], readonly Reading[], string])[] = [
  ['executed', met(201), counts(0, 1), 'pass'],
  ['executed, and one was there before', met(201), counts(1, 2), 'pass'],
  ['executed, by ids alone', met(201), counts(0, 1, 'identity'), 'pass +identity-oracle'],
  ['executed, uncounted', met(201), [], 'inconclusive oracle-blind'],
  ['refused', met(422), counts(0, 0), 'pass +refused'],
  ['refused, uncounted', met(409), [], 'pass +refused'],
  ['refused, and executed', met(422), counts(0, 1), 'inconclusive control-failed'],
  ['answered with the first answer', met(201, stored), counts(0, 0), 'fail answered-for-other'],
  ['the first answer is known by its id', met(200, { data: { id: ID } }), [], 'fail answered-for-other'],
  ['a copy that may be the usual answer', met(201, { status: 'accepted' }), [], 'inconclusive oracle-blind'],
  ['success without effect', met(200, { status: 'ok' }), counts(0, 0), 'fail not-executed?'],
  ['success without effect, one was there before', met(200, {}), counts(1, 1), 'fail not-executed?'],
  ['accepted, not done yet', met(202, {}), counts(0, 0), 'inconclusive still-pending'],
  ['crashed', met(500), counts(0, 0), 'fail crashed?'],
  ['unavailable', met(503), counts(0, 0), 'inconclusive unavailable'],
  ['redirected', met(302), counts(0, 0), 'inconclusive control-failed'],
  ['the first is refused afterwards', [first, repeat, second(201), answered('first-again', 422)], counts(0, 1), 'fail original-lost'],
  ['the first is executed afterwards', [first, repeat, second(422), answered('first-again', 201, { body: { id: 'account-0002' } })], counts(0, 0), 'fail original-lost'],
  ['the first crashes afterwards', [first, repeat, second(201), answered('first-again', 500)], counts(0, 1), 'fail original-lost?'],
  ['a contract of conflicts', [first, answered('first-repeat', 409), second(201), answered('first-again', 409)], counts(0, 1), 'pass'],
  ['the key has no effect', [first, answered('first-repeat', 201, { body: { id: 'account-0002' } }), second(201), again], counts(0, 1), 'inconclusive control-failed'],
  ['lost', [first, repeat, lost('second')], counts(0, 0), 'inconclusive lost-answers'],
  ['refused at first', [answered('first', 400)], [], 'inconclusive first-refused'],
]; // prettier-ignore

describe('scope-endpoint', () => {
  it.each(table)('%s', (_, exchanges, readings, expected) => {
    expect(outcome(scenarioOf(check, creating).judge(evidence(exchanges, readings)))).toBe(expected);
  });

  it('says nothing of a repeat after the declared lifetime of the key', () => {
    const short = resource({
      name: 'account',
      create: operation('POST', '/accounts', 'create', { resource: 'account', contract: { ...keyed, ttl: 8 } }),
    });
    const late = (to: number) => answered('first-again', 201, { body: { id: 'account-0002' }, from: to, to });
    const outcomeOf = (to: number) =>
      outcome(
        scenarioOf(check, { ...creating, resources: [order, short] }).judge(
          evidence([first, repeat, second(201), late(to)], counts(0, 1)),
        ),
      );
    expect(outcomeOf(7_000_000)).toBe('fail original-lost');
    expect(outcomeOf(8_000_000)).toBe('pass');
  });

  it('counts a number from the reading before', () => {
    const seen = evidence(met(201, { ok: true }), [
      reading('before', 3, { kind: 'number' }),
      reading('after', 1, { kind: 'number' }),
    ]);
    expect(outcome(scenarioOf(check, creating).judge(seen))).toBe('pass');
  });

  it('uses the key on another operation first, of its own resource where there is one', () => {
    const pay = operation('POST', '/orders/{id}/pay', 'action:pay');
    const own = resource({ actions: [{ name: 'pay', operation: pay, effect: null }] });
    const on = (of: typeof pay | null) => ({ ...subject(of, own), resources: [account, own] });
    const keysOf = (subjectOf: ReturnType<typeof on>) => {
      const { steps } = drive(scenarioOf(check, subjectOf), createShop());
      return steps.flatMap(step =>
        step.kind === 'send' && /^(first|second)$/.test(step.label)
          ? [[step.outgoing.operation.name, step.outgoing.request.headers.at(-1)] as const]
          : [],
      );
    };
    const [one, two] = keysOf(on(pay));
    expect([one?.[0], two?.[0]]).toEqual(['POST /orders', 'POST /orders/{id}/pay']);
    expect(one?.[1]).toEqual(two?.[1]);
    expect(keysOf(on(own.create)).map(([name]) => name)).toEqual(['POST /orders/{id}/pay', 'POST /orders']);
  });

  it('sends the same body to two paths under one key', () => {
    const pay = operation('POST', '/orders/{id}/pay', 'action:pay');
    const { steps } = drive(scenarioOf(check, subject(pay), 'path'), createShop());
    const sent = steps.flatMap(step =>
      step.kind === 'send' && /^(first|second)$/.test(step.label) ? [step.outgoing.request] : [],
    );
    expect(sent.map(({ path }) => path)).toEqual(['/orders/1/pay', '/orders/2/pay']);
    expect(sent[0]?.body).toBe(sent[1]?.body);
    expect(sent[0]?.headers).toEqual(sent[1]?.headers);
  });

  it('says so when no two such requests can be built', () => {
    const verdict = scenarioOf(check, subject(operation('POST', '/orders/{id}/pay', 'action:pay')), 'path').judge(
      evidence([]),
    );
    expect(outcome(verdict)).toBe('inconclusive control-failed');
  });

  it('takes an operation whose key travels elsewhere where there is no other', () => {
    const on = subject(operation('POST', '/orders', 'create', { contract: elsewhere }), order);
    expect(isSkip(check.plan({ ...on, resources: [account] }, null))).toBe(false);
  });

  const elsewhere = { ...keyed, key: { in: 'body', name: 'request_id', required: null, form: 'raw' } as const };
  it.each([
    ['a read', subject(operation('GET', '/orders/{id}', 'read')), null],
    ['no key', subject(operation('POST', '/orders', 'create', { contract: keyless })), null],
    ['nothing else with a key', subject(order.create, order), null],
    ['a path without parameters', creating, 'path'],
  ])('does not apply to %s', (_, on, variant) => {
    expect(isSkip(check.plan(on, variant))).toBe(true);
  }); // prettier-ignore
});
