import { describe, expect, it } from 'vitest';
import { keyReserializedBody as check } from '../../../src/checks/keys/key-reserialized-body.js';
import { isSkip } from '../../../src/core/check.js';
import type { Exchange } from '../../../src/core/http.js';
import type { Operation } from '../../../src/core/operation.js';
import type { Reading } from '../../../src/core/reading.js';
import { drive } from '../../support/drive.js';
import { evidence, reading } from '../../support/evidence.js';
import { createCanned } from '../../support/exchange.js';
import { outcome } from '../../support/outcome.js';
import { createShop } from '../../support/shop.js';
import { keyed, keyless, operation, resource, scenarioOf, subject } from '../../support/subject.js';

const { answered, lost } = createCanned();
const first = (round = 0) => answered('first', 201, { round, body: { id: `${round}` } });
const again = (status: number, round = 0) =>
  answered('rewritten', status, { round, body: status < 300 ? { id: `${round}` } : {} });
const after = (count: number | null, round = 0, overrides: Partial<Reading> = {}) =>
  reading('after', count, { round, ...overrides });
const clean = [first(), again(201)];

const table: readonly (readonly [name: string, Exchange[], Reading[], expected: string])[] = [
  ['replayed', clean, [after(1)], 'pass +taken-as-same'],
  ['refused', [first(), again(422)], [after(1)], 'pass +taken-as-other'],
  ['both', [...clean, first(1), again(422, 1)], [after(1), after(1, 1)], 'pass +taken-as-same +taken-as-other'],
  ['two effects', [first(), again(201)], [after(2)], 'fail executed-again'],
  ['two effects of a refused repeat', [first(), again(409)], [after(2)], 'fail executed-again'],
  ['two effects for 1.0', [...clean, first(1), again(201, 1)], [after(1), after(2, 1)], 'fail executed-again'],
  ['1.0 open', [...clean, first(1), again(500, 1)], [after(1), after(1, 1)], 'pass +taken-as-same'],
  [
    'two ids of jobs',
    [answered('first', 202), answered('rewritten', 202)],
    [after(2, 0, { kind: 'identity' })],
    'inconclusive still-pending',
  ],
  ['a crash', [first(), again(500)], [after(1)], 'inconclusive control-failed'],
  ['503', [first(), again(503)], [after(1)], 'inconclusive unavailable'],
  ['lost', [first(), lost('rewritten')], [after(1)], 'inconclusive lost-answers'],
  ['nothing counted', [first(), again(422)], [], 'inconclusive oracle-blind'],
  ['first refused', [answered('first', 400)], [], 'inconclusive first-refused'],
  ['nothing sent', [], [], 'inconclusive lost-answers'],
];

describe('key-reserialized-body', () => {
  it.each(table)('%s', (_, exchanges, readings, expected) => {
    const scenario = scenarioOf(check, subject(operation('POST', '/orders', 'create')));
    expect(outcome(scenario.judge(evidence(exchanges, readings)))).toBe(expected);
  });

  it('warns only where execution is declared', () => {
    const contract = { ...keyed, mismatch: { statuses: [], action: 'execute' as const, promised: false } };
    const scenario = scenarioOf(check, subject(operation('POST', '/orders', 'create', { contract })));
    expect(outcome(scenario.judge(evidence(clean, [after(2)])))).toBe('warn executed-again');
  });

  it.each([
    ['refuse', 'pass +taken-as-other +taken-as-other'],
    ['replay', 'pass +taken-as-same +taken-as-same'],
    ['execute', 'fail executed-again'],
  ] as const)('on a server that answers other bytes with: %s', (onMismatch, expected) => {
    const { verdict, exchanges } = drive(scenarioOf(check, subject(resource().create)), createShop({ onMismatch }));
    expect(outcome(verdict)).toBe(expected);
    const bodies = exchanges.map(({ request }) => request.body ?? '');
    expect(new Set(bodies).size).toBe(4);
    expect(JSON.parse(bodies[1] ?? '')).toEqual(JSON.parse(bodies[0] ?? ''));
    expect(bodies[3]).toContain('"amount":1.0');
  });

  it('applies to creates and actions with a JSON body and a key', () => {
    const skips = (overrides: Partial<Operation>) =>
      isSkip(check.plan(subject(operation('POST', '/orders', 'create', overrides)), null));
    const saying =
      (body: string | null): Operation['build'] =>
      () => ({ method: 'POST', path: '/orders', headers: [], body });
    const unfilled: Operation['build'] = () => {
      throw new RangeError('no id');
    };
    expect([skips({}), skips({ build: unfilled })]).toEqual([false, false]);
    expect([skips({ contract: keyless }), skips({ build: saying('a=1') }), skips({ build: saying(null) })]).toEqual([
      true,
      true,
      true,
    ]);
    expect(isSkip(check.plan(subject(resource().update), null))).toBe(true);
  });
});
