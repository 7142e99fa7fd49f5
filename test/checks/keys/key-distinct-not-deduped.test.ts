import { describe, expect, it } from 'vitest';
import { keyDistinctNotDeduped as check } from '../../../src/checks/keys/key-distinct-not-deduped.js';
import { Trouble } from '../../../src/core/trouble.js';
import type { Exchange } from '../../../src/core/http.js';
import type { Operation } from '../../../src/core/operation.js';
import type { Reading } from '../../../src/core/reading.js';
import { drive } from '../../support/drive.js';
import { evidence, reading } from '../../support/evidence.js';
import { createCanned } from '../../support/exchange.js';
import { outcome } from '../../support/outcome.js';
import { createShop } from '../../support/shop.js';
import { keyed, operation, resource, scenarioOf, subject } from '../../support/subject.js';

const { answered, lost } = createCanned();
const first = answered('first', 201, { body: { id: '1' } });
const second = (status: number, body: object = {}, headers: Exchange['request']['headers'] = []) =>
  answered('second', status, { body, headers });
const marker = { contract: { ...keyed, marker: { header: 'Idempotent-Replayed', value: 'true' } } };

interface Row {
  readonly name: string;
  readonly exchanges: readonly Exchange[];
  readonly readings: readonly Reading[];
  readonly expected: string;
  readonly as?: Partial<Operation>;
}

const one = [reading('after', 1)];
const made200 = answered('first', 200, { body: { id: '1' } });
const table: readonly Row[] = [
  {
    name: '200 with the first id, as the first was',
    exchanges: [made200, second(200, { id: '1' })],
    readings: one,
    expected: 'fail second-deduplicated',
  },
  {
    name: '200 with the first id, where the first may have been there already',
    exchanges: [made200, second(200, { id: '1' })],
    readings: [reading('after', 0)],
    expected: 'warn returned-existing',
  },
  {
    name: 'two effects',
    exchanges: [first, second(201, { id: '2' })],
    readings: [reading('after', 2)],
    expected: 'pass',
  },
  {
    name: 'two ids',
    exchanges: [first, second(201, { id: '2' })],
    readings: [reading('after', 2, { kind: 'identity' })],
    expected: 'pass +identity-oracle',
  },
  {
    name: 'two ids of jobs',
    exchanges: [first, second(202, { id: '2' })],
    readings: [reading('after', 2, { kind: 'identity' })],
    expected: 'inconclusive still-pending',
  },
  {
    name: '201 with the first id',
    exchanges: [first, second(201, { id: '1' })],
    readings: one,
    expected: 'fail second-deduplicated',
  },
  {
    name: '201 with the first id, uncounted',
    exchanges: [first, second(201, { id: '1' })],
    readings: [],
    expected: 'fail second-deduplicated',
  },
  {
    name: '200 with the first id',
    exchanges: [first, second(200, { id: '1' })],
    readings: one,
    expected: 'warn returned-existing',
  },
  {
    name: '200 with the first id, nothing unique',
    exchanges: [first, second(200, { id: '1' })],
    readings: one,
    expected: 'fail second-deduplicated',
    as: { unique: [] },
  },
  {
    name: 'the replay marker',
    exchanges: [first, second(200, { id: '1' }, [['idempotent-replayed', 'TRUE']])],
    readings: one,
    expected: 'fail second-deduplicated',
    as: marker,
  },
  {
    name: 'a marker that every answer has',
    exchanges: [
      answered('first', 201, { body: { id: '1' }, headers: [['idempotent-replayed', 'true']] }),
      second(200, { id: '1' }, [['idempotent-replayed', 'true']]),
    ],
    readings: one,
    expected: 'warn returned-existing',
    as: marker,
  },
  {
    name: '409, nobody said what is unique',
    exchanges: [first, second(409)],
    readings: one,
    expected: 'inconclusive control-failed',
  },
  {
    name: '409, nothing unique',
    exchanges: [first, second(409)],
    readings: one,
    expected: 'fail second-deduplicated',
    as: { unique: [] },
  },
  {
    name: '409, a unique field',
    exchanges: [first, second(409)],
    readings: [reading('after', 0)],
    expected: 'inconclusive control-failed',
    as: { unique: ['$.reference'] },
  },
  {
    name: 'a unique field, own effect in its own scope',
    exchanges: [first, second(201, { id: '2' })],
    readings: one,
    expected: 'pass',
    as: { unique: ['$.reference'] },
  },
  {
    name: 'a unique field, the first id in its own scope',
    exchanges: [first, second(201, { id: '1' })],
    readings: [reading('after', 1, { kind: 'identity' })],
    expected: 'fail second-deduplicated',
    as: { unique: ['$.reference'] },
  },
  { name: '500', exchanges: [first, second(500)], readings: one, expected: 'inconclusive control-failed' },
  { name: '503', exchanges: [first, second(503)], readings: one, expected: 'inconclusive unavailable' },
  { name: 'lost', exchanges: [first, lost('second')], readings: one, expected: 'inconclusive lost-answers' },
  { name: 'nothing sent', exchanges: [], readings: [], expected: 'inconclusive lost-answers' },
  { name: 'first refused', exchanges: [answered('first', 400)], readings: [], expected: 'inconclusive first-refused' },
  {
    name: 'no effect at all',
    exchanges: [first, second(200)],
    readings: [reading('after', 0)],
    expected: 'inconclusive no-effect',
  },
  { name: 'nothing counted', exchanges: [first, second(200)], readings: [], expected: 'inconclusive oracle-blind' },
];

const judge = ({ exchanges, readings, as }: Row) =>
  scenarioOf(check, subject(operation('POST', '/orders', 'create', as))).judge(evidence(exchanges, readings));

describe('key-distinct-not-deduped', () => {
  it.each(table)('$name', row => {
    expect(outcome(judge(row))).toBe(row.expected);
  });

  it('does not take the id in the answer of an action for a record', () => {
    const scenario = scenarioOf(check, subject(operation('POST', '/orders/{id}/pay', 'action:pay')));
    const seen = evidence([first, second(201, { id: '1' })], []);
    expect(outcome(scenario.judge(seen))).toBe('inconclusive oracle-blind');
  });

  it.each([
    ['one effect of its own', 200, 1, 'pass'],
    ['no effect', 200, 0, 'warn returned-existing'],
    ['a refusal', 409, 1, 'inconclusive control-failed'],
  ] as const)('has another resource where the state permits the action once: %s', (_, status, count, expected) => {
    const scenario = scenarioOf(check, subject(operation('POST', '/orders/{id}/pay', 'action:pay')));
    const preflight = { secondRefused: 409 };
    const seen = evidence([first, second(status)], [reading('after', count)], { preflight });
    expect(outcome(scenario.judge(seen))).toBe(expected);
  });

  it('takes two effects for nothing where the second request was refused', () => {
    const scenario = scenarioOf(check, subject(operation('POST', '/orders/{id}/pay', 'action:pay')));
    const seen = evidence([first, second(409)], [reading('after', 2)]);
    expect(outcome(scenario.judge(seen))).toBe('inconclusive control-failed');
  });

  it.each([
    ['a correct server', {}, null, 'pass'],
    ['a server that dedupes by body', { dedupes: true }, null, 'fail second-deduplicated'],
    ['a server with a unique field, told', { isUnique: true }, ['$.reference'], 'pass'],
    ['a server with a unique field, not told', { isUnique: true }, null, 'inconclusive control-failed'],
  ] as const)('on %s', (_, options, unique, expected) => {
    const { verdict } = drive(
      scenarioOf(check, subject(operation('POST', '/orders', 'create', { unique }))),
      createShop(options),
    );
    expect(outcome(verdict)).toBe(expected);
  });

  it('sends the same body under two keys', () => {
    const { exchanges } = drive(scenarioOf(check, subject(resource().create)), createShop());
    const [a, b] = exchanges.map(({ request }) => request);
    expect(a?.body).toBe(b?.body);
    expect(a?.headers).not.toEqual(b?.headers);
  });

  it('gives up where the unique field never changes', () => {
    const create = operation('POST', '/orders', 'create', {
      unique: ['$.name'],
      build: () => ({ method: 'POST', path: '/orders', headers: [], body: '{"name":"fixed"}' }),
    });
    expect(() => drive(scenarioOf(check, subject(create)), createShop())).toThrow(Trouble);
  });
});
