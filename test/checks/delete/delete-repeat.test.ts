import { describe, expect, it } from 'vitest';
import { deleteRepeat as check } from '../../../src/checks/delete/delete-repeat.js';
import { isSkip } from '../../../src/core/check.js';
import type { Exchange, HeaderLine } from '../../../src/core/http.js';
import { createDepot, type DepotOptions, type Stored } from '../../support/depot.js';
import { drive } from '../../support/drive.js';
import { evidence, reading } from '../../support/evidence.js';
import { createCanned } from '../../support/exchange.js';
import { outcome } from '../../support/outcome.js';
import { keyless, member, operation, resource, scenarioOf, subject } from '../../support/subject.js';

const { answered, lost } = createCanned();
const on = subject(resource().remove);
const before = answered('before', 200);
const first = answered('first', 204);
const look = (step: string, status: number, headers: readonly HeaderLine[] = []) => answered(step, status, { headers });
const repeat = (status: number) => answered('repeat', status);
const start = [before, first, look('gone', 404)];

const table: readonly (readonly [name: string, Exchange[], expected: string])[] = [
  ['404 the second time', [...start, repeat(404), look('after', 404)], 'pass'],
  ['410 the second time', [...start, repeat(410), look('after', 410)], 'pass'],
  ['204 the second time', [...start, repeat(204), look('after', 404)], 'pass'],
  ['a crash', [...start, repeat(500), look('after', 404)], 'fail repeat-crashed?'],
  ['not implemented', [...start, repeat(501), look('after', 404)], 'fail repeat-crashed?'],
  ['400 the second time', [...start, repeat(400), look('after', 404)], 'warn odd-status'],
  ['403 the second time', [...start, repeat(403), look('after', 404)], 'warn odd-status'],
  ['412 the second time', [...start, repeat(412), look('after', 404)], 'warn odd-status'],
  [
    '412 for the version of what is gone',
    [answered('first version', 200), ...start, repeat(412), look('after', 404)],
    'pass',
  ],
  ['a redirect', [...start, repeat(302), look('after', 404)], 'warn odd-status'],
  ['a 503', [...start, repeat(503), look('after', 404)], 'inconclusive unavailable'],
  ['a 429', [...start, repeat(429)], 'inconclusive rate-limited'],
  ['lost', [...start, lost('repeat'), look('after', 404)], 'inconclusive lost-answers'],
  ['back in two reads', [...start, repeat(204), look('after', 200), look('after', 200)], 'fail came-back'],
  ['back behind a lost answer', [...start, lost('repeat'), look('after', 200), look('after', 200)], 'fail came-back'],
  ['back in one read', [...start, repeat(204), look('after', 200), look('after', 404)], 'pass'],
  ['back in the only read', [...start, repeat(204), look('after', 200)], 'inconclusive unsteady'],
  [
    'back from a cache',
    [...start, repeat(204), look('after', 200), look('after', 200, [['X-Cache', 'HIT']])],
    'inconclusive cached',
  ],
  ['never gone', [before, first, look('gone', 200), repeat(204), look('after', 200)], 'pass +still-readable'],
  [
    'never gone, and a crash',
    [before, first, look('gone', 200), repeat(500), look('after', 200)],
    'fail repeat-crashed?',
  ],
  [
    'pending',
    [before, answered('first', 202), look('gone', 200), repeat(202), look('after', 200)],
    'inconclusive still-pending',
  ],
  ['a read that crashes', [...start, repeat(404), look('after', 500)], 'inconclusive control-failed'],
  [
    'a first read that crashes',
    [before, first, look('gone', 500), repeat(404), look('after', 404)],
    'inconclusive control-failed',
  ],
  ['not read', [...start, repeat(404)], 'inconclusive lost-answers'],
  ['a first that is refused', [before, answered('first', 403)], 'inconclusive first-refused'],
  [
    'not readable at all',
    [look('before', 404), first, look('gone', 404), repeat(404), look('after', 404)],
    'inconclusive first-refused',
  ],
  ['nothing sent', [], 'inconclusive lost-answers'],
];

const unknown = look('unknown', 404);
const never: readonly (readonly [name: string, Exchange[], expected: string])[] = [
  ['404', [unknown, answered('never', 404)], 'pass'],
  ['204', [unknown, answered('never', 204)], 'pass'],
  ['a crash', [unknown, answered('never', 500)], 'fail never-existed-crashed?'],
  ['an id it takes for none', [unknown, answered('never', 400)], 'pass +status-outside'],
  ['an id that is not for us', [unknown, answered('never', 403)], 'pass +status-outside'],
  ['a conflict', [unknown, answered('never', 409)], 'warn odd-status'],
  ['a 503', [unknown, answered('never', 503)], 'inconclusive unavailable'],
  ['lost', [unknown, lost('never')], 'inconclusive lost-answers'],
  ['an id that is there', [look('unknown', 200)], 'inconclusive control-failed'],
  ['nothing sent', [], 'inconclusive lost-answers'],
];

describe('delete-repeat', () => {
  it.each(table)('%s', (_, exchanges, expected) => {
    expect(outcome(scenarioOf(check, on).judge(evidence(exchanges)))).toBe(expected);
  });

  it.each(never)('an id that never existed: %s', (_, exchanges, expected) => {
    expect(outcome(scenarioOf(check, on, 'never-existed').judge(evidence(exchanges)))).toBe(expected);
  });

  it.each([
    ['the repeat moved the same again', 1, 2, 'fail effect-repeated?'],
    ['the repeat moved it twice more', 1, 3, 'fail effect-repeated?'],
    ['the repeat moved nothing', 1, 1, 'pass'],
    ['the first moved nothing', 0, 1, 'pass'],
    ['the first moved too much already', 2, 2, 'pass'],
    ['the first moved it in another way', null, 2, 'pass'],
    ['the repeat moved it in another way', 1, null, 'pass'],
  ] as const)('on a parent, %s', (_, once, after, expected) => {
    const readings = [
      reading('elsewhere once', once, { kind: 'view' }),
      reading('elsewhere after', after, { kind: 'view', moved: ['GET /products/{id} $.stock +4', '$.at moved'] }),
    ];
    const exchanges = [...start, repeat(404), look('after', 404)];
    const verdict = scenarioOf(check, on).judge(evidence(exchanges, readings));
    expect(outcome(verdict)).toBe(expected);
    if (verdict.verdict === 'fail') {
      expect(verdict.findings[0]?.args).toEqual({ moved: 'GET /products/{id} $.stock +4' });
    }
  });

  it('looks at no parent unless a DELETE was seen to move one', () => {
    const { steps } = drive(scenarioOf(check, on), createDepot());
    expect(steps.filter(({ kind }) => kind === 'effects')).toEqual([]);
  });

  it('holds the repeat to what the contract lists', () => {
    const strict = operation('DELETE', '/x', 'delete', { contract: { ...keyless, deleteMissing: [204] } });
    const judge = (status: number) =>
      scenarioOf(check, subject(strict)).judge(evidence([...start, repeat(status), look('after', 404)]));
    expect(outcome(judge(204))).toBe('pass');
    expect(judge(404)).toMatchObject({ verdict: 'warn', findings: [{ basis: 'declared', args: { expected: '204' } }] });
  });

  it('knows a resource that is gone by a value', () => {
    const within = resource({ gone: { kind: 'value', value: member('state'), equals: 'gone' } });
    const shown = (step: string, state: string) => answered(step, 200, { body: { state } });
    const judge = (last: string) =>
      outcome(
        scenarioOf(check, subject(within.remove, within)).judge(
          evidence([
            shown('before', 'open'),
            first,
            shown('gone', 'gone'),
            repeat(200),
            shown('after', last),
            shown('after', last),
          ]),
        ),
      );
    expect(judge('gone')).toBe('pass');
    expect(judge('open')).toBe('fail came-back');
  });

  const restoring = (): NonNullable<DepotOptions['bend']> => {
    let kept: Stored | undefined;
    return (request, usual, orders) => {
      if (request.method !== 'DELETE') return usual();
      const [order] = orders.values();
      kept ??= order;
      if (order === undefined && kept !== undefined) orders.set(kept.id, kept);
      return order === undefined ? { status: 204 } : usual();
    };
  };
  it.each([
    ['that is correct', {}, null, 'pass'],
    ['that is correct', {}, 'never-existed', 'pass'],
    ['that wants a version', { missing: 428 }, null, 'pass'],
    ['that brings it back', { bend: restoring() }, null, 'fail came-back'],
  ] as const)('on a server %s (%s)', (_, options, variant, expected) => {
    expect(outcome(drive(scenarioOf(check, on, variant), createDepot(options)).verdict)).toBe(expected);
  });

  it('sends the repeat as it sent the first', () => {
    const { exchanges } = drive(scenarioOf(check, on), createDepot({ missing: 428 }));
    const [one, two] = ['first', 'repeat'].map(step => exchanges.findLast(exchange => exchange.step === step)?.request);
    expect([two?.method, two?.url]).toEqual([one?.method, one?.url]);
    for (const sent of [one, two]) expect(sent?.headers).toContainEqual(['If-Match', '"v1"']);
  });

  it('deletes an id of the shape of a real one, and none that can be read', () => {
    const { exchanges } = drive(scenarioOf(check, on, 'never-existed'), createDepot());
    expect(exchanges.map(({ step, request }) => [step, request.url])).toEqual([
      ['create', '/orders'],
      ['unknown', '/orders/5e'],
      ['never', '/orders/5e'],
    ]);
    const open = createDepot({ bend: (request, usual) => (request.method === 'GET' ? { status: 200 } : usual()) });
    expect(drive(scenarioOf(check, on, 'never-existed'), open).exchanges.some(({ step }) => step === 'never')).toBe(
      false,
    );
  });

  it.each([
    ['an update', resource().update, resource(), null],
    ['no create', resource().remove, resource({ create: null }), null],
    ['no read', resource().remove, resource({ read: null }), null],
  ])('does not apply: %s', (_, of, within, variant) => {
    expect(isSkip(check.plan(subject(of, within), variant))).toBe(true);
    expect(isSkip(check.plan(subject(resource().remove, resource({ read: null })), 'never-existed'))).toBe(false);
  });
});
