import { describe, expect, it } from 'vitest';
import { etagChangesOnUpdate as check } from '../../../src/checks/conditional/etag-changes-on-update.js';
import { isSkip } from '../../../src/core/check.js';
import type { Exchange, HeaderLine } from '../../../src/core/http.js';
import { createDepot, type DepotOptions } from '../../support/depot.js';
import { drive } from '../../support/drive.js';
import { evidence } from '../../support/evidence.js';
import { createCanned } from '../../support/exchange.js';
import { outcome } from '../../support/outcome.js';
import { operation, resource, scenarioOf, subject } from '../../support/subject.js';

const { answered, lost } = createCanned();
const on = subject(resource().replace);
const read = (round: number, tag: string | null, amount: number, more: readonly HeaderLine[] = []) =>
  answered('read', 200, {
    round,
    body: { amount, createdAt: round },
    headers: [...(tag === null ? [] : [['ETag', tag] as const]), ...more],
  });
const write = (round: number, tag: string | null = null, status = 200) =>
  answered('write', status, { round, headers: tag === null ? [] : [['ETag', tag]] });

const table: readonly (readonly [name: string, Exchange[], expected: string])[] = [
  ['another tag each time', [read(0, '"1"', 1), write(1), read(1, '"2"', 2)], 'pass'],
  ['another weak tag', [read(0, 'W/"1"', 1), write(1), read(1, 'W/"2"', 2)], 'pass'],
  ['the strong tag stays', [read(0, '"1"', 1), write(1), read(1, '"1"', 2)], 'fail tag-kept'],
  ['the weak tag stays', [read(0, 'W/"1"', 1), write(1), read(1, 'W/"1"', 2)], 'warn weak-tag-kept'],
  ['it stays once', [read(0, '"1"', 1), write(1), read(1, '"2"', 2), write(2), read(2, '"2"', 3)], 'fail tag-kept'],
  [
    'it stays behind a lost answer',
    [read(0, '"1"', 1), lost('write', 'reset', { round: 1 }), read(1, '"1"', 2)],
    'fail tag-kept',
  ],
  [
    'the old tag with the old content',
    [read(0, '"1"', 1), write(1), read(1, '"2"', 2), write(2), read(2, '"1"', 1)],
    'pass',
  ],
  ['only what varies anyway differs', [read(0, '"1"', 1), write(1), read(1, '"1"', 1)], 'inconclusive control-failed'],
  [
    'the write says another strong tag',
    [read(0, '"1"', 1), write(1, '"x"'), read(1, '"2"', 2)],
    'warn response-tag-differs',
  ],
  [
    'the write says another weak tag',
    [read(0, '"1"', 1), write(1, 'W/"x"'), read(1, '"2"', 2)],
    'pass +weak-response-tag',
  ],
  ['the write says the tag', [read(0, '"1"', 1), write(1, '"2"'), read(1, '"2"', 2)], 'pass'],
  ['a 202 says another tag', [read(0, '"1"', 1), write(1, '"x"', 202), read(1, '"2"', 2)], 'pass'],
  ['the tag is gone', [read(0, '"1"', 1), write(1), read(1, null, 2)], 'inconclusive no-version'],
  ['no tag', [read(0, null, 1)], 'inconclusive no-version'],
  ['a cached read', [read(0, '"1"', 1), write(1), read(1, '"1"', 2, [['Age', '3']])], 'inconclusive cached'],
  ['a refused write', [read(0, '"1"', 1), write(1, null, 422), read(1, '"1"', 1)], 'inconclusive first-refused'],
  ['a voided write', [read(0, '"1"', 1), write(1, null, 503), read(1, '"1"', 1)], 'inconclusive unavailable'],
  ['no write', [read(0, '"1"', 1)], 'inconclusive lost-answers'],
  ['a refused read', [answered('read', 404)], 'inconclusive first-refused'],
  ['nothing sent', [], 'inconclusive lost-answers'],
  [
    'a read that is missing in between',
    [read(0, '"1"', 1), write(1), write(2), read(2, '"1"', 2)],
    'inconclusive control-failed',
  ],
];

describe('etag-changes-on-update', () => {
  it.each(table)('%s', (_, exchanges, expected) => {
    expect(outcome(scenarioOf(check, on).judge(evidence(exchanges)))).toBe(expected);
  });

  const coarse: DepotOptions['bend'] = (_, usual) => {
    const reply = usual();
    return reply.headers === undefined ? reply : { ...reply, headers: [['ETag', '"second-17"']] };
  };
  it.each([
    ['that is correct', {}, 'pass'],
    ['with weak tags', { tag: 'weak' }, 'pass'],
    ['that wants a version', { missing: 428 }, 'pass'],
    ['without tags', { tag: 'none' }, 'inconclusive no-version'],
    ['with a coarse tag', { bend: coarse }, 'fail tag-kept'],
  ] as const)('on a server %s', (_, options, expected) => {
    for (const write of [resource().replace, resource().update]) {
      expect(outcome(drive(scenarioOf(check, subject(write)), createDepot(options)).verdict)).toBe(expected);
    }
  });

  it('writes bodies of one length one straight after the other, and the first one again', () => {
    const { exchanges, steps } = drive(scenarioOf(check, on), createDepot());
    const bodies = exchanges.filter(({ step }) => step === 'write').map(({ request }) => request.body);
    expect(new Set(bodies.map(body => body?.length)).size).toBe(1);
    expect(new Set(bodies).size).toBe(3);
    expect(bodies.at(-1)).toBe(bodies[0]);
    const first = steps.findIndex(({ label }) => label === 'write');
    expect(steps.slice(first).some(({ kind }) => kind === 'later')).toBe(false);
  });

  it.each([
    ['a DELETE', resource().remove, resource()],
    ['without a read', resource().replace, resource({ read: null })],
    ['without a create', resource().replace, resource({ create: null })],
    ['one body', operation('PUT', '/x', 'replace', { marked: false, payloads: new Set(['body']) }), resource()],
  ])('does not apply to %s', (_, of, within) => {
    expect(isSkip(check.plan(subject(of, within), null))).toBe(true);
  });

  const versioned = subject(resource().replace, resource({ version: { in: 'body', name: 'etag' } }));
  const shown = (round: number, etag: string, amount: number) =>
    answered('read', 200, { round, body: { amount, etag } });
  const written = (round: number, etag: string) => answered('write', 200, { round, body: { etag } });
  it.each([
    ['changes', [shown(0, 'a', 1), write(1), shown(1, 'b', 2)], 'pass'],
    ['stays', [shown(0, 'a', 1), write(1), shown(1, 'a', 2)], 'fail tag-kept'],
    ['changes alone', [shown(0, 'a', 1), write(1), shown(1, 'b', 1)], 'inconclusive control-failed'],
    ['is another in the answer', [shown(0, 'a', 1), written(1, 'x'), shown(1, 'b', 2)], 'warn response-tag-differs'],
  ])('a version in the representation that %s', (_, exchanges, expected) => {
    expect(outcome(scenarioOf(check, versioned).judge(evidence(exchanges)))).toBe(expected);
  });
});
