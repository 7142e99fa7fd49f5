import { describe, expect, it } from 'vitest';
import { keyExpiredBehaviour as check } from '../../../src/checks/lifetime/key-expired-behaviour.js';
import { isSkip } from '../../../src/core/check.js';
import type { Contract } from '../../../src/core/contract.js';
import type { Exchange } from '../../../src/core/http.js';
import type { HookRun } from '../../../src/core/hook-run.js';
import type { Reading } from '../../../src/core/reading.js';
import { drive } from '../../support/drive.js';
import { evidence, reading, soundPreflight } from '../../support/evidence.js';
import { createCanned } from '../../support/exchange.js';
import { outcome } from '../../support/outcome.js';
import { createShop, type ShopOptions } from '../../support/shop.js';
import { keyed, operation, resource, scenarioOf, subject } from '../../support/subject.js';

const { answered, lost } = createCanned();
const creating = (contract: Partial<Contract> = {}) =>
  subject(operation('POST', '/orders', 'create', { contract: { ...keyed, ttl: 5, ...contract } }));

interface Late {
  readonly status?: number;
  readonly again?: number | null;
  /** The answer to the same request under a new key. */
  readonly other?: number | null;
  readonly after?: number | null;
  readonly standing?: number | null;
  readonly planted?: number;
  /** What the control counted after its repeat. */
  readonly control?: number | null;
  /** The answer to the repeat at once. */
  readonly repeat?: number;
}

/** The trace of a key repeated at once and of one repeated when it is 6 s old. */
function trace({
  status = 201,
  again = null,
  other = again === null ? null : 201,
  after = 1,
  standing = 1,
  planted = 200,
  control = 1,
  repeat = 201,
}: Late) {
  const second = again === null ? [] : [answered('again', again, { round: 1, from: 10_000_000, to: 10_001_000 })];
  const exchanges: Exchange[] = [
    answered('plant', 201, { round: 0, from: 0, to: 0 }),
    answered('plant', 201, { round: 1, from: 0, to: 0 }),
    answered('planted', 200, { round: 0 }),
    answered('replay', repeat, { round: 0, from: 100_000, to: 101_000 }),
    answered('planted', planted, { round: 1 }),
    answered('replay', status, { round: 1, from: 6_000_000, to: 6_001_000 }),
    ...second,
    ...(other === null ? [] : [answered('other key', other, { round: 1 })]),
  ];
  const readings: Reading[] = [
    reading('standing', 1, { round: 0 }),
    reading('after', control, { round: 0 }),
    reading('standing', standing, { round: 1 }),
    reading('after', after, { round: 1 }),
  ];
  return evidence(exchanges, readings);
}

const table: readonly (readonly [name: string, contract: Partial<Contract>, late: Late, expected: string])[] = [
  ['carried out anew', {}, { after: 2 }, 'pass +executed'],
  ['the old answer', {}, { after: 1 }, 'pass +still-held'],
  ['refused as declared', { expired: [410] }, { status: 410 }, 'pass +refused-as-declared'],
  ['carried out though refusal is declared', { expired: [410] }, { after: 2 }, 'fail executed-anew'],
  ['in flight, twice', {}, { status: 409, again: 409 }, 'fail stuck'],
  ['locked, twice', {}, { status: 423, again: 423 }, 'fail stuck'],
  ['in flight, declared as such', { expired: [409] }, { status: 409 }, 'pass +refused-as-declared'],
  ['in flight, then done', {}, { status: 409, again: 201 }, 'inconclusive control-failed'],
  ['in flight, and not looked at again', {}, { status: 409 }, 'inconclusive lost-answers'],
  ['a crash, twice', {}, { status: 500, again: 500 }, 'fail crashed'],
  ['refused under a new key as well', {}, { status: 409, again: 409, other: 409 }, 'inconclusive control-failed'],
  ['a crash under a new key as well', {}, { status: 500, again: 500, other: 500 }, 'inconclusive control-failed'],
  ['in flight, and no new key tried', {}, { status: 409, again: 409, other: null }, 'inconclusive lost-answers'],
  ['a crash, once', {}, { status: 500, again: 201 }, 'inconclusive control-failed'],
  [
    'the refusal of a finished key, as promised',
    { replayMode: 'conflict', inflight: { statuses: [400], mayWait: false } },
    { status: 400, again: 400, repeat: 400 },
    'pass +still-held',
  ],
  [
    'in flight, where a finished key is refused otherwise',
    { replayMode: 'conflict' },
    { status: 409, again: 409, repeat: 400 },
    'fail stuck',
  ],
  ['another refusal, twice', {}, { status: 400, again: 400 }, 'warn refused'],
  ['a 503', {}, { status: 503 }, 'inconclusive unavailable'],
  ['a 429 the second time', {}, { status: 409, again: 429 }, 'inconclusive rate-limited'],
  ['the record gone', {}, { after: 2, planted: 404 }, 'inconclusive control-failed'],
  ['the record no longer listed', {}, { after: 1, standing: 0 }, 'inconclusive control-failed'],
  ['keys that never held', {}, { after: 2, control: 2 }, 'inconclusive control-failed'],
  ['uncounted', {}, { standing: null, after: null }, 'inconclusive oracle-failed'],
];

describe('key-expired-behaviour', () => {
  it.each(table)('%s', (_, contract, late, expected) => {
    expect(outcome(scenarioOf(check, creating(contract)).judge(trace(late)))).toBe(expected);
  });

  it('does not apply where the state refuses a repeat, whatever becomes of the key', () => {
    const { misfit } = scenarioOf(check, creating());
    expect(misfit?.(soundPreflight)).toBeNull();
    expect(misfit?.({ ...soundPreflight, secondRefused: 409 })).toContain('permits the action once');
  });

  it('says when and how long', () => {
    const verdict = scenarioOf(check, creating()).judge(trace({ status: 409, again: 409 }));
    expect(verdict).toMatchObject({ findings: [{ args: { status: 409, age: '6 s', ttl: '5 s', later: '4 s' } }] });
  });

  it('takes an old answer under a moved clock for nothing', () => {
    const run: HookRun = {
      step: 'move the clock',
      attempt: 1,
      hook: 'clock',
      values: { seconds: 6 },
      kind: 'command',
      output: '',
      exchange: null,
      atUs: 1000,
    };
    const judge = (late: Late) => scenarioOf(check, creating()).judge({ ...trace(late), hooks: [run] });
    expect(outcome(judge({ after: 1 }))).toBe('inconclusive control-failed');
    expect(outcome(judge({ after: 2 }))).toBe('pass +executed +clock-moved');
  });

  it.each([
    ['nothing sent', [], 'inconclusive lost-answers'],
    ['a lost first request', [lost('plant')], 'inconclusive lost-answers'],
    ['a refused one', [answered('plant', 422)], 'inconclusive first-refused'],
    ['no repeat', [answered('plant', 201), answered('plant', 201, { round: 1 })], 'inconclusive lost-answers'],
  ] as const)('copes with %s', (_, exchanges, expected) => {
    expect(outcome(scenarioOf(check, creating()).judge(evidence(exchanges)))).toBe(expected);
  });

  it.each([
    ['forgets them in time', { ttl: 5 }, 'pass +executed'],
    ['keeps them for ever', {}, 'pass +still-held'],
    ['ignores keys', { honoursKeys: false }, 'inconclusive control-failed'],
  ] as const satisfies readonly (readonly [string, ShopOptions, string])[])(
    'on a server that %s',
    (_, shop, expected) => {
      expect(outcome(drive(scenarioOf(check, creating()), createShop(shop)).verdict)).toBe(expected);
    },
  );

  it('sends nothing when the run does not wait that long, and moves the clock where it can', () => {
    const long = creating({ ttl: 86_400 });
    const { exchanges, verdict } = drive(scenarioOf(check, long), createShop({ ttl: 86_400 }));
    expect(exchanges).toEqual([]);
    expect(outcome(verdict)).toBe('inconclusive lifetime-too-long');
    const movable = { ...long, hooks: new Set(['clock'] as const) };
    const moved = drive(scenarioOf(check, movable), createShop({ ttl: 86_400 }));
    expect(outcome(moved.verdict)).toBe('pass +executed +clock-moved');
  });

  it('uses each key twice at most, and the late one once more when it was refused', () => {
    const { exchanges } = drive(scenarioOf(check, creating()), createShop({ ttl: 5 }));
    expect(exchanges.map(({ step, round }) => `${step} ${round}`)).toEqual([
      'plant 0',
      'plant 1',
      'planted 0',
      'replay 0',
      'planted 1',
      'replay 1',
    ]);
  });

  it('does not apply without a lifetime that could be over', () => {
    for (const ttl of ['unknown', 'never', 0] as const) {
      expect(isSkip(check.plan(creating({ ttl }), null))).toBe(true);
    }
    const { id } = resource();
    const own = resource({ id: { ...id, chosenBy: 'client', from: scope => scope.uuid } });
    expect(isSkip(check.plan(subject({ ...creating().operation }, own), null))).toBe(true);
    expect(isSkip(check.plan(creating(), null))).toBe(false);
  });
});
