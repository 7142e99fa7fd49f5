import { describe, expect, it } from 'vitest';
import { keyReplayNoDuplicate as check } from '../../../src/checks/keys/key-replay-no-duplicate.js';
import { isSkip } from '../../../src/core/check.js';
import type { Exchange } from '../../../src/core/http.js';
import type { Reading } from '../../../src/core/reading.js';
import { drive } from '../../support/drive.js';
import { evidence, reading } from '../../support/evidence.js';
import { createCanned } from '../../support/exchange.js';
import { outcome } from '../../support/outcome.js';
import { createShop } from '../../support/shop.js';
import { keyed, keyless, operation, resource, scenarioOf, subject } from '../../support/subject.js';

const plain = operation('POST', '/orders', 'create', { payloads: new Set(['body']) });
const { answered, lost } = createCanned();
const first = answered('first', 201, { body: { id: '1' } });
const replay = answered('replay', 201, { body: { id: '1' } });

const table: readonly (readonly [name: string, Exchange[], Reading[], expected: string])[] = [
  ['one effect', [first, replay], [reading('after', 1)], 'pass'],
  ['by ids alone', [first, replay], [reading('after', 1, { kind: 'identity' })], 'pass +identity-oracle'],
  ['two effects', [first, replay], [reading('after', 2)], 'fail duplicate-created'],
  ['two effects, the repeat lost', [first, lost('replay')], [reading('after', 2)], 'fail duplicate-created'],
  ['two effects, the repeat 503', [first, answered('replay', 503)], [reading('after', 2)], 'fail duplicate-created'],
  ['a conflict on the repeat', [first, answered('replay', 409)], [reading('after', 1)], 'pass +unique-constraint'],
  ['a crash on the repeat', [first, answered('replay', 500)], [reading('after', 1)], 'warn replay-crashed?'],
  ['a 503 on the repeat', [first, answered('replay', 503)], [reading('after', 1)], 'inconclusive unavailable'],
  ['a 429 on the repeat', [first, answered('replay', 429)], [reading('after', 1)], 'inconclusive rate-limited'],
  ['no effect', [first, replay], [reading('after', 0)], 'inconclusive no-effect'],
  ['first refused', [answered('first', 422)], [], 'inconclusive first-refused'],
  ['first lost', [lost('first', 'timeout')], [], 'inconclusive lost-answers'],
  ['repeat lost', [first, lost('replay')], [reading('after', 1)], 'inconclusive lost-answers'],
  ['nothing sent', [], [], 'inconclusive lost-answers'],
  [
    'no oracle, equal answers',
    [first, replay],
    [reading('after', null, { kind: 'none' })],
    'inconclusive response-consistent',
  ],
  ['no oracle, other answers', [first, answered('replay', 409)], [], 'inconclusive oracle-blind'],
  ['a crash on the repeat, uncounted', [first, answered('replay', 500)], [], 'inconclusive oracle-blind'],
  ['oracle failed', [first, replay], [reading('after', null)], 'inconclusive oracle-failed'],
  ['half an effect more', [first, replay], [reading('after', 1.5, { kind: 'number' })], 'inconclusive oracle-failed'],
  [
    'two ids of jobs',
    [answered('first', 202, { body: { id: 'a' } }), answered('replay', 202, { body: { id: 'b' } })],
    [reading('after', 2, { kind: 'identity' })],
    'inconclusive still-pending',
  ],
  [
    'two jobs, two records',
    [answered('first', 202), answered('replay', 202)],
    [reading('after', 2, { kind: 'list' })],
    'fail duplicate-created',
  ],
];

describe('key-replay-no-duplicate', () => {
  it.each(table)('%s', (_, exchanges, readings, expected) => {
    expect(outcome(scenarioOf(check, subject(plain)).judge(evidence(exchanges, readings)))).toBe(expected);
  });

  it('does not pass by an oracle that never counted to two', () => {
    const seen = evidence([first, replay], [reading('after', 1)], { preflight: { countsToTwo: false } });
    expect(outcome(scenarioOf(check, subject(plain)).judge(seen))).toBe('inconclusive oracle-uncontrolled');
  });

  it('does not put a declared conflict down to a unique field', () => {
    const contract = { ...keyed, replayMode: 'conflict' as const };
    const seen = evidence([first, answered('replay', 409)], [reading('after', 1)]);
    expect(outcome(scenarioOf(check, subject({ ...plain, contract })).judge(seen))).toBe('pass');
  });

  it('passes on a server that honours keys, and sends the same bytes twice for either payload', () => {
    const { verdict, exchanges } = drive(scenarioOf(check, subject(resource().create)), createShop());
    expect(outcome(verdict)).toBe('pass');
    const sent = exchanges.map(({ step, round, request }) => [step, round, request.body, request.headers]);
    expect(sent).toHaveLength(4);
    expect(sent[1]?.slice(2)).toEqual(sent[0]?.slice(2));
    expect(sent[3]?.slice(2)).toEqual(sent[2]?.slice(2));
    expect(sent[2]?.[2]).not.toBe(sent[0]?.[2]);
  });

  it('fails on a server that ignores keys', () => {
    const { verdict } = drive(scenarioOf(check, subject(resource().create)), createShop({ honoursKeys: false }));
    expect(outcome(verdict)).toBe('fail duplicate-created');
  });

  it('finds a key that is ignored on the second payload alone', () => {
    const shop = createShop();
    const forgetful = createShop({ honoursKeys: false });
    const isVariant = (body: string | null) => body?.includes('"amount":2') === true;
    const { verdict } = drive(scenarioOf(check, subject(resource().create)), {
      handle: (request, nowUs) => (isVariant(request.body) ? forgetful : shop).handle(request, nowUs),
      count: counted => (shop.count(counted) ?? 0) + (forgetful.count(counted) ?? 0),
    });
    expect(verdict).toMatchObject({ verdict: 'fail', findings: [{ args: { count: 2, payload: 'changed' } }] });
  });

  it('passes with a note when the second payload is refused', () => {
    const shop = createShop();
    const { verdict } = drive(scenarioOf(check, subject(resource().create)), {
      ...shop,
      handle: (request, nowUs) =>
        request.body?.includes('"amount":2') === true ? { status: 422 } : shop.handle(request, nowUs),
    });
    expect(outcome(verdict)).toBe('pass +variant-open');
  });

  it('applies to creates and actions that take a key', () => {
    expect(isSkip(check.plan(subject({ ...plain, contract: keyless }), null))).toBe(true);
    expect(isSkip(check.plan(subject(resource().update), null))).toBe(true);
    expect(isSkip(check.plan(subject(operation('POST', '/orders/{id}/pay', 'action:pay')), null))).toBe(false);
  });
});
