import { describe, expect, it } from 'vitest';
import { naturalDuplicateSequential as check } from '../../../src/checks/duplicates/natural-duplicate-sequential.js';
import { isSkip } from '../../../src/core/check.js';
import type { Exchange } from '../../../src/core/http.js';
import type { Reading } from '../../../src/core/reading.js';
import { drive } from '../../support/drive.js';
import { evidence, reading } from '../../support/evidence.js';
import { createCanned } from '../../support/exchange.js';
import { outcome } from '../../support/outcome.js';
import { createShop } from '../../support/shop.js';
import { keyed, keyless, operation, scenarioOf, subject } from '../../support/subject.js';

const { answered, lost } = createCanned();
const first = answered('first', 201, { body: { id: '1' } });
const repeat = (status: number, id = '1') => answered('repeat', status, { body: { id } });
const creating = (unique: readonly string[] | null, contract = keyless) =>
  subject(operation('POST', '/orders', 'create', { unique, contract }));

type Row = readonly [
  name: string,
  unique: readonly string[] | null,
  exchanges: readonly Exchange[],
  readings: readonly Reading[],
  expected: string,
];
const field = ['$.reference'];
const one = [reading('after', 1)];
const two = [reading('after', 2)];

const table: readonly Row[] = [
  ['two effects, nobody said what is unique', null, [first, repeat(201, '2')], two, 'warn unprotected-retry'],
  ['two effects, nothing unique', [], [first, repeat(201, '2')], two, 'warn unprotected-retry'],
  ['two effects, a unique field', field, [first, repeat(201, '2')], two, 'fail unique-not-enforced'],
  ['two effects, the repeat lost', field, [first, lost('repeat')], two, 'fail unique-not-enforced'],
  ['two effects, the repeat 500', field, [first, repeat(500)], two, 'fail unique-not-enforced'],
  ['409', field, [first, repeat(409)], one, 'pass'],
  ['409, nobody said what is unique', null, [first, repeat(409)], one, 'pass'],
  ['200 with the same id', field, [first, repeat(200)], one, 'pass'],
  ['303', field, [first, repeat(303)], one, 'pass'],
  ['403', field, [first, repeat(403)], one, 'pass +status-outside'],
  ['201 with the same id', field, [first, repeat(201)], one, 'warn created-again'],
  ['500', field, [first, repeat(500)], one, 'fail crashed?'],
  ['503', field, [first, repeat(503)], one, 'inconclusive unavailable'],
  ['lost', field, [first, lost('repeat')], one, 'inconclusive lost-answers'],
  ['no effect', field, [first, repeat(409)], [reading('after', 0)], 'inconclusive no-effect'],
  ['uncounted', field, [first, repeat(409)], [], 'inconclusive oracle-blind'],
  ['uncounted, 201 again', field, [first, repeat(201)], [], 'inconclusive response-consistent'],
  ['first refused', field, [answered('first', 422)], [], 'inconclusive first-refused'],
  ['nothing sent', field, [], [], 'inconclusive lost-answers'],
  [
    'two ids of jobs',
    null,
    [answered('first', 202, { body: { id: 'a' } }), repeat(202, 'b')],
    [reading('after', 2, { kind: 'identity' })],
    'inconclusive still-pending',
  ],
];

describe('natural-duplicate-sequential', () => {
  it.each(table)('%s', (_, unique, exchanges, readings, expected) => {
    expect(outcome(scenarioOf(check, creating(unique)).judge(evidence(exchanges, readings)))).toBe(expected);
  });

  it.each([
    ['keyless', null, keyless, true],
    ['keyless, nothing unique', [], keyless, true],
    ['keyed, a unique field', field, keyed, true],
    ['keyed, nothing unique', [], keyed, false],
    ['keyed, nobody said', null, keyed, false],
  ] as const)('%s', (_, unique, contract, applies) => {
    expect(isSkip(check.plan(creating(unique, contract), null))).toBe(!applies);
  });

  it.each([
    ['required', true, 2],
    ['perhaps required', null, 2],
    ['optional', false, 0],
  ] as const)('sends two different keys where one is %s', (_, required, keys) => {
    const contract = { ...keyed, key: { in: 'header', name: 'Idempotency-Key', required, form: 'raw' } as const };
    const { exchanges, verdict } = drive(scenarioOf(check, creating(field, contract)), createShop({ isUnique: true }));
    const sent = exchanges.flatMap(({ request }) => request.headers.filter(([name]) => name === 'Idempotency-Key'));
    expect(new Set(sent.map(([, value]) => value)).size).toBe(keys);
    expect(outcome(verdict)).toBe('pass');
  });

  it.each([
    ['a server without any protection', {}, null, 'warn unprotected-retry'],
    ['a server that does not keep its unique field', {}, field, 'fail unique-not-enforced'],
    ['a server that gives out the twin as new', { dedupes: true }, null, 'warn created-again'],
  ] as const)('on %s', (_, options, unique, expected) => {
    expect(outcome(drive(scenarioOf(check, creating(unique)), createShop(options)).verdict)).toBe(expected);
  });
});
