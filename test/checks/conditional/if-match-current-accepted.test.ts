import { describe, expect, it } from 'vitest';
import { ifMatchCurrentAccepted as check } from '../../../src/checks/conditional/if-match-current-accepted.js';
import { isSkip } from '../../../src/core/check.js';
import type { Contract } from '../../../src/core/contract.js';
import { header, type Exchange } from '../../../src/core/http.js';
import { createDepot, type DepotOptions } from '../../support/depot.js';
import { drive } from '../../support/drive.js';
import { evidence } from '../../support/evidence.js';
import { createCanned } from '../../support/exchange.js';
import { outcome } from '../../support/outcome.js';
import { keyless, operation, resource, scenarioOf, subject } from '../../support/subject.js';

const { answered, lost } = createCanned();
const look = (step: string, tag: string | null, state: object, status = 200) =>
  answered(step, status, { body: state, headers: tag === null ? [] : [['ETag', tag]] });
const write = (status: number, step = 'write') =>
  answered(step, status, { method: 'PUT', requestBody: '{"amount":2}' });
const from = (tag: string | null = '"1"') => [look('before', tag, { amount: 0 }), look('start', tag, { amount: 0 })];
const changed = (tag = '"2"') => look('after', tag, { amount: 2 });
const accepted = (tag = '"1"') => [...from(tag), write(200), changed()];
interface Told {
  readonly tag?: string;
  readonly next?: string;
  readonly second?: number;
}
const refused = (status: number, { tag = '"1"', next = tag, second = status }: Told = {}) => [
  ...from(tag),
  write(status),
  look('again', next, { amount: 0 }),
  write(second, 'write again'),
];
const unknown = (status: number) => write(status, 'unknown');
const plain = (status: number) => write(status, 'plain');

const table: readonly (readonly [name: string, Exchange[], expected: string])[] = [
  ['accepted, an unknown one refused', [...accepted(), unknown(412)], 'pass'],
  ['accepted without content', [...from(), write(204), changed(), unknown(412)], 'pass'],
  ['accepted, an unknown one refused with 400', [...accepted(), unknown(400)], 'pass'],
  ['accepted, as is an unknown one', [...accepted(), unknown(200)], 'inconclusive control-failed'],
  ['accepted, the unknown one crashes', [...accepted(), unknown(500)], 'inconclusive control-failed'],
  ['accepted, the unknown one is lost', [...accepted(), lost('unknown')], 'inconclusive lost-answers'],
  ['accepted, the unknown one is voided', [...accepted(), unknown(503)], 'inconclusive unavailable'],
  [
    'accepted and not done',
    [...from(), write(200), look('after', '"1"', { amount: 0 }), unknown(412)],
    'inconclusive no-effect',
  ],
  ['accepted and not to be read', [...from(), write(200), look('after', null, {}, 404)], 'inconclusive first-refused'],
  ['accepted for later', [...from(), write(202), changed(), unknown(412)], 'inconclusive still-pending'],
  ['a weak tag accepted', [...accepted('W/"1"'), unknown(412)], 'warn weak-matched'],
  ['a weak tag accepted, as is an unknown one', [...accepted('W/"1"'), unknown(200)], 'inconclusive control-failed'],
  ['a malformed tag accepted', [...accepted('1'), unknown(412)], 'pass'],
  ['refused', [...refused(412), plain(428)], 'fail current-refused'],
  ['refused, and a new version then', refused(412, { next: '"2"' }), 'inconclusive unsteady'],
  ['refused once', refused(412, { second: 200 }), 'inconclusive unsteady'],
  ['refused, then lost', [...refused(412).slice(0, 4), lost('write again')], 'inconclusive lost-answers'],
  ['refused, then voided', refused(412, { second: 429 }), 'inconclusive rate-limited'],
  ['refused with 403, and fine without', [...refused(403), plain(200)], 'fail current-refused'],
  ['refused with 422, as without', [...refused(422), plain(422)], 'inconclusive control-failed'],
  ['refused with 400, and voided without', [...refused(400), plain(503)], 'inconclusive unavailable'],
  ['refused with 400, and lost without', [...refused(400), lost('plain')], 'inconclusive lost-answers'],
  ['a weak tag refused', [...refused(412, { tag: 'W/"1"' }), plain(200)], 'warn weak-unusable'],
  ['a malformed tag refused', [...refused(412, { tag: '1' }), plain(200)], 'warn current-refused'],
  ['a crash', [...from(), write(500), plain(428)], 'fail crashed?'],
  ['a crash, and without a version too', [...from(), write(500), plain(500)], 'inconclusive control-failed'],
  ['a crash, voided without a version', [...from(), write(500), plain(503)], 'inconclusive unavailable'],
  ['a crash, lost without a version', [...from(), write(500), lost('plain')], 'inconclusive lost-answers'],
  ['voided', [...from(), write(429)], 'inconclusive rate-limited'],
  ['a redirect', [...from(), write(303)], 'inconclusive control-failed'],
  ['lost', [...from(), lost('write')], 'inconclusive lost-answers'],
  ['no version', from(null), 'inconclusive no-version'],
  ['a start that is refused', [look('start', null, {}, 404)], 'inconclusive first-refused'],
  ['nothing sent', [], 'inconclusive lost-answers'],
];

const on = subject(resource().replace);
const judge = (exchanges: readonly Exchange[], variant: string | null = null, within = on) =>
  outcome(scenarioOf(check, within, variant).judge(evidence(exchanges)));

describe('if-match-current-accepted', () => {
  it.each(table)('%s', (_, exchanges, expected) => {
    expect(judge(exchanges)).toBe(expected);
  });

  it.each([
    ['any', [...refused(412), plain(428)], 'warn any-refused'],
    ['any', [...accepted('W/"1"'), unknown(412)], 'pass'],
    ['gzip', [...refused(412), plain(428)], 'warn gzip-tag-refused'],
    [
      'gzip',
      [...refused(412, { tag: 'W/"1"' }).toSpliced(0, 1, look('before', '"1"', {})), plain(428)],
      'warn gzip-tag-refused',
    ],
    ['gzip', [...refused(412, { tag: 'W/"1"' }), plain(428)], 'inconclusive control-failed'],
    ['gzip', [...accepted('W/"1"'), unknown(412)], 'pass'],
    ['gzip', [answered('start', 200, { headers: [['Last-Modified', 'Mon']] })], 'inconclusive no-version'],
  ] as const)('variant %s (%#)', (variant, exchanges, expected) => {
    expect(judge(exchanges, variant)).toBe(expected);
  });

  it('takes weak comparison where the contract promises it', () => {
    const contract: Contract = { ...keyless, etag: { ...keyless.etag, comparison: 'weak' } };
    const within = subject(operation('PUT', '/orders/{id}', 'replace', { contract }));
    expect(judge([...accepted('W/"1"'), unknown(412)], null, within)).toBe('pass');
    expect(judge([...refused(412, { tag: 'W/"1"' }), plain(200)], null, within)).toBe('fail current-refused');
  });

  it('only warns under Last-Modified', () => {
    const timed = (step: string) => answered(step, 200, { body: {}, headers: [['Last-Modified', 'Mon']] });
    const exchanges = [timed('before'), timed('start'), write(412), timed('again'), write(412, 'write again')];
    expect(judge(exchanges)).toBe('warn current-refused');
  });

  it('asks for a write without a version when a field is answered with 409', () => {
    const within = resource({ version: { in: 'body', name: 'v' } });
    const fielded = (step: string) => look(step, null, { v: 1 });
    const exchanges = [fielded('before'), fielded('start'), write(409), fielded('again'), write(409, 'write again')];
    const of = subject(within.replace, within);
    expect(judge([...exchanges, plain(409)], null, of)).toBe('inconclusive control-failed');
    expect(judge([...exchanges, plain(200)], null, of)).toBe('fail current-refused');
  });

  const bent =
    (status: number): NonNullable<DepotOptions['bend']> =>
    (request, usual) =>
      /^"v\d+"$/.test(header(request, 'if-match') ?? '') ? { status } : usual();
  /** Gives another tag with a compressed answer than If-Match knows. */
  const compressing: NonNullable<DepotOptions['bend']> = (request, usual) => {
    const reply = usual();
    const isGzip = request.method === 'GET' && header(request, 'accept-encoding') === 'gzip';
    return isGzip ? { ...reply, headers: [['ETag', '"v1-gzip"']] } : reply;
  };
  it.each([
    ['that is correct', {}, null, 'pass'],
    ['that is correct', {}, 'any', 'pass'],
    ['that is correct', {}, 'gzip', 'pass'],
    ['that wants a version', { missing: 428 }, null, 'pass'],
    ['with times', { tag: 'modified' }, null, 'pass'],
    ['with weak tags it matches', { tag: 'weak' }, null, 'warn weak-matched'],
    ['with weak tags it never matches', { tag: 'weak', ifMatch: 'never' }, null, 'warn weak-unusable'],
    ['with tags that are weak at first', { tag: 'late' }, null, 'pass +weak-at-first'],
    ['with tags that are weak at first', { tag: 'late' }, 'any', 'pass'],
    ['with tags that are weak at first', { tag: 'late' }, 'gzip', 'pass'],
    ['that takes no tag', { ifMatch: 'never' }, null, 'fail current-refused'],
    ['that takes no star', { ifMatch: 'never' }, 'any', 'warn any-refused'],
    ['that ignores If-Match', { ifMatch: 'ignored' }, null, 'inconclusive control-failed'],
    ['that crashes', { bend: bent(500) }, null, 'fail crashed?'],
    ['that compresses', { bend: compressing }, 'gzip', 'warn gzip-tag-refused'],
    ['that compresses', { bend: compressing }, null, 'pass'],
    ['without versions', { tag: 'none' }, null, 'inconclusive no-version'],
  ] as const)('on a server %s (%#)', (_, options, variant, expected) => {
    for (const of of [resource().replace, resource().update]) {
      expect(outcome(drive(scenarioOf(check, subject(of), variant), createDepot(options)).verdict)).toBe(expected);
    }
  });

  it('sends the tag of the read as it is, and * for the variant', () => {
    const sent = (variant: string | null) =>
      drive(scenarioOf(check, on, variant), createDepot())
        .exchanges.filter(({ step }) => step === 'write')
        .map(({ request }) => header(request, 'if-match'));
    expect([sent(null), sent('any')]).toEqual([['"v1"'], ['*']]);
  });

  const fielded = resource({ version: { in: 'body', name: 'version' } });
  it.each([
    ['a DELETE', resource().remove, resource(), null],
    ['no read', resource().replace, resource({ read: null }), null],
    ['no create', resource().replace, resource({ create: null }), null],
    ['a field under a variant', fielded.replace, fielded, 'any'],
  ])('does not apply: %s', (_, of, within, variant) => {
    expect(isSkip(check.plan(subject(of, within), variant))).toBe(true);
  });
});
