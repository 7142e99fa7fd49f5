import { describe, expect, it } from 'vitest';
import { keyMismatchRejected as check } from '../../../src/checks/keys/key-mismatch-rejected.js';
import { isSkip } from '../../../src/core/check.js';
import type { Contract } from '../../../src/core/contract.js';
import type { Exchange } from '../../../src/core/http.js';
import type { Reading } from '../../../src/core/reading.js';
import { drive } from '../../support/drive.js';
import { evidence, reading } from '../../support/evidence.js';
import { createCanned } from '../../support/exchange.js';
import { outcome } from '../../support/outcome.js';
import { createShop } from '../../support/shop.js';
import { keyed, operation, resource, scenarioOf, subject } from '../../support/subject.js';

const { answered, lost } = createCanned();
const [b1, b2] = ['{"amount":1,"reference":"m"}', '{"amount":2,"reference":"m"}'];
const made = { id: '1', amount: 1 };
const control = answered('control', 201, { body: { id: '9' } });
const controlReplay = answered('control-replay', 201, { body: { id: '9' } });
const first = answered('first', 201, { body: made, requestBody: b1 });
const again = answered('again', 201, { body: made });
const before = [control, controlReplay, first, answered('made', 200, { body: made })];
const mismatch = (status: number, body: object = {}) => answered('mismatch', status, { body, requestBody: b2 });
const unchanged = answered('made-after', 200, { body: made });
const counts = (after: number, end = after) => [
  reading('trial', 1),
  reading('trial-end', 1),
  reading('after', after),
  reading('end', end),
];
const promised = { mismatch: { ...keyed.mismatch, promised: true } };
const action = (name: 'execute' | 'replay-original') => ({ mismatch: { ...keyed.mismatch, action: name } });

interface Row {
  readonly name: string;
  readonly exchanges: readonly Exchange[];
  readonly readings: readonly Reading[];
  readonly expected: string;
  readonly contract?: Partial<Contract>;
}

const refusedWith = (status: number): readonly Exchange[] => [...before, mismatch(status), unchanged, again];
const replayed: readonly Exchange[] = [...before, mismatch(201, made), unchanged, again];
const executed: readonly Exchange[] = [...before, mismatch(201, { id: '2', amount: 2 }), unchanged, again];

const table: readonly Row[] = [
  { name: '422', exchanges: refusedWith(422), readings: counts(1), expected: 'pass' },
  { name: '409', exchanges: refusedWith(409), readings: counts(1), expected: 'pass' },
  { name: '417', exchanges: refusedWith(417), readings: counts(1), expected: 'pass +status-outside' },
  {
    name: 'a state that permits both',
    exchanges: [answered('both', 201), ...refusedWith(422)],
    readings: counts(1),
    expected: 'pass',
  },
  {
    name: 'refused where the state permits but one of the two',
    exchanges: [answered('both', 409), ...refusedWith(409)],
    readings: counts(1),
    expected: 'inconclusive control-failed',
  },
  {
    name: 'executed, though the state permitted but one of the two before',
    exchanges: [answered('both', 409), ...executed],
    readings: counts(2),
    expected: 'warn executed',
  },
  { name: '422 and two effects', exchanges: refusedWith(422), readings: counts(2), expected: 'fail executed' },
  {
    name: 'a code in a 200, as declared',
    exchanges: [...before, mismatch(200, { errors: [{ code: 'OTHER_PAYLOAD' }] }), unchanged, again],
    readings: counts(1),
    expected: 'pass',
    contract: { mismatchCodes: ['OTHER_PAYLOAD'], mismatch: { statuses: [200], action: 'reject', promised: true } },
  },
  { name: '500', exchanges: refusedWith(500), readings: counts(1), expected: 'fail crashed?' },
  { name: '503', exchanges: refusedWith(503), readings: counts(1), expected: 'inconclusive unavailable' },
  { name: '302', exchanges: refusedWith(302), readings: counts(1), expected: 'inconclusive control-failed' },
  { name: 'executed', exchanges: executed, readings: counts(2), expected: 'warn executed' },
  {
    name: 'executed, refusal promised',
    exchanges: executed,
    readings: counts(2),
    expected: 'fail executed',
    contract: promised,
  },
  {
    name: 'executed, as declared',
    exchanges: executed,
    readings: counts(2),
    expected: 'pass +declared-execution',
    contract: action('execute'),
  },
  {
    name: 'executed, replay declared',
    exchanges: executed,
    readings: counts(2),
    expected: 'fail executed',
    contract: action('replay-original'),
  },
  { name: 'replayed', exchanges: replayed, readings: counts(1), expected: 'warn replayed-silently' },
  { name: 'replayed, uncounted', exchanges: replayed, readings: [], expected: 'warn replayed-silently' },
  {
    name: 'replayed, refusal promised',
    exchanges: replayed,
    readings: counts(1),
    expected: 'fail replayed-silently',
    contract: promised,
  },
  {
    name: 'replayed, as declared',
    exchanges: replayed,
    readings: counts(1),
    expected: 'pass +declared-replay',
    contract: action('replay-original'),
  },
  {
    name: 'accepted, no id, uncounted',
    exchanges: [...before, mismatch(200), unchanged, again],
    readings: [],
    expected: 'inconclusive oracle-blind',
  },
  {
    name: 'written over',
    exchanges: [...before, mismatch(422), answered('made-after', 200, { body: { id: '1', amount: '2.00' } }), again],
    readings: counts(1),
    expected: 'fail original-changed',
  },
  {
    name: 'changed in another way',
    exchanges: [
      ...before,
      mismatch(422),
      answered('made-after', 200, { body: { id: '1', amount: 1, status: 'paid' } }),
      again,
    ],
    readings: counts(1),
    expected: 'pass',
  },
  {
    name: 'the first refused afterwards',
    exchanges: [...before, mismatch(422), unchanged, answered('again', 422)],
    readings: counts(1),
    expected: 'fail original-lost',
  },
  {
    name: 'the first executed afterwards',
    exchanges: [...before, mismatch(422), unchanged, answered('again', 201, { body: { id: '3' } })],
    readings: counts(1, 2),
    expected: 'fail original-lost',
  },
  {
    name: 'the first crashed afterwards',
    exchanges: [...before, mismatch(422), unchanged, answered('again', 500)],
    readings: counts(1),
    expected: 'fail original-lost?',
  },
  {
    name: 'a contract of conflicts',
    exchanges: [control, answered('control-replay', 409), first, mismatch(422), answered('again', 409)],
    readings: counts(1),
    expected: 'pass',
  },
  {
    name: 'plain repeats take effect too',
    exchanges: [...before, mismatch(422), unchanged, answered('again', 204)],
    readings: [reading('trial', 1), reading('trial-end', 2), reading('after', 1), reading('end', 2)],
    expected: 'pass',
  },
  {
    name: 'the second payload refused alone',
    exchanges: [answered('control', 400)],
    readings: [],
    expected: 'inconclusive control-failed',
  },
  {
    name: 'the first refused',
    exchanges: [control, answered('first', 400)],
    readings: [],
    expected: 'inconclusive first-refused',
  },
  {
    name: 'lost',
    exchanges: [...before, lost('mismatch')],
    readings: counts(1),
    expected: 'inconclusive lost-answers',
  },
  {
    name: 'lost, two effects',
    exchanges: [...before, lost('mismatch')],
    readings: counts(2),
    expected: 'warn executed',
  },
  {
    name: 'the last repeat lost',
    exchanges: [...before, mismatch(422), lost('again')],
    readings: counts(1),
    expected: 'inconclusive lost-answers',
  },
  { name: 'nothing counted', exchanges: refusedWith(422), readings: [], expected: 'inconclusive oracle-blind' },
  { name: 'no effect', exchanges: refusedWith(422), readings: counts(0), expected: 'inconclusive no-effect' },
  { name: 'nothing sent', exchanges: [], readings: [], expected: 'inconclusive lost-answers' },
];

const creating = (contract: Partial<Contract> = {}) =>
  subject(operation('POST', '/orders', 'create', { contract: { ...keyed, ...contract } }));

describe('key-mismatch-rejected', () => {
  it.each(table)('$name', ({ exchanges, readings, expected, contract }) => {
    expect(outcome(scenarioOf(check, creating(contract)).judge(evidence(exchanges, readings)))).toBe(expected);
  });

  it('notes that a unique field may have refused', () => {
    const unique = subject(operation('POST', '/orders', 'create', { unique: ['$.reference'] }));
    const seen = evidence(refusedWith(409), counts(1));
    expect(outcome(scenarioOf(check, unique).judge(seen))).toBe('pass +unique-constraint');
  });

  it.each([
    ['refuse', 'pass'],
    ['execute', 'warn executed'],
    ['replay', 'warn replayed-silently'],
    ['overwrite', 'fail original-changed'],
    ['forget', 'fail original-lost'],
    ['refuse-after-commit', 'fail executed'],
  ] as const)('on a server that does this on another payload: %s', (onMismatch, expected) => {
    expect(outcome(drive(scenarioOf(check, creating()), createShop({ onMismatch })).verdict)).toBe(expected);
  });

  it('needs a second payload', () => {
    const single = operation('POST', '/orders', 'create', { payloads: new Set(['body']) });
    expect(isSkip(check.plan(subject(single), null))).toBe(true);
    expect(isSkip(check.plan(subject(resource().create), null))).toBe(false);
  });
});
