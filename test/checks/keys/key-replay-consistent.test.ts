import { describe, expect, it } from 'vitest';
import { keyReplayConsistent as check } from '../../../src/checks/keys/key-replay-consistent.js';
import { isSkip } from '../../../src/core/check.js';
import type { Exchange, HeaderLine } from '../../../src/core/http.js';
import type { Reading } from '../../../src/core/reading.js';
import { drive } from '../../support/drive.js';
import { evidence, reading } from '../../support/evidence.js';
import { createCanned } from '../../support/exchange.js';
import { outcome } from '../../support/outcome.js';
import { createShop } from '../../support/shop.js';
import { keyed, keyless, operation, resource, scenarioOf, subject } from '../../support/subject.js';

const { answered, lost } = createCanned();
const first = (status = 201, headers: readonly HeaderLine[] = []) =>
  answered('first', status, { body: { id: '1' }, headers });
const repeat = (round: number, status = 201, id = '1', headers: readonly HeaderLine[] = []) =>
  answered('repeat', status, { round, body: { id }, headers });
const repeats = (change: (round: number) => Exchange = repeat) =>
  Array.from({ length: 10 }, (_, round) => change(round));
const one = [reading('after', 1)];
const MARK: readonly HeaderLine[] = [['Idempotent-Replayed', 'true']];
const POD: readonly HeaderLine[] = [['x-pod', 'a']];

const table: readonly (readonly [name: string, Exchange[], Reading[], expected: string])[] = [
  ['all alike', [first(), ...repeats()], one, 'pass'],
  ['by ids alone', [first(), ...repeats()], [reading('after', 1, { kind: 'identity' })], 'pass +identity-oracle'],
  ['two effects', [first(), ...repeats()], [reading('after', 2)], 'fail executed-again'],
  [
    'another id at the fourth',
    [first(), ...repeats(round => repeat(round, 201, round === 3 ? '2' : '1'))],
    one,
    'fail another-id',
  ],
  ['another id, uncounted', [first(), ...repeats(round => repeat(round, 201, '2'))], [], 'fail another-id'],
  [
    'another id of a job',
    [first(202), ...repeats(round => repeat(round, 202, String(round)))],
    [reading('after', 10, { kind: 'identity' })],
    'inconclusive still-pending',
  ],
  [
    'two statuses',
    [first(), ...repeats(round => repeat(round, round % 3 === 0 ? 200 : 201))],
    one,
    'warn mixed-answers?',
  ],
  [
    'some marked',
    [first(), ...repeats(round => repeat(round, 201, '1', round < 5 ? MARK : []))],
    one,
    'warn mixed-answers?',
  ],
  ['all marked', [first(), ...repeats(round => repeat(round, 201, '1', MARK))], one, 'pass'],
  ['some crash', [first(), ...repeats(round => repeat(round, round === 3 ? 500 : 201))], one, 'warn mixed-answers?'],
  ['a conflict each time', [first(), ...repeats(round => repeat(round, 409))], one, 'pass'],
  ['told to wait at first', [first(), ...repeats(round => repeat(round, round < 2 ? 409 : 201))], one, 'pass'],
  ['200 each time', [first(), ...repeats(round => repeat(round, 200))], one, 'pass'],
  [
    'one lost',
    [first(), ...repeats(round => (round === 3 ? lost('repeat', 'reset', { round }) : repeat(round)))],
    one,
    'pass',
  ],
  ['all lost', [first(), ...repeats(round => lost('repeat', 'timeout', { round }))], one, 'inconclusive lost-answers'],
  ['one 503', [first(), ...repeats(round => repeat(round, round === 3 ? 503 : 201))], one, 'inconclusive unavailable'],
  [
    'one instance',
    [first(201, POD), ...repeats(round => repeat(round, 201, '1', POD))],
    one,
    'inconclusive control-failed',
  ],
  [
    'two instances',
    [first(201, POD), ...repeats(round => repeat(round, 201, '1', [['x-pod', round % 2 === 0 ? 'a' : 'b']]))],
    one,
    'pass',
  ],
  ['nothing counted', [first(), ...repeats()], [], 'inconclusive response-consistent'],
  ['no effect', [first(), ...repeats()], [reading('after', 0)], 'inconclusive no-effect'],
  ['first refused', [answered('first', 400)], [], 'inconclusive first-refused'],
  ['nothing sent', [], [], 'inconclusive lost-answers'],
];

describe('key-replay-consistent', () => {
  it.each(table)('%s', (_, exchanges, readings, expected) => {
    const scenario = scenarioOf(check, subject(operation('POST', '/orders', 'create')));
    expect(outcome(scenario.judge(evidence(exchanges, readings)))).toBe(expected);
  });

  it('does not take the id in the answer of an action for a record', () => {
    const scenario = scenarioOf(check, subject(operation('POST', '/orders/{id}/pay', 'action:pay')));
    const seen = [first(), ...repeats(round => repeat(round, 201, String(round)))];
    expect(outcome(scenario.judge(evidence(seen, one)))).toBe('pass');
  });

  it('says nothing of repeats that came after the life of the key', () => {
    const scenario = scenarioOf(
      check,
      subject(operation('POST', '/orders', 'create', { contract: { ...keyed, ttl: 5 } })),
    );
    const late = answered('repeat', 201, { round: 9, body: { id: '2' }, from: 5_999_000, to: 6_000_000 });
    const seen = evidence([first(), ...repeats().slice(0, 9), late], [reading('after', 2)]);
    expect(outcome(scenario.judge(seen))).toBe('inconclusive key-outlived');
  });

  it('sends the same bytes eleven times', () => {
    const { verdict, exchanges } = drive(scenarioOf(check, subject(resource().create)), createShop());
    expect(outcome(verdict)).toBe('pass');
    expect(exchanges).toHaveLength(11);
    expect(new Set(exchanges.map(({ request }) => JSON.stringify([request.headers, request.body]))).size).toBe(1);
  });

  it('finds a second replica that knows nothing of the key', () => {
    const [here, there] = [createShop(), createShop()];
    let turn = 0;
    const { verdict } = drive(scenarioOf(check, subject(resource().create)), {
      handle: (request, nowUs) => (++turn % 4 === 0 ? there : here).handle(request, nowUs),
      count: counted => (here.count(counted) ?? 0) + (there.count(counted) ?? 0),
    });
    expect(verdict).toMatchObject({ verdict: 'fail', findings: [{ code: 'executed-again', args: { count: 2 } }] });
  });

  it('applies to creates and actions that take a key', () => {
    expect(isSkip(check.plan(subject(operation('POST', '/orders', 'create', { contract: keyless })), null))).toBe(true);
    expect(isSkip(check.plan(subject(resource().update), null))).toBe(true);
  });
});
