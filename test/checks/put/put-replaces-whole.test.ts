import { describe, expect, it } from 'vitest';
import { putReplacesWhole as check } from '../../../src/checks/put/put-replaces-whole.js';
import { isSkip } from '../../../src/core/check.js';
import type { Exchange, HeaderLine } from '../../../src/core/http.js';
import type { Payload } from '../../../src/core/operation.js';
import type { Scope } from '../../../src/core/scope.js';
import { createDepot, type DepotOptions } from '../../support/depot.js';
import { drive } from '../../support/drive.js';
import { evidence } from '../../support/evidence.js';
import { createCanned } from '../../support/exchange.js';
import { outcome } from '../../support/outcome.js';
import { documented, page } from '../../support/page.js';
import { operation, resource, scenarioOf, subject } from '../../support/subject.js';

const { answered, lost } = createCanned();
const payloads: ReadonlySet<Payload> = new Set<Payload>(['body', 'omit']);
const put = operation('PUT', '/orders/{id}', 'replace', {
  payloads,
  build: (scope: Scope, payload = 'body') => ({
    method: 'PUT',
    path: `/orders/${String(scope.values['id'])}`,
    headers: [['content-type', 'application/json']],
    body: JSON.stringify(payload === 'omit' ? { amount: 1 } : { amount: 1, note: 'new', tags: ['a'] }),
  }),
});
const on = subject(put);

interface Story {
  /** What the create wrote. */
  readonly created?: object;
  /** The states after the first body without, the body with, and the second body without the fields. */
  readonly bare?: object;
  readonly filled?: object;
  readonly after?: object;
  readonly later?: object;
  readonly statuses?: readonly [without: number, with_: number, again: number];
  readonly headers?: readonly HeaderLine[];
}

const FILLED = { amount: 1, note: 'new', tags: ['a'] };
const BARE = { amount: 1, note: null, tags: [] };

function story({
  created = { amount: 1, note: 'old' },
  bare = BARE,
  filled = FILLED,
  after = BARE,
  later = after,
  statuses: [without, whole, again] = [200, 200, 200],
  headers = [],
}: Story): Exchange[] {
  const written = (step: string, status: number, body: object) =>
    answered(step, status, { method: 'PUT', requestBody: JSON.stringify(body) });
  return [
    answered('create', 201, { requestBody: JSON.stringify(created), body: { id: '1' } }),
    written('without', without, { amount: 1 }),
    answered('bare', 200, { body: bare }),
    written('with', whole, FILLED),
    answered('filled', 200, { body: filled }),
    written('without again', again, { amount: 1 }),
    answered('after', 200, { body: after, headers }),
    answered('later', 200, { body: later, headers }),
  ];
}

/** A write that says null, and what is read after it. */
const nulled = (status: number, state: object, round: number) => [
  answered('null', status, { round, method: round === 0 ? 'PUT' : 'PATCH' }),
  answered('after null', 200, { round, body: state }),
];

const table: readonly (readonly [name: string, exchanges: readonly Exchange[], expected: string])[] = [
  ['gone', story({ after: { amount: 1 } }), 'pass'],
  ['back at its default', story({}), 'pass'],
  ['below a wrapper', story({ filled: { data: FILLED }, after: { data: BARE } }), 'pass'],
  ['kept', story({ bare: { amount: 1, note: 'old' }, after: FILLED }), 'warn old-value-kept'],
  ['one of two kept', story({ after: { ...BARE, note: 'new' } }), 'warn old-value-kept'],
  ['an item kept', story({ after: { ...BARE, tags: ['a'] } }), 'warn old-value-kept'],
  [
    'kept, whatever is said',
    [...story({ after: FILLED }), ...nulled(200, FILLED, 0), ...nulled(200, FILLED, 1)],
    'fail old-value-kept',
  ],
  [
    'kept, but for a PATCH',
    [...story({ after: FILLED }), ...nulled(200, FILLED, 0), ...nulled(200, BARE, 1)],
    'warn old-value-kept',
  ],
  ['kept, and null is refused', [...story({ after: FILLED }), ...nulled(422, FILLED, 0)], 'warn old-value-kept'],
  ['a late change', story({ after: FILLED, later: BARE }), 'pass'],
  ['kept from the create on', story({ created: FILLED, bare: FILLED, after: FILLED }), 'warn perhaps-kept'],
  [
    'kept, and the first body without it was refused',
    story({ created: FILLED, after: FILLED, statuses: [409, 200, 200] }),
    'warn perhaps-kept',
  ],
  ['the default is what was written', story({ bare: FILLED, after: FILLED }), 'inconclusive control-failed'],
  ['never shown', story({ filled: { amount: 1 }, after: { amount: 1 } }), 'inconclusive control-failed'],
  ['one never shown', story({ filled: { amount: 1, note: 'new' } }), 'pass +fields-unseen'],
  ['not optional', story({ statuses: [422, 200, 422] }), 'inconclusive control-failed'],
  ['the whole body is refused', story({ statuses: [200, 422, 200] }), 'inconclusive first-refused'],
  ['a 503', story({ statuses: [200, 200, 503] }), 'inconclusive unavailable'],
  ['a cache', story({ after: FILLED, headers: [['Age', '3']] }), 'inconclusive cached'],
  ['a read that is refused', [...story({}).slice(0, 7), answered('later', 404)], 'inconclusive control-failed'],
  ['a lost answer', [...story({}).slice(0, 5), lost('without again')], 'inconclusive lost-answers'],
  ['nothing sent', [], 'inconclusive lost-answers'],
];

describe('put-replaces-whole', () => {
  it.each(table)('%s', (_, exchanges, expected) => {
    expect(outcome(scenarioOf(check, on).judge(evidence(exchanges)))).toBe(expected);
  });

  it('names the field that was kept', () => {
    const seen = evidence(story({ after: { ...BARE, note: 'new' } }));
    expect(scenarioOf(check, on).judge(seen)).toMatchObject({ findings: [{ args: { path: '$.note' } }] });
  });

  /** Keeps what a body leaves out. */
  const merging: NonNullable<DepotOptions['bend']> = (request, usual, orders) => {
    const [order] = orders.values();
    const kept = order?.fields ?? {};
    const reply = usual();
    const now = orders.get(order?.id ?? '');
    if (request.method !== 'PUT' || reply.status !== 200 || now === undefined) return reply;
    orders.set(now.id, { ...now, fields: { ...kept, ...now.fields } });
    return reply;
  };

  it.each([
    ['that replaces', {}, 'pass'],
    ['that wants a version', { missing: 428 }, 'pass'],
    ['that merges', { bend: merging }, 'warn old-value-kept'],
    ['that merges and wants a version', { bend: merging, missing: 412 }, 'warn old-value-kept'],
  ] as const)('on a server %s', (_, options, expected) => {
    expect(outcome(drive(scenarioOf(check, on), createDepot(options)).verdict)).toBe(expected);
  });

  it.each([
    ['Replace an order', 'fail old-value-kept'],
    ['Replace the given members, a partial update', 'warn old-value-kept'],
    ['Write an order', 'warn old-value-kept'],
  ])('takes the document at its word: %s', (summary, expected) => {
    const seen = evidence(story({ after: FILLED }));
    expect(outcome(scenarioOf(check, subject({ ...put, ...documented(page({ summary })) })).judge(seen))).toBe(
      expected,
    );
  });

  it('tries to take away what was kept, by PUT and by PATCH', () => {
    const { exchanges } = drive(scenarioOf(check, on), createDepot({ bend: merging }));
    const bodies = exchanges.filter(({ step }) => step === 'null').map(({ request }) => request.body);
    expect(bodies).toEqual(['{"amount":1,"note":null,"tags":null}', '{"note":null,"tags":null}']);
  });

  it.each([
    ['a PATCH', resource().update, resource()],
    ['no read', put, resource({ read: null })],
    ['no optional field', resource().replace, resource()],
  ])('does not apply: %s', (_, of, within) => {
    expect(isSkip(check.plan(subject(of, within), null))).toBe(true);
  });
});
