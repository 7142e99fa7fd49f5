import { describe, expect, it } from 'vitest';
import { keyReplayHeaders as check } from '../../../src/checks/keys/key-replay-headers.js';
import { isSkip } from '../../../src/core/check.js';
import { header, type Exchange, type HeaderLine } from '../../../src/core/http.js';
import { drive } from '../../support/drive.js';
import { evidence } from '../../support/evidence.js';
import { createCanned } from '../../support/exchange.js';
import { outcome } from '../../support/outcome.js';
import { createShop } from '../../support/shop.js';
import { keyed, keyless, operation, resource, scenarioOf, subject } from '../../support/subject.js';

const { answered, lost } = createCanned();
const BASE: readonly HeaderLine[] = [
  ['content-type', 'application/json; charset=utf-8'],
  ['location', '/orders/1'],
  ['etag', '"v1"'],
  ['link', '</orders/1/items>; rel="items"'],
  ['date', 'Mon, 01 Jan 2026 00:00:00 GMT'],
];
const but = (name: string, value: string | null): readonly HeaderLine[] => [
  ...BASE.filter(([known]) => known !== name),
  ...(value === null ? [] : ([[name, value]] as const)),
];
const GZIP = 'H4sIAAAAAAAAA6tWykxRslIyVKoFAKMJ6CAKAAAA';
const at = (step: string, headers: readonly HeaderLine[] = BASE, status = 201, id = '1') =>
  answered(step, status, { headers, body: { id } });
const zipped = (step: string, headers = but('content-encoding', 'gzip')): Exchange => {
  const exchange = answered(step, 201, { headers, body: GZIP });
  return {
    ...exchange,
    response: exchange.response && { ...exchange.response, bodyEncoding: 'base64', bodyBytes: 30 },
  };
};
const cookie = (value: string) => [...BASE, ['Set-Cookie', `sid=${value}; Path=/`] as const];
const first = at('first');

const table: readonly (readonly [name: string, Exchange[], expected: string])[] = [
  ['all headers kept', [first, at('replay'), at('replay-gzip'), at('coded')], 'pass'],
  ['another date', [first, at('replay', but('date', 'Mon, 01 Jan 2026 00:00:09 GMT'))], 'pass'],
  ['no Location', [first, at('replay', but('location', null))], 'warn header-lost'],
  [
    'no ETag and no Link',
    [
      first,
      at(
        'replay',
        but('etag', null).filter(([name]) => name !== 'link'),
      ),
    ],
    'warn header-lost header-lost',
  ],
  ['another ETag', [first, at('replay', but('etag', '"v2"'))], 'warn header-changed'],
  ['another type', [first, at('replay', but('content-type', 'text/plain'))], 'warn header-changed'],
  [
    'the same type, written differently',
    [first, at('replay', but('content-type', 'Application/JSON;charset="utf-8"'))],
    'pass',
  ],
  ['an absolute Location', [first, at('replay', but('location', 'https://api.example/orders/1'))], 'pass'],
  ['another Location', [first, at('replay', but('location', '/orders/2'))], 'warn header-changed'],
  ['another Link', [first, at('replay', but('link', '</x>; rel="self"'))], 'pass'],
  ['an empty body without type', [first, answered('replay', 201, { headers: but('content-type', null) })], 'pass'],
  ['marked', [first, at('replay', but('Idempotent-Replayed', 'true'))], 'pass +marked'],
  ['a wrong length', [first, at('replay', but('content-length', '99'))], 'fail unreadable'],
  [
    'a wrong length in both',
    [at('first', but('content-length', '99')), at('replay', but('content-length', '99'))],
    'pass',
  ],
  [
    'a length beside chunks',
    [first, at('replay', [...but('content-length', '99'), ['transfer-encoding', 'chunked']])],
    'pass',
  ],
  ['gzip that is none', [first, at('replay'), at('replay-gzip', but('content-encoding', 'gzip'))], 'fail unreadable'],
  ['gzip', [first, at('replay'), zipped('replay-gzip')], 'pass'],
  ['gzip nobody asked for', [first, zipped('replay')], 'fail unreadable'],
  ['gzip, then plain', [first, at('replay'), zipped('replay-gzip'), zipped('coded'), at('decoded')], 'pass'],
  [
    'gzip kept for one who did not ask',
    [first, at('replay'), at('replay-gzip'), zipped('coded'), zipped('decoded')],
    'fail unreadable',
  ],
  [
    'gzip always',
    [zipped('first'), zipped('replay'), zipped('replay-gzip'), zipped('coded'), zipped('decoded')],
    'pass',
  ],
  ['no HTTP', [first, lost('replay', 'protocol')], 'fail unreadable?'],
  ['reset', [first, lost('replay')], 'inconclusive lost-answers'],
  [
    'its cookie again',
    [at('first', cookie('a')), at('replay', cookie('a')), at('coded', cookie('b'))],
    'fail session-replayed',
  ],
  [
    'the cookie of every answer',
    [at('first', cookie('a')), at('replay', cookie('a')), at('coded', cookie('a'))],
    'pass +constant-cookie',
  ],
  ['a cookie of its own', [at('first', cookie('a')), at('replay', cookie('b')), at('coded', cookie('c'))], 'pass'],
  ['no cookie on the repeat', [at('first', cookie('a')), at('replay'), at('coded', cookie('b'))], 'pass'],
  ['its cookie again, nothing to hold it against', [at('first', cookie('a')), at('replay', cookie('a'))], 'pass'],
  ['a cookie deleted', [at('first', cookie('')), at('replay', cookie('')), at('coded')], 'pass'],
  ['a conflict', [first, at('replay', BASE, 409)], 'inconclusive control-failed'],
  ['another id', [first, at('replay', but('location', '/orders/2'), 201, '2')], 'inconclusive control-failed'],
  ['503', [first, at('replay', BASE, 503)], 'inconclusive unavailable'],
  ['first refused', [at('first', BASE, 400)], 'inconclusive first-refused'],
  ['nothing sent', [], 'inconclusive lost-answers'],
];

describe('key-replay-headers', () => {
  it.each(table)('%s', (_, exchanges, expected) => {
    const scenario = scenarioOf(check, subject(operation('POST', '/orders', 'create')));
    expect(outcome(scenario.judge(evidence(exchanges)))).toBe(expected);
  });

  it('wants no Location on a declared 200', () => {
    const create = operation('POST', '/orders', 'create', { contract: { ...keyed, replayStatuses: [200] } });
    const seen = evidence([first, at('replay', but('location', null), 200)]);
    expect(outcome(scenarioOf(check, subject(create)).judge(seen))).toBe('pass');
  });

  it('asks for gzip on the repeat alone, and once on a first request', () => {
    const { verdict, exchanges } = drive(scenarioOf(check, subject(resource().create)), createShop());
    expect(outcome(verdict)).toBe('pass');
    expect(exchanges.map(({ step, request }) => [step, header(request, 'accept-encoding')])).toEqual([
      ['first', null],
      ['replay', null],
      ['replay-gzip', 'gzip'],
      ['coded', 'gzip'],
    ]);
  });

  it('applies where something is replayed', () => {
    const skips = (contract: typeof keyed) =>
      isSkip(check.plan(subject(operation('POST', '/orders', 'create', { contract })), null));
    expect([keyed, keyless, { ...keyed, replayMode: 'conflict' as const }].map(skips)).toEqual([false, true, true]);
    expect(isSkip(check.plan(subject(resource().update), null))).toBe(true);
  });
});
