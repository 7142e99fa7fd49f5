import { describe, expect, it } from 'vitest';
import { deleteThenGet as check } from '../../../src/checks/delete/delete-then-get.js';
import { isSkip } from '../../../src/core/check.js';
import type { Exchange, HeaderLine } from '../../../src/core/http.js';
import type { Reading } from '../../../src/core/reading.js';
import { createDepot, type DepotOptions, type Stored } from '../../support/depot.js';
import { drive } from '../../support/drive.js';
import { evidence, reading } from '../../support/evidence.js';
import { createCanned } from '../../support/exchange.js';
import { outcome } from '../../support/outcome.js';
import { member, resource, scenarioOf, subject } from '../../support/subject.js';

const { answered, lost } = createCanned();
const on = subject(resource().remove);
const state = { id: '1', amount: 1, status: 'open' };
const upTo = (status = 204, noise: object = {}) => [
  answered('before', 200, { body: state }),
  answered('control', 200, { body: { ...state, ...noise } }),
  answered('delete', status, { to: 1000 }),
];
const gone = (status: number, body: object = {}, headers: readonly HeaderLine[] = [], at = 6_000_000) =>
  answered('gone', status, { body, headers, from: at, to: at });
const before = reading('listed-before', 1);
const listed = (count: number | null, overrides: Partial<Reading> = {}) => [
  before,
  reading('listed', count, overrides),
];

const table: readonly (readonly [name: string, Exchange[], Reading[], expected: string])[] = [
  ['gone and unlisted', [...upTo(), gone(404)], listed(0), 'pass'],
  ['gone, no list', [...upTo(), gone(410)], [], 'pass'],
  ['gone at last', [...upTo(), gone(200, state, [], 2000), gone(404)], listed(0), 'pass'],
  ['gone and still listed', [...upTo(), gone(404)], listed(1), 'fail still-listed'],
  ['gone, and the list lags', [...upTo(), gone(404, {}, [], 100_000)], listed(1), 'inconclusive still-pending'],
  ['gone, never seen in the list', [...upTo(), gone(404)], [reading('listed-before', 0), reading('listed', 1)], 'pass'],
  ['gone, the list failed', [...upTo(), gone(404)], listed(null), 'pass'],
  [
    'gone, still in the table',
    [...upTo(), gone(404)],
    [reading('listed-before', 1, { kind: 'command' }), reading('listed', 1, { kind: 'command' })],
    'pass',
  ],
  ['readable, no list', [...upTo(), gone(200, state)], [], 'fail still-readable'],
  ['readable and listed', [...upTo(), gone(200, state)], listed(1), 'fail still-readable'],
  ['readable, unlisted', [...upTo(), gone(200, state)], listed(0), 'warn still-readable'],
  ['readable, looked too early', [...upTo(), gone(200, state, [], 100_000)], [], 'inconclusive still-pending'],
  ['readable, and changed', [...upTo(), gone(200, { ...state, status: 'cancelled' })], [], 'pass +soft-deleted'],
  ['readable, and marked', [...upTo(), gone(200, { ...state, deletedAt: 'x' })], listed(1), 'pass +soft-deleted'],
  [
    'readable, and restless',
    [...upTo(204, { amount: 2 }), gone(200, { ...state, amount: 3 })],
    [],
    'fail still-readable',
  ],
  ['readable, from a cache', [...upTo(), gone(200, state, [['Age', '7']])], [], 'inconclusive cached'],
  ['readable, accepted for later', [...upTo(202), gone(200, state)], [], 'inconclusive still-pending'],
  ['listed, accepted for later', [...upTo(202), gone(404)], listed(1), 'inconclusive still-pending'],
  ['forbidden', [...upTo(), gone(403)], [], 'warn forbidden'],
  ['unauthorised', [...upTo(), gone(401)], [], 'inconclusive control-failed'],
  ['a crash', [...upTo(), gone(500)], [], 'fail crashed?'],
  ['a 503', [...upTo(), gone(503)], [], 'inconclusive unavailable'],
  ['a lost read', [...upTo(), lost('gone')], [], 'inconclusive lost-answers'],
  ['no read', upTo(), [], 'inconclusive lost-answers'],
  ['a DELETE that is refused', upTo(409), [], 'inconclusive first-refused'],
  ['not readable before', [answered('before', 404)], [], 'inconclusive first-refused'],
  ['nothing sent', [], [], 'inconclusive lost-answers'],
];

describe('delete-then-get', () => {
  it.each(table)('%s', (_, exchanges, readings, expected) => {
    expect(outcome(scenarioOf(check, on).judge(evidence(exchanges, readings)))).toBe(expected);
  });

  it('names the list it was seen in', () => {
    const list = answered('listed', 200);
    const readings = [before, reading('listed', 1, { exchanges: [list.n] })];
    const verdict = scenarioOf(check, on).judge(evidence([...upTo(), gone(404), list], readings));
    expect(verdict).toMatchObject({ findings: [{ exchanges: expect.arrayContaining([list.n]) }] });
  });

  it('holds a resource to the value that the spec says deletion shows in', () => {
    const within = resource({ gone: { kind: 'value', value: member('status'), equals: 'deleted' } });
    const judge = (status: string) =>
      outcome(
        scenarioOf(check, subject(within.remove, within)).judge(evidence([...upTo(), gone(200, { ...state, status })])),
      );
    expect(judge('deleted')).toBe('pass');
    expect(judge('open')).toBe('fail still-readable');
    expect(judge('archived')).toBe('fail still-readable');
  });

  const kept = new Map<string, Stored>();
  const readable: NonNullable<DepotOptions['bend']> = (request, usual, orders) => {
    for (const [id, order] of orders) kept.set(id, order);
    const reply = usual();
    const order = kept.get(request.path.split('/').at(-1) ?? '');
    return request.method === 'GET' && reply.status === 404 && order !== undefined
      ? { status: 200, body: { id: order.id, ...order.fields } }
      : reply;
  };
  const slow = (ms: number): NonNullable<DepotOptions['bend']> => {
    let atUs = -1;
    return (request, usual, _, nowUs) => {
      if (request.method === 'DELETE') atUs = nowUs;
      if (request.method === 'DELETE') return { status: 204 };
      return atUs >= 0 && nowUs - atUs >= ms * 1000 ? { status: 404 } : usual();
    };
  };
  it.each([
    ['that is correct', {}, 'pass'],
    ['that wants a version', { missing: 428 }, 'pass'],
    ['that hides it from the list alone', { bend: readable }, 'warn still-readable'],
    ['that takes it out of the reads alone, after 4 s', { bend: slow(4000) }, 'fail still-listed'],
    ['that takes 9 s', { bend: slow(9000) }, 'fail still-readable'],
  ] as const)('on a server %s', (_, options, expected) => {
    expect(outcome(drive(scenarioOf(check, on), createDepot(options)).verdict)).toBe(expected);
  });

  it('stops looking when it is gone', () => {
    const { steps } = drive(scenarioOf(check, on), createDepot());
    expect(steps.filter(({ label }) => label === 'gone')).toHaveLength(1);
  });

  it.each([
    ['an update', resource().update, resource()],
    ['no create', resource().remove, resource({ create: null })],
    ['no read', resource().remove, resource({ read: null })],
  ])('does not apply: %s', (_, of, within) => {
    expect(isSkip(check.plan(subject(of, within), null))).toBe(true);
  });
});
