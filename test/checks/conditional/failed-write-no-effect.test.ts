import { describe, expect, it } from 'vitest';
import { failedWriteNoEffect as check } from '../../../src/checks/conditional/failed-write-no-effect.js';
import { isSkip } from '../../../src/core/check.js';
import type { Exchange } from '../../../src/core/http.js';
import type { Operation, Role } from '../../../src/core/operation.js';
import type { Reading } from '../../../src/core/reading.js';
import { createDepot, type DepotOptions } from '../../support/depot.js';
import { drive, type Server } from '../../support/drive.js';
import { evidence, reading, soundPreflight } from '../../support/evidence.js';
import { createCanned } from '../../support/exchange.js';
import { outcome } from '../../support/outcome.js';
import { operation, resource, scenarioOf, subject } from '../../support/subject.js';

const { answered, lost } = createCanned();
const INVALID = '{"amount":-1,"note":"n"}';
const was = { amount: 5, note: 'old' };
const look = (step: string, state: object | string, status = 200) => answered(step, status, { body: state });
const before = (state: object = was) => [look('before', was), look('before', state)];
const refused = (status: number) => answered('refused', status, { method: 'PUT', requestBody: INVALID });
const after = (state: object | string, status = 200) => look('after', state, status);
const valid = (status = 200, state: object = { amount: 1, note: 'n' }) => [
  answered('valid', status, { method: 'PUT', requestBody: '{"amount":1,"note":"n"}' }),
  look('valid state', state),
];

const table: readonly (readonly [name: string, Exchange[], expected: string])[] = [
  ['refused, nothing changed', [...before(), refused(400), after(was), ...valid()], 'pass'],
  ['refused, a version moved', [...before(), refused(422), after({ ...was, version: 2 }), ...valid()], 'pass'],
  ['refused, a time moved', [...before(), refused(422), after({ ...was, seenAt: 'x' }), ...valid()], 'pass'],
  [
    'refused, something else moved',
    [...before(), refused(422), after({ ...was, failures: 1 }), ...valid()],
    'pass +moved-otherwise',
  ],
  ['half applied', [...before(), refused(422), after({ ...was, note: 'n' }), ...valid()], 'fail applied'],
  ['applied whole', [...before(), refused(400), after({ amount: -1, note: 'n' })], 'fail applied'],
  ['applied behind a crash', [...before(), refused(500), after({ ...was, note: 'n' })], 'warn applied'],
  ['a named field is reset', [...before(), refused(422), after({ ...was, note: null })], 'warn state-changed'],
  [
    'a named field that moves by itself',
    [...before({ ...was, note: 'x' }), refused(422), after({ ...was, note: 'n' }), ...valid()],
    'pass',
  ],
  ['accepted', [...before(), refused(200), after({ amount: -1, note: 'n' })], 'inconclusive control-failed'],
  ['a redirect', [...before(), refused(303), after(was)], 'inconclusive control-failed'],
  ['a crash', [...before(), refused(500), after(was)], 'inconclusive control-failed'],
  ['voided', [...before(), refused(503), after(was)], 'inconclusive unavailable'],
  ['lost', [...before(), lost('refused'), after(was)], 'inconclusive lost-answers'],
  ['refused, and not read', [...before(), refused(400)], 'inconclusive lost-answers'],
  ['refused, and read with 500', [...before(), refused(400), after({}, 500)], 'inconclusive first-refused'],
  ['the valid one is refused', [...before(), refused(400), after(was), ...valid(400)], 'inconclusive control-failed'],
  ['the valid one is voided', [...before(), refused(400), after(was), ...valid(429)], 'inconclusive rate-limited'],
  [
    'the valid one does not show',
    [...before(), refused(400), after(was), ...valid(200, was)],
    'inconclusive no-effect',
  ],
  ['the valid one is lost', [...before(), refused(400), after(was), lost('valid')], 'inconclusive lost-answers'],
  ['nothing to read', [look('before', {}, 404)], 'inconclusive first-refused'],
  ['nothing sent', [], 'inconclusive lost-answers'],
];

const withInvalid = (method: 'POST' | 'PUT' | 'PATCH', path: string, role: Role, over: Partial<Operation> = {}) => {
  const plain = operation(method, path, role, over);
  return {
    ...plain,
    payloads: new Set([...plain.payloads, 'invalid' as const]),
    build: (...[scope, payload = 'body']: Parameters<Operation['build']>) => ({
      ...plain.build(scope, payload),
      ...(payload === 'invalid' ? { body: JSON.stringify({ amount: -1, reference: scope.marker, note: 'n' }) } : {}),
    }),
  };
};
const replace = withInvalid('PUT', '/orders/{id}', 'replace');
const update = withInvalid('PATCH', '/orders/{id}', 'update');
const create = withInvalid('POST', '/orders', 'create');
const pay = withInvalid('POST', '/orders/{id}/pay', 'action:pay');

const judge = (
  of: Operation,
  exchanges: readonly Exchange[],
  variant: string | null = null,
  readings: readonly Reading[] = [],
) => outcome(scenarioOf(check, subject(of), variant).judge(evidence(exchanges, readings)));

describe('failed-write-no-effect', () => {
  it.each(table)('%s', (_, exchanges, expected) => {
    expect(judge(replace, exchanges)).toBe(expected);
  });

  const start = answered('start', 200, { headers: [['ETag', '"1"']] });
  const a = [start, answered('A', 200), answered('after A', 200, { headers: [['ETag', '"2"']] })];
  it.each([
    ['refused', [...a, ...before(), refused(412), after(was), ...valid()], 'pass'],
    ['applied all the same', [...a, ...before(), refused(412), after({ ...was, note: 'n' })], 'fail applied'],
    ['accepted', [...a, ...before(), refused(200), after(was)], 'inconclusive control-failed'],
    ['A is refused', [start, answered('A', 422)], 'inconclusive first-refused'],
    ['A moves nothing', a, 'inconclusive control-failed'],
    ['no version', [answered('start', 200)], 'inconclusive no-version'],
    ['no start', [], 'inconclusive lost-answers'],
  ] as const)('an outdated version: %s', (_, exchanges, expected) => {
    expect(judge(replace, exchanges, 'stale')).toBe(expected);
  });

  const counts = (...seen: readonly (number | null)[]) =>
    ['count', 'count after', 'count valid'].flatMap((step, at) => {
      const count = seen[at];
      return count === undefined ? [] : [reading(step, count)];
    });
  const act = (status: number, good = 201) => [answered('refused', status), answered('valid', good)];
  it.each([
    ['not counted', act(400), counts(0, 0, 1), 'pass'],
    ['counted', act(400), counts(0, 1, 2), 'fail effect-counted'],
    ['counted behind a crash', act(500), counts(0, 1), 'warn effect-counted'],
    ['a list without an earlier reading', act(400), counts(null, 0, 1), 'pass'],
    ['the valid one is not counted', act(400), counts(0, 0, 0), 'inconclusive no-effect'],
    ['the valid one could not be counted', act(400), counts(0, 0, null), 'inconclusive oracle-failed'],
    ['the valid one is refused', act(400, 400), counts(0, 0, 0), 'inconclusive control-failed'],
    ['a count that failed', act(400), counts(0, null, 1), 'inconclusive oracle-failed'],
    ['accepted', act(201), counts(0, 1), 'inconclusive control-failed'],
    ['a crash', act(500), counts(0, 0), 'inconclusive control-failed'],
    ['nothing counts', act(400), [], 'inconclusive oracle-blind'],
    [
      'only ids count',
      act(400),
      counts(0, 0, 1).map(one => ({ ...one, kind: 'identity' as const })),
      'inconclusive oracle-blind',
    ],
  ] as const)('a create or an action: %s', (_, exchanges, readings, expected) => {
    expect(judge(create, exchanges, null, readings)).toBe(expected);
    expect(judge(pay, exchanges, null, readings)).toBe(expected);
  });

  const twice = (status: number, first = 200) => [answered('permitted', first), answered('refused', status)];
  const after2 = (valid: number | null, late: number | null) => [
    reading('count valid', valid),
    reading('count after', late),
  ];
  it.each([
    ['refused, and no effect', twice(409), after2(1, 1), 'pass'],
    ['refused, and one more effect', twice(409), after2(1, 2), 'fail effect-counted'],
    ['a crash, and one more effect', twice(500), after2(1, 2), 'warn effect-counted'],
    ['a crash', twice(500), after2(1, 1), 'inconclusive control-failed'],
    ['accepted this time', twice(200), after2(1, 2), 'inconclusive control-failed'],
    ['the first is refused', twice(409, 409), [], 'inconclusive first-refused'],
    ['two effects before', twice(409), after2(2, 2), 'inconclusive no-effect'],
    ['not counted', twice(409), after2(null, null), 'inconclusive oracle-failed'],
    ['voided', twice(503), after2(1, 1), 'inconclusive unavailable'],
    ['nothing sent', [], [], 'inconclusive lost-answers'],
  ] as const)('what the state permits once: %s', (_, exchanges, readings, expected) => {
    expect(judge(pay, exchanges, 'not-permitted', readings)).toBe(expected);
  });

  it('holds a state to nothing that permits it again', () => {
    const { misfit } = scenarioOf(check, subject(pay), 'not-permitted');
    expect(misfit?.(soundPreflight)).toContain('permits');
    expect(misfit?.({ ...soundPreflight, secondRefused: 409 })).toBeNull();
    expect(scenarioOf(check, subject(create)).misfit?.(soundPreflight)).toBeNull();
  });

  it('compares the number itself, by whatever it moved', () => {
    const numbers = (...values: readonly number[]) =>
      ['count', 'count after', 'count valid'].map((step, at) =>
        reading(step, null, { kind: 'number', value: values[at] ?? 0, trouble: null }),
      );
    expect(judge(pay, act(400), null, numbers(10, 9, 14))).toBe('fail effect-counted');
    expect(judge(pay, act(400), null, numbers(10, 10, 15))).toBe('pass');
    expect(judge(pay, act(400), null, numbers(10, 10, 10))).toBe('inconclusive no-effect');
  });

  const target = (first: number, ...then: readonly number[]) => [
    look('before', {}, first),
    ...act(404),
    ...then.map(status => after({}, status)),
  ];
  it.each([
    ['stays unknown', target(404, 404, 404), 'pass'],
    ['is there afterwards', target(404, 200, 200), 'fail target-created'],
    ['is there once', target(404, 200, 404), 'pass'],
    ['was there before', target(200, 200, 200), 'pass'],
    ['cannot be read', act(404), 'pass'],
  ] as const)('a target that %s', (_, exchanges, expected) => {
    expect(judge(pay, exchanges, 'unknown-target', counts(0, 0, 1))).toBe(expected);
  });

  /** Refuses negative amounts; what it does first is up to the test. */
  const strict =
    (first: (fields: Record<string, unknown>) => void): NonNullable<DepotOptions['bend']> =>
    (request, usual, orders) => {
      const body = JSON.parse(request.body ?? '{}') as { amount?: number };
      if ((body.amount ?? 0) >= 0) return usual();
      const [order] = orders.values();
      if (order !== undefined) first(order.fields);
      return { status: 400, body: {} };
    };
  it.each([
    ['that is correct', { bend: strict(() => undefined) }, null, 'pass'],
    ['that wants a version', { missing: 428, bend: strict(() => undefined) }, null, 'pass'],
    ['that is correct', {}, 'stale', 'pass'],
    ['that knows a write which changes nothing', { identical: 200 }, 'stale', 'pass'],
    ['that answers a write which changes nothing with 304', { identical: 304 }, 'stale', 'pass'],
    [
      'that answers a write which changes nothing with 304',
      { identical: 304, bend: strict(() => undefined) },
      null,
      'pass',
    ],
    ['that stores half', { bend: strict(fields => (fields['note'] = 'n')) }, null, 'fail applied'],
    ['that loses what it had', { bend: strict(fields => (fields['amount'] = 0)) }, null, 'warn state-changed'],
    ['that takes everything', {}, null, 'inconclusive control-failed'],
    ['that ignores If-Match', { ifMatch: 'ignored' }, 'stale', 'inconclusive control-failed'],
    ['without versions', { tag: 'none' }, 'stale', 'inconclusive no-version'],
  ] as const)('on a server %s (%#)', (_, options, variant, expected) => {
    for (const of of [replace, update]) {
      expect(outcome(drive(scenarioOf(check, subject(of), variant), createDepot(options)).verdict)).toBe(expected);
    }
  });

  it('counts a create that was refused, on a server', () => {
    const counting = (server: Server) => outcome(drive(scenarioOf(check, subject(create)), server).verdict);
    expect(counting(createDepot({ bend: strict(() => undefined) }))).toBe('pass');
    const late: DepotOptions['bend'] = (request, usual) => {
      const reply = usual();
      return request.body?.includes('-1') === true ? { status: 422 } : reply;
    };
    expect(counting(createDepot({ bend: late }))).toBe('fail effect-counted');
  });

  it('sends an action to an id that nobody was given', () => {
    const { exchanges } = drive(scenarioOf(check, subject(pay), 'unknown-target'), createDepot());
    const urls = exchanges
      .filter(({ step }) => step === 'refused' || step === 'valid')
      .map(({ request }) => request.url);
    expect(urls[0]).not.toContain('/a1/');
    expect(exchanges.find(({ step }) => step === 'before')?.response?.status).toBe(404);
  });

  const bare = operation('PUT', '/x', 'replace', { marked: false, payloads: new Set(['body']) });
  it.each([
    ['a DELETE', resource().remove, resource(), null],
    ['no invalid payload', resource().replace, resource(), null],
    ['no read', replace, resource({ read: null }), null],
    ['no create', replace, resource({ create: null }), null],
    ['an outdated version with one body', bare, resource(), 'stale'],
    ['an outdated version on an action', pay, resource(), 'stale'],
    ['an unknown target on an update', update, resource(), 'unknown-target'],
    ['an unknown target on a create', create, resource(), 'unknown-target'],
    ['what is permitted once on a create', create, resource(), 'not-permitted'],
  ])('does not apply: %s', (_, of, within, variant) => {
    expect(isSkip(check.plan(subject(of, within), variant))).toBe(true);
  });
});
