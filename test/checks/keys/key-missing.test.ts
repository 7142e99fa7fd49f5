import { describe, expect, it } from 'vitest';
import { keyMissing as check } from '../../../src/checks/keys/key-missing.js';
import type { Exchange } from '../../../src/core/http.js';
import type { Documented } from '../../../src/core/operation.js';
import type { Reading } from '../../../src/core/reading.js';
import { drive } from '../../support/drive.js';
import { evidence, reading } from '../../support/evidence.js';
import { createCanned } from '../../support/exchange.js';
import { outcome } from '../../support/outcome.js';
import { createShop } from '../../support/shop.js';
import { keyed, operation, scenarioOf, subject } from '../../support/subject.js';

const { answered, lost } = createCanned();
const problem: Exchange['request']['headers'] = [['content-type', 'application/problem+json']];
const without = (status: number) => answered('without-key', status, { headers: problem });
const withKey = (status = 201) => answered('with-key', status);
const creating = (required: boolean | null, documented: Documented | null = null) =>
  subject(
    operation('POST', '/orders', 'create', {
      documented,
      contract: { ...keyed, key: { in: 'header', name: 'Idempotency-Key', required, form: 'raw' } },
    }),
  );

type Row = readonly [
  required: boolean | null,
  name: string,
  exchanges: readonly Exchange[],
  readings: readonly Reading[],
  expected: string,
];
const none = [reading('after', 0)];
const one = [reading('after', 1)];

const table: readonly Row[] = [
  [true, '400', [without(400), withKey()], none, 'pass'],
  [true, '400 without a link', [answered('without-key', 400), withKey()], none, 'pass +no-description-linked'],
  [true, '201', [without(201)], one, 'fail accepted-without-key'],
  [true, '201, uncounted', [without(201)], [], 'fail accepted-without-key'],
  [true, '400, but executed', [without(400), withKey()], one, 'fail accepted-without-key'],
  [true, '403', [without(403), withKey()], none, 'warn odd-status'],
  [true, '302', [without(302), withKey()], none, 'warn odd-status'],
  [true, '500', [without(500), withKey()], none, 'fail crashed?'],
  [true, '503', [without(503)], none, 'inconclusive unavailable'],
  [true, '400, with a key too', [without(400), withKey(400)], none, 'inconclusive control-failed'],
  [true, '400, the control lost', [without(400), lost('with-key')], none, 'inconclusive lost-answers'],
  [true, '400, the control limited', [without(400), withKey(429)], none, 'inconclusive rate-limited'],
  [true, '400, uncounted', [without(400), withKey()], [], 'inconclusive oracle-blind'],
  [true, 'lost', [lost('without-key')], none, 'inconclusive lost-answers'],
  [true, 'nothing sent', [], [], 'inconclusive lost-answers'],
  [false, '201', [without(201)], one, 'pass'],
  [false, '201, no effect', [without(201)], none, 'inconclusive no-effect'],
  [false, '202, no effect yet', [without(202)], none, 'inconclusive still-pending'],
  [false, '400', [without(400), withKey()], none, 'warn refused-though-optional'],
  [false, '400, with a key too', [without(400), withKey(400)], none, 'inconclusive control-failed'],
  [false, '500', [without(500), withKey()], none, 'fail crashed?'],
  [null, '201', [without(201)], one, 'pass +optional-in-fact'],
  [null, '400', [without(400), withKey()], none, 'pass +required-in-fact'],
  [null, '400, but executed', [without(400), withKey()], one, 'warn odd-status'],
];

describe('key-missing', () => {
  it.each(table)('required %s: %s', (required, _, exchanges, readings, expected) => {
    expect(outcome(scenarioOf(check, creating(required)).judge(evidence(exchanges, readings)))).toBe(expected);
  });

  it('does not call a documented status odd', () => {
    const documented = { statuses: ['201', '422'], requestHeaders: [], responseHeaders: [] };
    const seen = evidence([without(422), withKey()], none);
    expect(outcome(scenarioOf(check, creating(true, documented)).judge(seen))).toBe('pass +status-outside');
    expect(outcome(scenarioOf(check, creating(true)).judge(seen))).toBe('warn odd-status');
  });

  it.each([
    [true, true, 'pass +no-description-linked'],
    [true, false, 'fail accepted-without-key'],
    [false, false, 'pass'],
    [false, true, 'warn refused-though-optional'],
    [null, true, 'pass +required-in-fact'],
    [null, false, 'pass +optional-in-fact'],
  ] as const)('declared required %s, on a server that demands it %s', (required, requiresKey, expected) => {
    expect(outcome(drive(scenarioOf(check, creating(required)), createShop({ requiresKey })).verdict)).toBe(expected);
  });

  it('sends the first request without a key', () => {
    const { exchanges } = drive(scenarioOf(check, creating(true)), createShop({ requiresKey: true }));
    const keyedSteps = exchanges.map(({ request }) => request.headers.some(([name]) => name === 'Idempotency-Key'));
    expect(keyedSteps).toEqual([false, true]);
  });
});
