import { describe, expect, it } from 'vitest';
import { patchKeySingleApply as check } from '../../../src/checks/patch/patch-key-single-apply.js';
import { isSkip } from '../../../src/core/check.js';
import { header, type Exchange } from '../../../src/core/http.js';
import { createDepot, type DepotOptions } from '../../support/depot.js';
import { drive } from '../../support/drive.js';
import { evidence, reading } from '../../support/evidence.js';
import { createCanned } from '../../support/exchange.js';
import { outcome } from '../../support/outcome.js';
import { keyed, keyless, operation, resource, scenarioOf, subject } from '../../support/subject.js';

const { answered, lost } = createCanned();
const STEPS = ['before', 'state', 'control', 'after replay', 'after other'] as const;
const list = (length: number) => ({ tags: Array.from({ length }, () => 'x'), version: length });

/** The reads of a case, and what the repeat and the patch under a new key were answered with. */
function trace(
  states: readonly (object | string)[],
  replay: number | null = 200,
  other: number | null = 200,
): Exchange[] {
  const [before, state, control, replayed, last] = STEPS.map((step, at) => {
    const body = states[at];
    return body === undefined ? [] : [answered(step, 200, { body })];
  });
  const sent = (step: string, status: number | null) => (status === null ? lost(step) : answered(step, status));
  return [
    ...(before ?? []),
    answered('first', 200),
    ...(state ?? []),
    ...(control ?? []),
    sent('replay', replay),
    ...(replayed ?? []),
    sent('other', other),
    ...(last ?? []),
  ];
}
const lists = (...lengths: readonly number[]) => lengths.map(list);
const numbers = (...counts: readonly number[]) => counts.map(count => ({ count, updatedAt: String(count) }));

const table: readonly (readonly [name: string, Exchange[], expected: string])[] = [
  ['applied once', trace(lists(0, 1, 1, 1, 2)), 'pass'],
  ['a number moved once', trace(numbers(5, 6, 6, 6, 7)), 'pass'],
  ['a version moved with the repeat', trace([...lists(0, 1, 1), { ...list(1), version: 9 }, list(2)]), 'pass'],
  ['the repeat is refused', trace(lists(0, 1, 1, 1, 2), 409), 'pass +replay-refused'],
  ['applied twice', trace(lists(0, 1, 1, 2, 3)), 'fail applied-twice'],
  ['a number moved twice', trace(numbers(5, 6, 6, 7, 8)), 'fail applied-twice'],
  ['applied twice behind a refusal', trace(lists(0, 1, 1, 2, 3), 409), 'fail applied-twice'],
  ['applied twice behind a crash', trace(lists(0, 1, 1, 2, 3), 500), 'fail applied-twice'],
  ['applied twice behind a lost answer', trace(lists(0, 1, 1, 2, 3), null), 'fail applied-twice'],
  ['applied twice, the new key refused', trace(lists(0, 1, 1, 2, 2), 200, 409), 'fail applied-twice'],
  ['the first shows late', trace(lists(0, 0, 0, 1, 2)), 'inconclusive control-failed'],
  [
    'a place that moves by itself',
    trace([{ n: 0 }, { n: 1 }, { n: 2 }, { n: 3 }, { n: 4 }]),
    'inconclusive control-failed',
  ],
  ['the repeat changes something else', trace([...lists(0, 1, 1), { ...list(1), seen: 1 }, list(2)]), 'pass'],
  ['a patch that sets', trace(numbers(5, 6, 6, 6, 6)), 'inconclusive control-failed'],
  ['the new key is refused', trace(lists(0, 1, 1, 1, 1), 200, 422), 'inconclusive control-failed'],
  ['the new key is voided', trace(lists(0, 1, 1, 1, 1), 200, 503), 'inconclusive unavailable'],
  ['the new key is lost', trace(lists(0, 1, 1, 1, 1), 200, null), 'inconclusive lost-answers'],
  ['a crash', trace(lists(0, 1, 1, 1, 2), 500), 'warn replay-crashed?'],
  ['a 429', trace(lists(0, 1, 1, 1, 2), 429), 'inconclusive rate-limited'],
  ['the repeat is lost', trace(lists(0, 1, 1, 1, 2), null), 'inconclusive lost-answers'],
  ['not read', trace(lists(0, 1, 1)), 'inconclusive lost-answers'],
  ['not read at the end', trace(lists(0, 1, 1, 1)), 'inconclusive lost-answers'],
  [
    'the first is refused',
    [answered('before', 200, { body: list(0) }), answered('first', 422)],
    'inconclusive first-refused',
  ],
  ['nothing sent', [], 'inconclusive lost-answers'],
];

const on = subject(resource().update);

describe('patch-key-single-apply', () => {
  it.each(table)('%s', (_, exchanges, expected) => {
    expect(outcome(scenarioOf(check, on).judge(evidence(exchanges)))).toBe(expected);
  });

  it.each([
    ['moved once', 1, 'pass'],
    ['moved once more', 2, 'fail applied-twice'],
    ['moved in another way', null, 'pass'],
  ] as const)('a parent that %s', (_, then, expected) => {
    const readings = [
      reading('elsewhere once', 1, { kind: 'view' }),
      reading('elsewhere after', then, { kind: 'view', moved: ['GET /wallets/{id} $.points +200'] }),
    ];
    const seen = evidence(trace(lists(0, 1, 1, 1, 2)), readings);
    expect(outcome(scenarioOf(check, subject(resource().update)).judge(seen))).toBe(expected);
  });

  it('tells the place and what became of it', () => {
    const exchanges = trace(numbers(5, 6, 6, 7, 8));
    expect(scenarioOf(check, on).judge(evidence(exchanges))).toMatchObject({
      findings: [{ args: { what: '$.count went from 6 to 7 with the second' } }],
    });
  });

  it('says nothing of a repeat that went out after the key had expired', () => {
    const late = trace(lists(0, 1, 1, 2, 3)).map(exchange =>
      exchange.step === 'replay' ? { ...exchange, sentAtUs: 9_000_000 } : exchange,
    );
    const judged = (ttl: number) => {
      const update = operation('PATCH', '/orders/{id}', 'update', { contract: { ...keyed, ttl } });
      return outcome(scenarioOf(check, subject(update)).judge(evidence(late)));
    };
    expect([judged(8), judged(60)]).toEqual(['inconclusive control-failed', 'fail applied-twice']);
  });

  /** Counts patches; a key is honoured, or not. */
  const counting = (honours: boolean): NonNullable<DepotOptions['bend']> => {
    const keys = new Set<string>();
    return (request, usual, orders) => {
      const key = header(request, 'idempotency-key') ?? '';
      if (request.method !== 'PATCH') return usual();
      if (honours && keys.has(key)) return { status: 200, body: {} };
      const reply = usual();
      const [order] = orders.values();
      if (reply.status !== 200 || order === undefined) return reply;
      keys.add(key);
      order.fields['count'] = Number(order.fields['count'] ?? 0) + 1;
      return reply;
    };
  };
  it.each([
    ['that honours the key', { bend: counting(true) }, 'pass'],
    ['that honours the key and wants a version', { missing: 428, bend: counting(true) }, 'pass'],
    ['that ignores the key', { bend: counting(false) }, 'fail applied-twice'],
    ['that ignores the key and wants a version', { missing: 428, bend: counting(false) }, 'pass +replay-refused'],
    ['whose patch only sets', {}, 'inconclusive control-failed'],
  ] as const)('on a server %s', (_, options, expected) => {
    expect(outcome(drive(scenarioOf(check, on), createDepot(options)).verdict)).toBe(expected);
  });

  it('sends one request twice to the byte, then the body under a new key', () => {
    const { exchanges } = drive(scenarioOf(check, on), createDepot());
    const [first, replay, other] = ['first', 'replay', 'other'].map(
      step => exchanges.findLast(exchange => exchange.step === step)?.request,
    );
    expect(replay).toEqual(first);
    expect(other?.body).toBe(first?.body);
    expect(other?.headers).not.toEqual(first?.headers);
  });

  it('takes a part of another resource that needs no create, and an action by PATCH', () => {
    const parts = resource({ create: null, parents: [resource()] });
    expect(isSkip(check.plan(subject(parts.update, parts), null))).toBe(false);
    expect(isSkip(check.plan(subject(operation('PATCH', '/orders/{id}', 'action:add')), null))).toBe(false);
  });

  it.each([
    ['a PUT', resource().replace, resource()],
    ['no key', operation('PATCH', '/orders/{id}', 'update', { contract: keyless }), resource()],
    ['no read', resource().update, resource({ read: null })],
    ['nothing to patch', resource().update, resource({ create: null })],
  ])('does not apply: %s', (_, of, within) => {
    expect(isSkip(check.plan(subject(of, within), null))).toBe(true);
  });
});
