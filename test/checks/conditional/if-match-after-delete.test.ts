import { describe, expect, it } from 'vitest';
import { ifMatchAfterDelete as check } from '../../../src/checks/conditional/if-match-after-delete.js';
import { isSkip } from '../../../src/core/check.js';
import { header, type Exchange, type HeaderLine } from '../../../src/core/http.js';
import { createDepot, type DepotOptions } from '../../support/depot.js';
import { drive } from '../../support/drive.js';
import { evidence } from '../../support/evidence.js';
import { createCanned } from '../../support/exchange.js';
import { outcome } from '../../support/outcome.js';
import { member, resource, scenarioOf, subject } from '../../support/subject.js';

const { answered, lost } = createCanned();
const read = (step: string, status: number, headers: readonly HeaderLine[] = []) =>
  answered(step, status, { body: { amount: 1 }, headers });
const start = (tag = '"1"') => [answered('control', 200), read('start', 200, [['ETag', tag]])];
const gone = (tag = '"1"') => [...start(tag), answered('delete', 204), read('gone', 404)];
const write = (status: number) => answered('write', status, { method: 'PUT' });
const after = (...statuses: readonly number[]) => statuses.map(status => read('after', status));

const table: readonly (readonly [name: string, Exchange[], expected: string])[] = [
  ['refused with 412', [...gone(), write(412), ...after(404, 404)], 'pass'],
  ['refused with 404', [...gone(), write(404), ...after(404, 404)], 'pass'],
  ['refused with 410', [...gone(), write(410), ...after(410, 410)], 'pass'],
  ['refused with 409', [...gone(), write(409), ...after(404, 404)], 'pass +status-outside'],
  ['created', [...gone(), write(201), ...after(200, 200)], 'fail resurrected'],
  ['created, by a weak tag', [...gone('W/"1"'), write(201), ...after(200, 200)], 'warn resurrected'],
  ['created behind a refusal', [...gone(), write(412), ...after(200, 200)], 'fail resurrected'],
  ['created behind a crash', [...gone(), write(500), ...after(200, 200)], 'fail resurrected'],
  ['created behind a lost answer', [...gone(), lost('write'), ...after(200, 200)], 'fail resurrected'],
  ['there in one read', [...gone(), write(201), ...after(404, 200)], 'inconclusive control-failed'],
  ['there in the only read', [...gone(), write(201), ...after(200)], 'inconclusive control-failed'],
  [
    'there in a cache',
    [...gone(), write(412), ...after(404), read('after', 200, [['Age', '3']])],
    'inconclusive cached',
  ],
  ['a 2xx, and nothing there', [...gone(), write(200), ...after(404, 404)], 'warn accepted-unseen'],
  ['accepted for later', [...gone(), write(202), ...after(404, 404)], 'inconclusive still-pending'],
  ['a crash', [...gone(), write(500), ...after(404, 404)], 'fail crashed?'],
  ['a 503', [...gone(), write(503), ...after(404, 404)], 'inconclusive unavailable'],
  ['a redirect', [...gone(), write(303), ...after(404, 404)], 'inconclusive control-failed'],
  ['lost', [...gone(), lost('write'), ...after(404, 404)], 'inconclusive lost-answers'],
  ['not sent', gone(), 'inconclusive lost-answers'],
  ['refused, and not read', [...gone(), write(412)], 'inconclusive lost-answers'],
  ['refused, and read with 503', [...gone(), write(412), ...after(404, 503)], 'inconclusive unavailable'],
  [
    'still there after the DELETE',
    [...start(), answered('delete', 204), read('gone', 200)],
    'inconclusive control-failed',
  ],
  ['deleted later', [...start(), answered('delete', 202), read('gone', 200)], 'inconclusive still-pending'],
  ['not deleted', [...start(), answered('delete', 403)], 'inconclusive first-refused'],
  ['not writable', [answered('control', 422)], 'inconclusive first-refused'],
  ['no version', [answered('control', 200), read('start', 200)], 'inconclusive no-version'],
  ['nothing sent', [], 'inconclusive lost-answers'],
];

const on = subject(resource().replace);
const judge = (exchanges: readonly Exchange[], variant: string | null = null) =>
  outcome(scenarioOf(check, on, variant).judge(evidence(exchanges)));

describe('if-match-after-delete', () => {
  it.each(table)('%s', (_, exchanges, expected) => {
    expect(judge(exchanges)).toBe(expected);
  });

  it('takes no time for a tag that * could stand for', () => {
    const timed = [answered('control', 200), read('start', 200, [['Last-Modified', 'Mon']])];
    expect(judge([...timed, answered('delete', 204), read('gone', 404), write(412), ...after(404, 404)])).toBe('pass');
    expect(judge(timed, 'any')).toBe('inconclusive no-version');
  });

  /** Creates whatever a PUT names. */
  const upsert: NonNullable<DepotOptions['bend']> = (request, usual, orders) => {
    const reply = usual();
    if (request.method !== 'PUT' || reply.status !== 404) return reply;
    orders.set('a1', { id: 'a1', fields: JSON.parse(request.body ?? '{}'), version: 1 });
    return { status: 201, body: {} };
  };
  const crashing: NonNullable<DepotOptions['bend']> = (request, usual) => {
    const reply = usual();
    return header(request, 'if-match') !== null && reply.status === 404 ? { status: 500 } : reply;
  };
  it.each([
    ['that is correct', {}, 'pass'],
    ['that wants a version', { missing: 428 }, 'pass'],
    ['that creates', { bend: upsert }, 'fail resurrected'],
    ['that creates, with tags that are weak at first', { tag: 'late', bend: upsert }, 'fail resurrected'],
    ['that creates, with weak tags', { tag: 'weak', bend: upsert }, 'warn resurrected'],
    ['that crashes', { bend: crashing }, 'fail crashed?'],
    ['without versions', { tag: 'none' }, 'inconclusive no-version'],
  ] as const)('on a server %s', (_, options, expected) => {
    for (const variant of [null, 'any']) {
      expect(outcome(drive(scenarioOf(check, on, variant), createDepot(options)).verdict)).toBe(expected);
    }
  });

  it('takes a mark for gone where the spec says so', () => {
    const within = resource({ gone: { kind: 'value', value: member('status'), equals: 'deleted' } });
    const marking: NonNullable<DepotOptions['bend']> = (request, usual, orders) => {
      const [order] = orders.values();
      if (order === undefined || order.fields['status'] !== 'deleted') {
        if (request.method !== 'DELETE' || order === undefined) return usual();
        orders.set(order.id, { ...order, fields: { ...order.fields, status: 'deleted' } });
        return { status: 204 };
      }
      return request.method === 'PUT' ? { status: 412 } : usual();
    };
    const server = createDepot({ bend: marking });
    expect(outcome(drive(scenarioOf(check, subject(within.replace, within)), server).verdict)).toBe('pass');
  });

  it('sends the version from before the DELETE, and * for the variant', () => {
    const sent = (variant: string | null) => {
      const { exchanges } = drive(scenarioOf(check, on, variant), createDepot());
      const last = exchanges.find(({ step }) => step === 'write');
      return last === undefined ? null : header(last.request, 'if-match');
    };
    expect([sent(null), sent('any')]).toEqual(['"v2"', '*']);
  });

  const fielded = resource({ version: { in: 'body', name: 'version' } });
  it.each([
    ['a DELETE', resource().remove, resource(), null],
    ['no DELETE', resource().replace, resource({ remove: null }), null],
    ['no read', resource().replace, resource({ read: null }), null],
    ['no create', resource().replace, resource({ create: null }), null],
    ['a field under the variant', fielded.replace, fielded, 'any'],
  ])('does not apply: %s', (_, of, within, variant) => {
    expect(isSkip(check.plan(subject(of, within), variant))).toBe(true);
  });
});
