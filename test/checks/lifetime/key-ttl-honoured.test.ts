import { describe, expect, it } from 'vitest';
import { keyTtlHonoured as check } from '../../../src/checks/lifetime/key-ttl-honoured.js';
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
const creating = (contract: Partial<Contract> = {}, unique: readonly string[] | null = null) =>
  subject(operation('POST', '/orders', 'create', { unique, contract: { ...keyed, ...contract } }));

interface Key {
  /** Seconds. */
  readonly age: number;
  readonly before?: number | null;
  readonly after: number | null;
  readonly status?: number;
  readonly planted?: number;
  readonly kind?: Reading['kind'];
}

/** The trace of keys that were repeated at their ages. */
function keys(...planted: readonly Key[]): readonly [Exchange[], Reading[]] {
  const exchanges = planted.flatMap(({ age, status = 201, planted: read = 200 }, round) => [
    answered('plant', 201, { round, body: { id: `p${round}` }, from: 0, to: 0 }),
    answered('planted', read, { round }),
    answered('replay', status, { round, from: age * 1_000_000, to: age * 1_000_000 + 1000 }),
  ]);
  const readings = planted.flatMap(({ before = 1, after, kind = 'filter' }, round) => [
    reading('standing', before, { round, kind }),
    reading('after', after, { round, kind }),
  ]);
  return [exchanges, readings];
}

const now: Key = { age: 0.1, after: 1 };
const judge = (contract: Partial<Contract>, traced: ReturnType<typeof keys>, unique: readonly string[] | null = null) =>
  scenarioOf(check, creating(contract, unique)).judge(evidence(...traced));

const floor = (fail: number, warn: number) => ({ ttlFloor: { fail, warn } });
type Row = readonly [name: string, contract: Partial<Contract>, keys: readonly Key[], expected: string];
const table: readonly Row[] = [
  ['held at 90 %', { ttl: 10 }, [now, { age: 9, after: 1 }], 'pass +held'],
  [
    'held, by ids',
    { ttl: 10 },
    [
      { ...now, kind: 'identity' },
      { age: 9, after: 1, kind: 'identity' },
    ],
    'pass +identity-oracle +held',
  ],
  ['gone before 90 %', { ttl: 10 }, [now, { age: 5, after: 2 }], 'fail expired-early'],
  ['gone at 90 %', { ttl: 10 }, [now, { age: 9, after: 2 }], 'fail expired-early'],
  ['gone within the slack', { ttl: 10 }, [now, { age: 9.8, after: 2 }], 'inconclusive control-failed'],
  ['gone after its end', { ttl: 10 }, [now, { age: 12, after: 2 }], 'inconclusive control-failed'],
  ['held, but shorter than declared', { ttl: 86_400 }, [now, { age: 5, after: 1 }], 'inconclusive wait-too-short'],
  ['gone, never to expire', { ttl: 'never' }, [now, { age: 5, after: 2 }], 'fail expired-early'],
  ['held, never to expire', { ttl: 'never' }, [now, { age: 5, after: 1 }], 'inconclusive wait-too-short'],
  ['undeclared, gone at 30 s', {}, [now, { age: 30.02, after: 2 }], 'fail short-lived'],
  ['undeclared, gone at 35 s', {}, [now, { age: 35, after: 2 }], 'warn short-lived'],
  ['undeclared, held at 5 s', {}, [now, { age: 5, after: 1 }], 'inconclusive wait-too-short'],
  ['undeclared, gone at our stricter floor', floor(60, 600), [now, { age: 35, after: 2 }], 'fail short-lived'],
  ['undeclared, held to our laxer floor', floor(3, 10), [now, { age: 9, after: 1 }], 'pass +held'],
  [
    'gone at once',
    { ttl: 10 },
    [
      { age: 0.1, after: 2 },
      { age: 9, after: 2 },
    ],
    'inconclusive control-failed',
  ],
  ['the record gone', { ttl: 10 }, [now, { age: 9, after: 1, planted: 404 }], 'inconclusive control-failed'],
  ['the record gone and made anew', { ttl: 10 }, [now, { age: 9, before: 0, after: 1 }], 'inconclusive control-failed'],
  ['a crash', { ttl: 10 }, [now, { age: 9, after: 1, status: 500 }], 'inconclusive control-failed'],
  ['a 503', { ttl: 10 }, [now, { age: 9, after: 1, status: 503 }], 'inconclusive unavailable'],
  ['a refusal', { ttl: 10 }, [now, { age: 9, after: 1, status: 409 }], 'pass +held'],
  ['uncounted', { ttl: 10 }, [{ age: 0.1, before: null, after: null, kind: 'none' }], 'inconclusive oracle-blind'],
  ['a number that others moved', { ttl: 10 }, [now, { age: 9, before: 4, after: 4 }], 'pass +held'],
  ['a pile of others, and one more', { ttl: 10 }, [now, { age: 9, before: 4, after: 5 }], 'fail expired-early'],
  [
    'two ids of jobs',
    { ttl: 10 },
    [now, { age: 9, after: 2, status: 202, kind: 'identity' }],
    'inconclusive control-failed',
  ],
];

describe('key-ttl-honoured', () => {
  it.each(table)('%s', (_, contract, traced, expected) => {
    expect(outcome(judge(contract, keys(...traced)))).toBe(expected);
  });

  it('says what was gone and what held', () => {
    const traced = keys(now, { age: 5.03, after: 1 }, { age: 35.01, after: 2 }, { age: 70, after: 2 });
    expect(judge({}, traced)).toMatchObject({ findings: [{ args: { age: '35 s', held: '5 s' } }] });
    expect(judge({ ttl: 86_400 }, traced)).toMatchObject({
      findings: [{ basis: 'declared', args: { age: '35 s', held: '5 s', ttl: '24 h' } }],
    });
  });

  it('says how long it waited when that was too short', () => {
    expect(judge({}, keys(now, { age: 5, after: 1 }))).toMatchObject({ args: { held: '5 s', maxWait: '10 s' } });
  });

  it('concludes nothing from a refusal that a unique field may have made', () => {
    const traced = keys(now, { age: 9, after: 1, status: 409 });
    expect(outcome(judge({ ttl: 10 }, traced, ['$.reference']))).toBe('inconclusive control-failed');
  });

  it.each([
    ['nothing sent', [], 'inconclusive lost-answers'],
    ['a lost first request', [lost('plant')], 'inconclusive lost-answers'],
    ['a refused first request', [answered('plant', 422)], 'inconclusive first-refused'],
    ['no repeat', [answered('plant', 201)], 'inconclusive lost-answers'],
  ] as const)('copes with %s', (_, exchanges, expected) => {
    expect(outcome(scenarioOf(check, creating()).judge(evidence(exchanges)))).toBe(expected);
  });

  it.each([
    ['undeclared, a short wait', {}, 10, [0, 5]],
    ['undeclared, a longer one', {}, 80, [0, 5, 30, 35, 70]],
    ['undeclared, an hour', {}, 3600, [0, 5, 30, 35, 70, 130, 310, 660, 1900]],
    ['declared and fitting', { ttl: 40 }, 60, [0, 5, 35, 36]],
    ['declared and too long', { ttl: 86_400 }, 10, [0, 5]],
    ['declared and very short', { ttl: 2 }, 10, [0, 1.8]],
    ['never', { ttl: 'never' }, 40, [0, 5, 35]],
  ] as const)('%s', (_, contract, maxWait, ages) => {
    const { steps } = drive(scenarioOf(check, creating(contract)), createShop(), { maxWaitMs: maxWait * 1000 });
    const waits = steps.flatMap(step => (step.kind === 'later' ? [step.ms / 1000] : []));
    expect(waits.map(wait => (wait < 0.2 ? 0 : wait))).toEqual(ages);
  });

  it('plants every key first, each with a marker of its own, and repeats each once', () => {
    const { exchanges } = drive(scenarioOf(check, creating()), createShop(), { maxWaitMs: 40_000 });
    expect(exchanges.slice(0, 4).map(({ step }) => step)).toEqual(['plant', 'plant', 'plant', 'plant']);
    const keysSent = exchanges.flatMap(({ request }) => request.headers.filter(([name]) => name === 'Idempotency-Key'));
    const uses = new Map<string, number>();
    for (const [, value] of keysSent) uses.set(value, (uses.get(value) ?? 0) + 1);
    expect([...uses.values()]).toEqual([2, 2, 2, 2]);
    const bodies = exchanges.filter(({ step }) => step === 'plant').map(({ request }) => request.body);
    expect(new Set(bodies).size).toBe(4);
  });

  it.each([
    ['keeps keys as declared', { ttl: 86_400 }, { ttl: 86_400 }, 'pass +held +clock-moved'],
    ['keeps them a week and says nothing', { ttl: 7 * 86_400 }, {}, 'pass +held +clock-moved'],
    ['forgets them at half of it', { ttl: 43_200 }, { ttl: 86_400 }, 'fail expired-early'],
    ['forgets them at once', { ttl: 4 }, { ttl: 86_400 }, 'fail expired-early'],
    ['has a clock of its own', {}, { ttl: 86_400 }, 'inconclusive control-failed'],
    ['keeps them for ever, as promised', {}, { ttl: 'never' }, 'inconclusive control-failed'],
  ] as const)('moves the clock beyond what it waits, on a server that %s', (_, options, contract, expected) => {
    const on = { ...creating(contract), hooks: new Set(['clock'] as const) };
    const scenario = scenarioOf(check, on);
    expect(scenario.hooks).toEqual(['clock']);
    const { verdict, steps } = drive(scenario, createShop(options), { maxWaitMs: 10_000 });
    expect(outcome(verdict)).toBe(expected);
    const [waited] = steps.flatMap(step => (step.kind === 'later' && step.ms > 200 ? [step.ms] : []));
    expect(waited).toBe(5000);
    const moves = steps.flatMap(step => (step.kind === 'hook' ? [Number(step.values['seconds'])] : []));
    expect(moves.every(seconds => Number.isInteger(seconds) && seconds > 0)).toBe(true);
  });

  it('says by how much the clock was moved, and that another key held longer', () => {
    const moved = { attempt: 1, hook: 'clock', kind: 'command', output: '', exchange: null } as const;
    const hooks = [{ ...moved, step: 'move the clock', values: { seconds: 3600 }, atUs: 500_000 }];
    const traced = evidence(...keys(now, { age: 5, after: 2 }, { age: 9, after: 1 }));
    const verdict = scenarioOf(check, creating({ ttl: 86_400 })).judge({ ...traced, hooks });
    expect(verdict).toMatchObject({
      findings: [{ args: { held: '0.1 s', age: '60 min', ttl: '24 h' } }],
      notes: [
        { code: 'held-longer', args: { held: '60 min' } },
        { code: 'clock-moved', args: { moved: '60 min', maxWait: '10 s' } },
      ],
    });
  });

  it('concludes nothing from a clock that jumped farther than it was asked to', () => {
    const dated = (seconds: number) => [['date', new Date(seconds * 1000).toUTCString()]] as const;
    const [exchanges, readings] = keys(now, { age: 5, after: 2 });
    const replayed = answered('replay', 201, { round: 1, from: 5_000_000, to: 5_001_000, headers: dated(90_000) });
    const plant = answered('plant', 201, { round: 1, from: 0, to: 0, headers: dated(0) });
    const rest = exchanges.filter(({ round, step }) => round === 0 || step === 'planted');
    const moved = { attempt: 1, hook: 'clock', kind: 'command', output: '', exchange: null } as const;
    const hooks = [{ ...moved, step: 'move the clock', values: { seconds: 60 }, atUs: 500_000 }];
    const traced = evidence([...rest, plant, replayed], readings);
    const verdict = scenarioOf(check, creating({ ttl: 86_400 })).judge({ ...traced, hooks });
    expect(outcome(verdict)).toBe('inconclusive control-failed');
  });

  it.each([
    ['keeps keys as declared', { ttl: 20 }, { ttl: 20 }, 'pass +held'],
    ['forgets them at half of it', { ttl: 10 }, { ttl: 20 }, 'fail expired-early'],
    ['keeps them 20 s and says nothing', { ttl: 20 }, {}, 'fail short-lived'],
    ['keeps them 32 s and says nothing', { ttl: 32 }, {}, 'warn short-lived'],
    ['keeps them for ever and says nothing', {}, {}, 'inconclusive wait-too-short'],
    ['ignores keys', { honoursKeys: false }, { ttl: 20 }, 'inconclusive control-failed'],
  ] as const)('on a server that %s', (_, options, contract, expected) => {
    const scenario = scenarioOf(check, creating(contract));
    expect(outcome(drive(scenario, createShop(options), { maxWaitMs: 60_000 }).verdict)).toBe(expected);
  });

  it('does not apply where the client chooses the id, or keys protect for no time', () => {
    const { id } = resource();
    const own = resource({ id: { ...id, chosenBy: 'client', from: scope => scope.uuid } });
    expect(isSkip(check.plan(subject(own.create, own), null))).toBe(true);
    expect(isSkip(check.plan(creating({ ttl: 0 }), null))).toBe(true);
    expect(isSkip(check.plan(creating(), null))).toBe(false);
  });
});
