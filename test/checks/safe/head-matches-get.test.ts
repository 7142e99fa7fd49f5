import { describe, expect, it } from 'vitest';
import { headMatchesGet as check } from '../../../src/checks/safe/head-matches-get.js';
import { isSkip } from '../../../src/core/check.js';
import type { Exchange, HeaderLine } from '../../../src/core/http.js';
import { createDepot, type DepotOptions } from '../../support/depot.js';
import { drive } from '../../support/drive.js';
import { evidence } from '../../support/evidence.js';
import { createCanned } from '../../support/exchange.js';
import { outcome } from '../../support/outcome.js';
import { operation, resource, scenarioOf, subject } from '../../support/subject.js';

const { answered, lost } = createCanned();
const on = subject(resource().read);
const headers: readonly HeaderLine[] = [
  ['Content-Type', 'application/json'],
  ['ETag', '"1"'],
];
const get = (body = 'abcd', more: readonly HeaderLine[] = headers, status = 200) =>
  answered('get', status, { body, headers: more });
const again = (body = 'abcd', more: readonly HeaderLine[] = headers) =>
  answered('get-again', 200, { body, headers: more });
const head = (more: readonly HeaderLine[] = headers, status = 200, body = '') =>
  answered('head', status, { body, headers: more });
const sized = (length: string, more: readonly HeaderLine[] = headers): HeaderLine[] => [
  ...more,
  ['Content-Length', length],
];

const table: readonly (readonly [name: string, Exchange[], expected: string])[] = [
  ['the same', [get(), head(), again()], 'pass'],
  ['the same, with the length', [get(), head(sized('4')), again()], 'pass'],
  ['a body', [get(), head(headers, 200, 'abcd'), again()], 'fail body-sent'],
  ['a body with an error', [get(), head(headers, 404, '{}'), again()], 'fail body-sent head-not-served'],
  ['another length', [get(), head(sized('5')), again()], 'fail length-differs'],
  ['a length of 0', [get(), head(sized('0')), again()], 'fail length-differs'],
  ['a nonsense length', [get(), head(sized('x')), again()], 'pass'],
  [
    'a length under another coding',
    [get(), head(sized('2', [...headers, ['Content-Encoding', 'gzip']])), again()],
    'pass',
  ],
  ['GETs of different lengths', [get(), head(sized('4')), again('abc')], 'inconclusive unsteady'],
  ['GETs of different lengths, HEAD says none', [get(), head(), again('abc')], 'pass'],
  [
    'another type',
    [
      get(),
      head([
        ['Content-Type', 'text/html'],
        ['ETag', '"1"'],
      ]),
      again(),
    ],
    'warn head-differs',
  ],
  [
    'another tag',
    [
      get(),
      head([
        ['Content-Type', 'application/json'],
        ['ETag', '"2"'],
      ]),
      again(),
    ],
    'warn head-differs',
  ],
  [
    'both',
    [
      get(),
      head([
        ['Content-Type', 'text/html'],
        ['ETag', '"2"'],
      ]),
      again(),
    ],
    'warn head-differs head-differs',
  ],
  [
    'a tag that moves anyway',
    [
      get(),
      head([
        ['Content-Type', 'application/json'],
        ['ETag', '"2"'],
      ]),
      again('abcd', [['ETag', '"3"']]),
    ],
    'pass',
  ],
  ['left out', [get(), head([['Content-Type', 'application/json']]), again()], 'pass +head-omits'],
  ['another status', [get(), head(headers, 204), again()], 'warn head-differs'],
  ['a refusal', [get(), head(headers, 403), again()], 'warn head-differs'],
  ['not allowed', [get(), head(headers, 405), again()], 'warn head-not-served'],
  ['not found', [get(), head(headers, 404), again()], 'warn head-not-served'],
  ['not implemented', [get(), head(headers, 501), again()], 'fail head-crashed?'],
  ['a crash', [get(), head(headers, 500), again()], 'fail head-crashed?'],
  ['a 503', [get(), head(headers, 503), again()], 'inconclusive unavailable'],
  ['lost', [get(), lost('head', 'protocol'), again()], 'inconclusive lost-answers'],
  ['a GET that is refused', [get('', headers, 403), head(headers, 403), again()], 'inconclusive first-refused'],
  ['no second GET', [get(), head()], 'inconclusive lost-answers'],
  ['nothing sent', [], 'inconclusive lost-answers'],
];

describe('head-matches-get', () => {
  it.each(table)('%s', (_, exchanges, expected) => {
    expect(outcome(scenarioOf(check, on).judge(evidence(exchanges)))).toBe(expected);
  });

  const bodied: NonNullable<DepotOptions['bend']> = (request, usual) => {
    const reply = usual();
    return request.method === 'HEAD' ? { ...reply, body: 'x' } : reply;
  };
  it.each([
    ['that is correct', {}, 'pass'],
    ['that sends a body', { bend: bodied }, 'fail body-sent'],
  ] as const)('on a server %s', (_, options, expected) => {
    const { verdict, exchanges } = drive(scenarioOf(check, on), createDepot(options));
    expect(outcome(verdict)).toBe(expected);
    const [one, two] = exchanges.slice(-3).map(({ request }) => request);
    expect(two).toEqual({ ...one, method: 'HEAD' });
  });

  it.each([
    ['a read', resource().read, resource(), true],
    ['a list', operation('GET', '/orders', 'list'), resource({ create: null }), true],
    ['another GET', operation('GET', '/health', 'other'), resource(), true],
    ['another GET with a marker', operation('GET', '/search?q={{marker}}', 'other'), resource(), true],
    ['another GET with a parameter', operation('GET', '/orders/{id}/log', 'other'), resource(), false],
    ['a read of what a list shows', resource().read, resource({ create: null }), true],
    ['a read of nothing', resource().read, resource({ create: null, list: null }), false],
    ['a list by POST', operation('POST', '/search', 'list'), resource(), false],
    ['a DELETE', resource().remove, resource(), false],
    ['an action by GET', operation('GET', '/orders/{id}/pay', 'action:pay'), resource(), false],
  ])('%s', (_, of, within, applies) => {
    expect(isSkip(check.plan(subject(of, within), null))).toBe(!applies);
  });
});
