import { describe, expect, it } from 'vitest';
import { etagStable as check } from '../../../src/checks/conditional/etag-stable.js';
import { isSkip } from '../../../src/core/check.js';
import type { Exchange, HeaderLine } from '../../../src/core/http.js';
import { createDepot } from '../../support/depot.js';
import { drive } from '../../support/drive.js';
import { evidence } from '../../support/evidence.js';
import { createCanned } from '../../support/exchange.js';
import { outcome } from '../../support/outcome.js';
import { operation, resource, scenarioOf, subject } from '../../support/subject.js';

const { answered, lost } = createCanned();
const on = subject(resource().read);
const read = (tag: string | null, body: string, more: readonly HeaderLine[] = []) =>
  answered('read', 200, { body, headers: [...(tag === null ? [] : [['ETag', tag] as const]), ...more] });
const revalidated = (status: number, tag = '"1"') => answered('revalidate', status, { headers: [['ETag', tag]] });
const not = revalidated(304);
const gzip: HeaderLine = ['content-encoding', 'gzip'];

const refusals = (...statuses: readonly number[]) =>
  statuses.map((status, round) => answered('write', status, { method: 'PATCH', round }));

const table: readonly (readonly [name: string, Exchange[], expected: string])[] = [
  ['one tag, one content', [read('"1"', 'a'), read('"1"', 'a'), not], 'pass'],
  ['a weak tag over other bytes', [read('W/"1"', 'a'), read('W/"1"', 'b'), not], 'pass'],
  ['a weak tag that grows strong', [read('W/"1"', 'a'), read('"1"', 'a'), not], 'pass'],
  ['a strong tag over other bytes', [read('"1"', 'a'), read('"1"', 'b'), not], 'fail bytes-differ'],
  [
    'a strong tag over other bytes, apart',
    [read('"1"', 'a'), read('"2"', 'b'), read('"1"', 'c'), not],
    'fail bytes-differ',
  ],
  ['a strong tag over other codings', [read('"1"', 'a'), read('"1"', 'b', [gzip]), read('"1"', 'a'), not], 'pass'],
  [
    'a strong tag over the same JSON',
    [read('"1"', '{"a":1,"b":2}'), read('"1"', '{"b":2,"a":1}'), not],
    'warn reformatted',
  ],
  [
    'another tag over the same content',
    [read('"1"', 'a'), read('"2"', 'a'), revalidated(304, '"2"')],
    'warn tag-unstable',
  ],
  [
    'another tag over the same content, and no write under it',
    [read('"1"', 'a'), read('"2"', 'a'), revalidated(304, '"2"'), ...refusals(412, 412)],
    'fail tag-unusable',
  ],
  [
    'another tag over the same content, and one write under it',
    [read('"1"', 'a'), read('"2"', 'a'), revalidated(304, '"2"'), ...refusals(412, 200)],
    'warn tag-unstable',
  ],
  [
    'another tag over the same content, and writes that are refused for something else',
    [read('"1"', 'a'), read('"2"', 'a'), revalidated(304, '"2"'), ...refusals(403, 403)],
    'warn tag-unstable',
  ],
  ['a tag that comes and goes', [read('"1"', 'a'), read(null, 'a'), not], 'warn tag-unstable'],
  ['a resource that changes', [read('"1"', 'a'), read('"2"', 'b'), revalidated(304, '"2"')], 'inconclusive unsteady'],
  ['an unquoted tag', [read('abc', 'a'), read('abc', 'a'), not], 'fail malformed-tag'],
  ['a w/ tag', [read('w/"1"', 'a'), read('w/"1"', 'a'), not], 'fail malformed-tag'],
  ['no 304', [read('"1"', 'a'), read('"1"', 'a'), revalidated(200)], 'warn no-304'],
  [
    'no 304, for it has changed',
    [read('"1"', 'a'), read('"1"', 'a'), revalidated(200, '"2"')],
    'inconclusive unsteady',
  ],
  ['a crash in place of a 304', [read('"1"', 'a'), read('"1"', 'a'), revalidated(500)], 'warn no-304'],
  ['a 503 in place of a 304', [read('"1"', 'a'), read('"1"', 'a'), revalidated(503)], 'inconclusive unavailable'],
  ['a lost 304', [read('"1"', 'a'), read('"1"', 'a'), lost('revalidate')], 'inconclusive lost-answers'],
  ['no tag', [read(null, 'a'), read(null, 'a')], 'inconclusive no-version'],
  ['a read that is refused', [read('"1"', 'a'), answered('read', 403)], 'inconclusive first-refused'],
  ['a read that is voided', [read('"1"', 'a'), answered('read', 503)], 'inconclusive unavailable'],
  ['a lost read', [read('"1"', 'a'), lost('read')], 'inconclusive lost-answers'],
  ['one read', [read('"1"', 'a')], 'inconclusive lost-answers'],
  ['nothing sent', [], 'inconclusive lost-answers'],
];

describe('etag-stable', () => {
  it.each(table)('%s', (_, exchanges, expected) => {
    expect(outcome(scenarioOf(check, on).judge(evidence(exchanges)))).toBe(expected);
  });

  it.each([
    ['strong', 'pass'],
    ['weak', 'pass'],
    ['late', 'pass'],
    ['none', 'inconclusive no-version'],
    ['modified', 'inconclusive no-version'],
  ] as const)('on a server with a %s tag', (tag, expected) => {
    const { verdict, steps } = drive(scenarioOf(check, on), createDepot({ tag }));
    expect(outcome(verdict)).toBe(expected);
    expect(steps.filter(({ label }) => label === 'read')).toHaveLength(5);
  });

  it('writes under a strong tag that changes by itself', () => {
    let reads = 0;
    const { verdict, exchanges } = drive(
      scenarioOf(check, on),
      createDepot({
        bend: (request, usual) => {
          const reply = usual();
          if (request.method !== 'GET' || reply.status !== 200) return null;
          reads += 1;
          return { ...reply, headers: [['ETag', `"${reads}"`]] };
        },
      }),
    );
    expect(outcome(verdict)).toBe('fail tag-unusable');
    expect(exchanges.filter(({ step }) => step === 'write')).toHaveLength(2);
  });

  const versioned = subject(resource().read, resource({ version: { in: 'body', name: 'meta.version' } }));
  const shown = (version: number | null, amount: number) =>
    read(null, JSON.stringify({ amount, meta: version === null ? {} : { version } }));
  it.each([
    ['stays', [shown(1, 5), shown(1, 5)], 'pass'],
    ['moves by itself', [shown(1, 5), shown(2, 5)], 'warn tag-unstable'],
    ['comes and goes', [shown(1, 5), shown(null, 5)], 'warn tag-unstable'],
    ['moves with the content', [shown(1, 5), shown(2, 6)], 'inconclusive unsteady'],
    ['stays over other content', [shown(1, 5), shown(1, 6)], 'inconclusive unsteady'],
    ['is not there', [shown(null, 5), shown(null, 5)], 'inconclusive no-version'],
  ])('a version in the representation that %s', (_, exchanges, expected) => {
    expect(outcome(scenarioOf(check, versioned).judge(evidence(exchanges)))).toBe(expected);
  });

  it('asks for a 304 without no-cache, which some servers take as a wish for 200', () => {
    const { exchanges } = drive(scenarioOf(check, on), createDepot());
    const last = exchanges.at(-1)?.request.headers;
    expect(last).toEqual(
      expect.arrayContaining([
        ['If-None-Match', '"v1"'],
        ['Cache-Control', 'max-age=0'],
      ]),
    );
  });

  it('applies to reads, and to lists for which an ETag is documented', () => {
    const documented = { statuses: ['200'], requestHeaders: [], responseHeaders: ['etag'] };
    const list = operation('GET', '/orders', 'list');
    expect(isSkip(check.plan(subject(list), null))).toBe(true);
    expect(isSkip(check.plan(subject({ ...list, documented }), null))).toBe(false);
    expect(isSkip(check.plan(subject(resource().read, resource({ create: null, list: null })), null))).toBe(true);
    expect(isSkip(check.plan(subject(resource().replace), null))).toBe(true);
  });
});
