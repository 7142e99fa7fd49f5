import { describe, expect, it } from 'vitest';
import { keyExactMatch as check } from '../../../src/checks/keys/key-exact-match.js';
import { isSkip } from '../../../src/core/check.js';
import { header, type Exchange } from '../../../src/core/http.js';
import type { Reading } from '../../../src/core/reading.js';
import { drive } from '../../support/drive.js';
import { evidence, reading } from '../../support/evidence.js';
import { createCanned } from '../../support/exchange.js';
import { outcome } from '../../support/outcome.js';
import { createShop, type ShopOptions } from '../../support/shop.js';
import { keyed, keyless, operation, resource, scenarioOf, subject } from '../../support/subject.js';

const { answered, lost } = createCanned();
/** Pair 0: the last character; pair 1: the case of a UUID; pair 4: the parameter. */
const first = (pair = 0, status = 201) =>
  answered('first', status, { round: 3 * pair, body: status === 201 ? { id: `${pair}` } : {} });
const second = (pair: number, status: number, id = `${pair}-second`) =>
  answered('second', status, { round: 3 * pair + 1, body: status === 201 ? { id } : {} });
const control = (pair: number, status: number) =>
  answered('control', status, { round: 3 * pair + 2, body: status === 201 ? { id: `${pair}-control` } : {} });
const after = (round: number, count: number | null, overrides: Partial<Reading> = {}) =>
  reading('after', count, { round, ...overrides });
const apart = [first(), second(0, 201)];
const counted = after(1, 1);

const table: readonly (readonly [name: string, Exchange[], Reading[], expected: string])[] = [
  ['two keys, two effects', apart, [counted], 'pass +not-accepted'],
  ['by ids alone', apart, [after(1, 1, { kind: 'identity' })], 'pass +identity-oracle +not-accepted'],
  ['the id of the first', [first(), second(0, 201, '0')], [], 'fail collided'],
  ['accepted without an effect, another id', [first(), second(0, 201)], [after(1, 0)], 'inconclusive control-failed'],
  ['nothing counted', apart, [], 'inconclusive oracle-blind'],
  ['an oracle that failed', apart, [after(1, null)], 'inconclusive oracle-failed'],
  ['refused, a fresh key is not', [first(), second(0, 422), control(0, 201)], [after(2, 1)], 'fail collided?'],
  [
    'refused, as a fresh key of that shape is',
    [...apart, first(3), second(3, 400), control(3, 400)],
    [counted],
    'pass +not-accepted',
  ],
  ['a UUID in upper case', [...apart, first(1), second(1, 201, '1')], [counted], 'warn case-ignored'],
  [
    'a UUID in upper case, refused',
    [...apart, first(1), second(1, 409), control(1, 201)],
    [counted, after(5, 1)],
    'warn case-ignored?',
  ],
  ['a letter in upper case', [...apart, first(2), second(2, 201, '2')], [counted], 'fail collided'],
  ['a parameter', [...apart, first(4), second(4, 201, '4')], [counted], 'pass +parameter-ignored +not-accepted'],
  ['a crash says nothing here', [first(), second(0, 500)], [], 'inconclusive control-failed'],
  ['second lost', [first(), lost('second', 'reset', { round: 1 })], [], 'inconclusive lost-answers'],
  ['second 503', [first(), second(0, 503)], [], 'inconclusive unavailable'],
  ['first refused', [first(0, 400)], [], 'inconclusive first-refused'],
  ['nothing sent', [], [], 'inconclusive lost-answers'],
];

/** A shop whose keys are compared by what `keyOf` makes of them. */
function on(keyOf: ShopOptions['keyOf'], options: ShopOptions = {}) {
  return drive(scenarioOf(check, subject(resource().create)), createShop({ ...options, ...(keyOf && { keyOf }) }));
}

describe('key-exact-match', () => {
  it.each(table)('%s', (_, exchanges, readings, expected) => {
    const scenario = scenarioOf(check, subject(operation('POST', '/orders', 'create')));
    expect(outcome(scenario.judge(evidence(exchanges, readings)))).toBe(expected);
  });

  it('passes where keys are compared as they are, and tries every pair once', () => {
    const { verdict, exchanges } = on(undefined);
    expect(outcome(verdict)).toBe('pass');
    const keys = exchanges.map(({ request }) => header(request, 'idempotency-key'));
    expect(new Set(keys).size).toBe(keys.length);
    expect(exchanges.map(({ step }) => step)).toEqual(Array.from({ length: 6 }, () => ['first', 'second']).flat());
    expect(new Set(exchanges.map(({ request }) => request.body)).size).toBe(exchanges.length);
  });

  it.each([
    ['cut to 64 characters, other payloads refused', (key: string) => key.slice(0, 64), {}, 'fail collided?'],
    ['cut to 64 characters, replayed', (key: string) => key.slice(0, 64), { onMismatch: 'replay' }, 'fail collided'],
    ['decoded and trimmed', (key: string) => decodeURIComponent(key).trim(), { onMismatch: 'replay' }, 'fail collided'],
    ['parsed as Structured Fields', (key: string) => key.replace(/;.*/, ''), {}, 'pass +parameter-ignored'],
    ['refused over 255', (key: string) => (key.length > 255 ? null : key), {}, 'pass +not-accepted'],
    ['refused over 64', (key: string) => (key.length > 64 ? null : key), {}, 'pass +not-accepted'],
  ] as const)('keys %s', (_, keyOf, options, expected) => {
    expect(outcome(on(keyOf, options).verdict)).toBe(expected);
  });

  it('tries shorter keys where longer ones are refused', () => {
    const { exchanges } = on(key => (key.length > 64 ? null : key));
    const lengths = exchanges.map(({ request }) => header(request, 'idempotency-key')?.length ?? 0);
    expect(lengths.filter(length => length >= 60)).toEqual([300, 240, 60, 60]);
  });

  it('puts a parameter outside the quotes of a Structured Field', () => {
    const contract = {
      ...keyed,
      key: { in: 'header', name: 'Idempotency-Key', required: null, form: 'sf-string' } as const,
    };
    const create = operation('POST', '/orders', 'create', { contract });
    const { exchanges } = drive(scenarioOf(check, subject(create)), createShop());
    const keys = exchanges.map(({ request }) => header(request, 'idempotency-key') ?? '');
    expect(keys.every(key => /^"[^"]*"(;p=1)?$/.test(key))).toBe(true);
    expect(keys.filter(key => key.endsWith('";p=1'))).toHaveLength(1);
  });

  /** An action on orders, under keys that are compared by what `keyOf` makes of them and know no payload. */
  const acting = (keyOf: (key: string) => string) => {
    const pay = operation('POST', '/orders/{id}/pay', 'action:pay', { marked: false });
    const shop = createShop();
    const seen = new Set<string>();
    const paid = new Set<string>();
    return drive(scenarioOf(check, subject(pay)), {
      handle(request, nowUs) {
        if (request.path === '/orders') return shop.handle(request, nowUs);
        const key = keyOf(header(request, 'idempotency-key') ?? '');
        if (!seen.has(key)) paid.add(request.path);
        seen.add(key);
        return { status: 200, body: {} };
      },
      count: ({ scope }) => (paid.has(`/orders/${String(scope.values['id'])}/pay`) ? 1 : 0),
    });
  };

  it('gives each action a resource of its own', () => {
    const { verdict, exchanges } = acting(key => key);
    expect(outcome(verdict)).toBe('pass');
    const paths = exchanges.map(({ request }) => request.url).filter(path => path.endsWith('/pay'));
    expect([paths.length, new Set(paths).size]).toEqual([12, 12]);
  });

  it('finds an action that is accepted and has no effect', () => {
    expect(outcome(acting(key => key.slice(0, 64)).verdict)).toBe('fail collided');
  });

  it('says what counting lacks where a second key is accepted and nothing shows what it did', () => {
    const { verdict, evidence: seen } = acting(key => key);
    expect(verdict.verdict).toBe('pass');
    const blind = seen.readings.map(one => ({ ...one, kind: 'view' as const, count: null, trouble: 'nothing moved' }));
    const judged = scenarioOf(check, subject(operation('POST', '/orders/{id}/pay', 'action:pay'))).judge({
      ...seen,
      readings: blind,
    });
    expect(judged).toMatchObject({ reason: 'oracle-failed', args: { detail: 'nothing moved' } });
  });

  it('applies to creates and actions that take a key', () => {
    const create = operation('POST', '/orders', 'create');
    expect(isSkip(check.plan(subject({ ...create, contract: keyless }), null))).toBe(true);
    expect(isSkip(check.plan(subject(resource().update), null))).toBe(true);
  });
});
