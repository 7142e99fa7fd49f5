import { describe, expect, it } from 'vitest';
import { ifMatchStaleRejected as check } from '../../../src/checks/conditional/if-match-stale-rejected.js';
import { isSkip } from '../../../src/core/check.js';
import type { Exchange, HeaderLine } from '../../../src/core/http.js';
import type { Resource } from '../../../src/core/resource.js';
import { createDepot, type DepotOptions } from '../../support/depot.js';
import { drive } from '../../support/drive.js';
import { evidence } from '../../support/evidence.js';
import { createCanned } from '../../support/exchange.js';
import { outcome } from '../../support/outcome.js';
import { keyless, operation, resource, scenarioOf, subject } from '../../support/subject.js';

const { answered, lost } = createCanned();
const body = { amount: 2, note: 'b' };
const look = (step: string, tag: string | null, state: object | string, status = 200) =>
  answered(step, status, { body: state, headers: tag === null ? [] : [['ETag', tag]] });
const byA = { amount: 1, note: 'a', version: 2 };
const byB = { amount: 2, note: 'b', version: 3 };
const b = (status: number) => answered('B', status, { method: 'PUT', requestBody: JSON.stringify(body) });

/** Up to B: read, written by A, read twice. */
const upToB = (tags: readonly [string | null, string | null] = ['"1"', '"2"'], state: object | string = byA) => [
  look('start', tags[0], { amount: 0 }),
  answered('A', 200),
  look('after A', tags[1], state),
  look('control', tags[1], state),
];
const after = (state: object | string, status = 200) => look('after B', '"3"', state, status);
const weak = upToB(['W/"1"', 'W/"2"']);
const valid = answered('valid', 200);

const table: readonly (readonly [name: string, Exchange[], expected: string])[] = [
  ['refused with 412', [...upToB(), b(412), after(byA)], 'pass'],
  ['refused, a version moved', [...upToB(), b(412), after({ ...byA, version: 3 })], 'pass'],
  ['refused, a field of no one moved', [...upToB(), b(412), after({ ...byA, attempts: 1 })], 'pass'],
  ['applied', [...upToB(), b(200), after(byB)], 'fail stale-applied'],
  ['applied, seen at the second look', [...upToB(), b(200), after(byA), after(byB)], 'fail stale-applied'],
  ['applied under a weak tag', [...weak, b(200), after(byB)], 'warn stale-applied'],
  [
    'applied behind a lost answer',
    [...upToB(), lost('B', 'reset', { requestBody: JSON.stringify(body) }), after(byB)],
    'fail stale-applied',
  ],
  ['applied behind a 412', [...upToB(), b(412), after(byB)], 'fail refused-but-applied'],
  ['applied behind a 412, under a weak tag', [...weak, b(412), after(byB)], 'fail refused-but-applied'],
  ['lost', [...upToB(), lost('B'), after(byA)], 'inconclusive lost-answers'],
  ['a 2xx and nothing done', [...upToB(), b(200), after(byA)], 'warn odd-status'],
  ['a 2xx and a time moved', [...upToB(), b(200), after({ ...byA, updatedAt: 'x' })], 'warn odd-status'],
  ['a 2xx and a version moved', [...upToB(), b(200), after({ ...byA, version: 3 })], 'warn odd-status'],
  ['a 2xx and another time', [...upToB(), b(200), after({ ...byA, seenAt: 'x' })], 'warn odd-status'],
  ['accepted for later', [...upToB(), b(202), after(byA)], 'inconclusive still-pending'],
  ['refused with 403, though fine', [...upToB(), b(403), after(byA), valid], 'warn odd-status'],
  [
    'refused with 422, and never fine',
    [...upToB(), b(422), after(byA), answered('valid', 422)],
    'inconclusive control-failed',
  ],
  ['refused with 403, no control', [...upToB(), b(403), after(byA)], 'inconclusive lost-answers'],
  ['a crash', [...upToB(), b(500), after(byA)], 'fail crashed?'],
  ['a crash that applied', [...upToB(), b(500), after(byB)], 'fail stale-applied'],
  ['a 503', [...upToB(), b(503), after(byA)], 'inconclusive unavailable'],
  ['refused, and not read', [...upToB(), b(412)], 'inconclusive lost-answers'],
  ['refused, and gone', [...upToB(), b(412), after({}, 404)], 'inconclusive control-failed'],
  ['A is refused', [look('start', '"1"', {}), answered('A', 412), answered('A', 428)], 'inconclusive first-refused'],
  [
    'A is refused under the tag',
    [...upToB().slice(0, 1), answered('A', 412), ...upToB().slice(1), b(412), after(byA)],
    'pass +current-refused',
  ],
  ['A is lost', [look('start', '"1"', {}), lost('A')], 'inconclusive lost-answers'],
  ['A does not move the version', [...upToB(['"1"', '"1"']), b(200), after(byB)], 'inconclusive control-failed'],
  ['no version', [look('start', null, {})], 'inconclusive no-version'],
  ['a start that is refused', [look('start', null, {}, 404)], 'inconclusive first-refused'],
  ['no B', upToB(), 'inconclusive lost-answers'],
  ['nothing sent', [], 'inconclusive lost-answers'],
  ['another text', [...upToB(['"1"', '"2"'], 'by A'), b(204), after('by B')], 'fail stale-applied'],
  ['the same text', [...upToB(['"1"', '"2"'], 'by A'), b(412), after('by A')], 'pass'],
  ['a text nobody sent, refused', [...upToB(['"1"', '"2"'], 'by A'), b(412), after('hm')], 'inconclusive unsteady'],
  [
    'a restless text',
    [...upToB(['"1"', '"2"'], 'by A').slice(0, 3), look('control', '"2"', 'x'), b(412), after('y')],
    'inconclusive unsteady',
  ],
];

const on = subject(resource().replace);
const judge = (exchanges: readonly Exchange[], within = on, variant: string | null = null) =>
  outcome(scenarioOf(check, within, variant).judge(evidence(exchanges)));

describe('if-match-stale-rejected', () => {
  it.each(table)('%s', (_, exchanges, expected) => {
    expect(judge(exchanges)).toBe(expected);
  });

  it('needs no version that moves where the one sent was never issued', () => {
    expect(judge([...upToB(['"1"', '"1"']), b(200), after(byB)], on, 'never-issued')).toBe('fail unknown-tag-applied');
    expect(judge([...upToB(), b(412), after(byA)], on, 'never-issued')).toBe('pass');
  });

  it('takes a weak tag for an offer where If-Match is documented', () => {
    const documented = { statuses: ['200'], requestHeaders: ['if-match'], responseHeaders: [] };
    const replace = operation('PUT', '/orders/{id}', 'replace', { documented });
    expect(judge([...weak, b(200), after(byB)], subject(replace))).toBe('fail stale-applied');
  });

  it('only warns under Last-Modified', () => {
    const timed = (step: string, at: string, state: object) =>
      answered(step, 200, { body: state, headers: [['Last-Modified', at]] });
    const exchanges = [
      timed('start', 'Mon', {}),
      answered('A', 200),
      timed('after A', 'Tue', byA),
      timed('control', 'Tue', byA),
    ];
    expect(judge([...exchanges, b(200), timed('after B', 'Wed', byB)])).toBe('warn stale-applied');
  });

  it('takes 409 where the version is a field, and what the contract lists', () => {
    const within = resource({ version: { in: 'body', name: 'version' } });
    const fielded = [
      look('start', null, { version: 1 }),
      answered('A', 200),
      look('after A', null, byA),
      look('control', null, byA),
    ];
    expect(judge([...fielded, b(409), after(byA)], subject(within.replace, within))).toBe('pass');
    expect(judge([...fielded, b(200), after(byB)], subject(within.replace, within))).toBe('fail stale-applied');
    const contract = { ...keyless, etag: { ...keyless.etag, mismatch: [409] } };
    expect(judge([...upToB(), b(409), after(byA)], subject(operation('PUT', '/x', 'replace', { contract })))).toBe(
      'pass',
    );
  });

  const remove = subject(resource().remove);
  const deleted = (status: number) => answered('B', status, { method: 'DELETE' });
  it.each([
    ['refused', [...upToB(), deleted(412), after(byA)], 'pass'],
    ['gone', [...upToB(), deleted(204), after({}, 404)], 'fail stale-applied'],
    ['gone, by a weak tag', [...weak, deleted(204), after({}, 404)], 'warn stale-applied'],
    ['gone behind a refusal', [...upToB(), deleted(412), after({}, 410)], 'fail refused-but-applied'],
    ['there, though said to be deleted', [...upToB(), deleted(204), after(byA)], 'warn odd-status'],
  ] as const)('a DELETE: %s', (_, exchanges, expected) => {
    expect(judge(exchanges, remove)).toBe(expected);
  });

  const refusing: NonNullable<DepotOptions['bend']> = (_, usual) => {
    const reply = usual();
    return reply.status === 412 ? { status: 403 } : reply;
  };
  it.each([
    ['that is correct', {}, null, 'pass'],
    ['that is correct', {}, 'never-issued', 'pass'],
    ['that ignores If-Match', { ifMatch: 'ignored' }, null, 'fail stale-applied'],
    ['that ignores If-Match', { ifMatch: 'ignored' }, 'never-issued', 'fail unknown-tag-applied'],
    ['with weak tags that it ignores', { tag: 'weak', ifMatch: 'ignored' }, null, 'warn stale-applied'],
    ['with tags that are weak at first', { tag: 'late' }, null, 'pass'],
    ['that ignores such tags', { tag: 'late', ifMatch: 'ignored' }, null, 'fail stale-applied'],
    ['with weak tags that never match', { tag: 'weak', ifMatch: 'never' }, null, 'pass +current-refused'],
    ['that wants a version', { missing: 428 }, null, 'pass'],
    ['that refuses with 403', { bend: refusing }, null, 'warn odd-status'],
    ['with times', { tag: 'modified' }, null, 'pass'],
    ['with times', { tag: 'modified' }, 'never-issued', 'pass'],
    ['with times that it ignores', { tag: 'modified', ifMatch: 'ignored' }, null, 'warn stale-applied'],
    ['without versions', { tag: 'none' }, null, 'inconclusive no-version'],
  ] as const)('on a server %s (%#)', (_, options, variant, expected) => {
    const { replace, update, remove: del } = resource();
    for (const write of [replace, update, del]) {
      const { verdict } = drive(scenarioOf(check, subject(write), variant), createDepot(options));
      expect(outcome(verdict)).toBe(expected);
    }
  });

  it('sends the version where the spec says it stands', () => {
    const within: Resource = resource({ version: { in: 'query', name: 'amount' } });
    const { exchanges } = drive(scenarioOf(check, subject(within.replace, within)), createDepot());
    const urls = exchanges.filter(({ step }) => step === 'A' || step === 'B').map(({ request }) => request.url);
    expect(urls[0]).toMatch(/\?amount=1$/);
  });

  it('sends B what is different from A, under the tag from before', () => {
    const { exchanges } = drive(scenarioOf(check, on), createDepot());
    const [a, second] = ['A', 'B'].map(step => exchanges.find(exchange => exchange.step === step)?.request);
    const tagIn = (headers: readonly HeaderLine[] = []) => headers.find(([name]) => name === 'If-Match')?.[1];
    expect(second?.body).not.toBe(a?.body);
    expect([tagIn(a?.headers), tagIn(second?.headers)]).toEqual(['"v1"', '"v1"']);
  });

  it.each([
    ['a create', resource().create, resource(), null],
    ['no read', resource().replace, resource({ read: null }), null],
    ['no create', resource().replace, resource({ create: null }), null],
    ['one body', operation('PUT', '/x', 'replace', { marked: false, payloads: new Set(['body']) }), resource(), null],
    ['a DELETE without another write', resource().remove, resource({ replace: null, update: null }), null],
  ])('does not apply: %s', (_, of, within, variant) => {
    expect(isSkip(check.plan(subject(of, within), variant))).toBe(true);
  });

  it('needs to know how a DELETE carries a version of the body', () => {
    const applies = (name: string, parameter: object = {}) => {
      const within = resource({ version: { in: 'body', name, ...parameter } });
      return !isSkip(check.plan(subject(within.remove, within), 'never-issued'));
    };
    expect([applies('_rev'), applies('_rev', { parameter: 'rev' }), applies('meta.etag')]).toEqual([false, true, true]);
  });

  it('applies to a DELETE without another write under a tag that was never issued', () => {
    const within = resource({ replace: null, update: null });
    expect(
      outcome(drive(scenarioOf(check, subject(within.remove, within), 'never-issued'), createDepot()).verdict),
    ).toBe('pass');
  });
});
