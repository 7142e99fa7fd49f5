import { describe, expect, it } from 'vitest';
import { keyInvalidNo5xx as check } from '../../../src/checks/keys/key-invalid-no-5xx.js';
import { isSkip } from '../../../src/core/check.js';
import { header, type Exchange } from '../../../src/core/http.js';
import type { Reading } from '../../../src/core/reading.js';
import type { Outgoing } from '../../../src/core/resource.js';
import { drive } from '../../support/drive.js';
import { evidence, reading } from '../../support/evidence.js';
import { createCanned } from '../../support/exchange.js';
import { outcome } from '../../support/outcome.js';
import { createShop, type ShopOptions } from '../../support/shop.js';
import { keyed, keyless, operation, resource, scenarioOf, subject } from '../../support/subject.js';

const { answered, lost } = createCanned();
const ROUNDS = Array.from({ length: 16 }, (_, at) => at + 1);
const usual = answered('usual', 201, { body: { id: 'u' } });
const odd = (round: number, status = 400, id = `${round}`) =>
  answered('odd', status, { round, body: status < 300 ? { id } : {} });
/** Every odd key refused, but for those given. */
const sent = (...others: readonly Exchange[]): Exchange[] => [
  usual,
  ...ROUNDS.map(round => others.find(one => one.round === round) ?? odd(round)),
];
const after = (round: number, count: number | null) => reading('after', count, { round });

const table: readonly (readonly [name: string, Exchange[], Reading[], expected: string])[] = [
  ['all refused', sent(), [], 'pass'],
  ['431 and 413', sent(odd(4, 431), odd(7, 413)), [], 'pass'],
  ['empty keys carried out', sent(odd(1, 201), odd(2, 201)), [after(2, 1)], 'pass +accepted'],
  ['empty keys carried out, uncounted', sent(odd(1, 201), odd(2, 201)), [], 'inconclusive oracle-blind'],
  ['a space carried out', sent(odd(3, 201)), [], 'pass +accepted'],
  ['a crash', sent(odd(8, 500)), [], 'fail crashed?'],
  ['503', sent(odd(8, 503)), [], 'inconclusive unavailable'],
  ['the empty key replayed', sent(odd(1, 201), odd(2, 201, '1')), [], 'fail collapsed'],
  ['the second empty key refused', sent(odd(1, 201), odd(2, 422)), [], 'fail collapsed?'],
  [
    'the second empty key refused, the first replays',
    [...sent(odd(1, 201), odd(2, 422)), answered('first-again', 201, { round: 1, body: { id: '1' } })],
    [],
    'fail collapsed',
  ],
  [
    'the second empty key refused, the first is carried out again',
    [...sent(odd(1, 201), odd(2, 422)), answered('first-again', 201, { round: 1, body: { id: 'x' } })],
    [],
    'fail collapsed?',
  ],
  ['the second empty key alone accepted', sent(odd(2, 201)), [after(2, 1)], 'pass +accepted'],
  ['long keys cut', sent(odd(5, 201), odd(6, 201, '5')), [], 'fail collapsed'],
  ['collapsed and crashed', sent(odd(1, 201), odd(2, 201, '1'), odd(8, 500)), [], 'fail collapsed crashed?'],
  ['not sent', sent(lost('odd', 'protocol', { round: 8 })), [], 'pass +not-sent'],
  ['dropped', sent(lost('odd', 'reset', { round: 7 })), [], 'pass +dropped'],
  [
    'dropped on most of them',
    sent(...ROUNDS.slice(4).map(round => lost('odd', 'reset', { round }))),
    [],
    'inconclusive lost-answers',
  ],
  ['none sent', [usual, ...ROUNDS.map(round => lost('odd', 'protocol', { round }))], [], 'inconclusive lost-answers'],
  ['usual key refused', [answered('usual', 400)], [], 'inconclusive first-refused'],
  ['nothing sent', [], [], 'inconclusive lost-answers'],
];

const on = (keyOf: NonNullable<ShopOptions['keyOf']>, options: ShopOptions = {}) =>
  drive(scenarioOf(check, subject(resource().create)), createShop({ ...options, keyOf }));

describe('key-invalid-no-5xx', () => {
  it.each(table)('%s', (_, exchanges, readings, expected) => {
    const scenario = scenarioOf(check, subject(operation('POST', '/orders', 'create')));
    expect(outcome(scenario.judge(evidence(exchanges, readings)))).toBe(expected);
  });

  it.each([
    ['refuses them', (key: string) => (/^[\w-]{1,64}$/.test(key) ? key : null), {}, 'pass +accepted'],
    ['takes an empty key for none', (key: string) => (key.trim() === '' ? undefined : key), {}, 'pass +accepted'],
    ['takes an empty key for one', (key: string) => key, {}, 'fail collapsed'],
    ['replays whatever had the key', (key: string) => key, { onMismatch: 'replay' }, 'fail collapsed'],
    ['cuts keys', (key: string) => (key === '' ? null : key.slice(0, 255)), { onMismatch: 'replay' }, 'fail collapsed'],
  ] as const)('on a server that %s', (_, keyOf, options, expected) => {
    expect(outcome(on(keyOf, options).verdict)).toBe(expected);
  });

  it('sends each odd key byte for byte, with a payload of its own', () => {
    const { steps, exchanges } = on(key => key);
    const requests = steps
      .filter((step): step is typeof step & { readonly outgoing: Outgoing } => step.kind === 'send')
      .map(({ outgoing }) => outgoing.request);
    // The first empty key once more: the second was refused.
    expect(requests.map(({ verbatim }) => verbatim === true)).toEqual([false, true, ...ROUNDS.map(() => true)]);
    expect(requests[3]).toEqual(requests[1]);
    expect(new Set(requests.map(({ body }) => body)).size).toBe(17);
    const keys = exchanges.map(({ request }) => header(request, 'idempotency-key') ?? '');
    expect(keys.map(({ length }) => length).filter(length => length > 100)).toEqual([256, 1024, 1024, 8192]);
    const lines = requests.map(({ headers }) => headers.filter(([name]) => name === 'Idempotency-Key').length);
    expect(lines.filter(count => count === 2)).toHaveLength(1);
  });

  it('puts odd keys into the body where keys travel there, one at a time', () => {
    const contract = { ...keyed, key: { in: 'body', name: 'request_id', required: null, form: 'raw' } as const };
    const create = operation('POST', '/orders', 'create', { contract });
    const { exchanges } = drive(scenarioOf(check, subject(create)), createShop());
    const ids = exchanges.map(({ request }) => (JSON.parse(request.body ?? '{}') as { request_id: string }).request_id);
    expect(ids.slice(1, 4)).toEqual(['', '', ' ']);
    expect(ids).toHaveLength(16);
  });

  it('applies to creates and actions that take a key', () => {
    expect(isSkip(check.plan(subject(operation('POST', '/orders', 'create', { contract: keyless })), null))).toBe(true);
    expect(isSkip(check.plan(subject(resource().update), null))).toBe(true);
  });
});
