import { describe, expect, it } from 'vitest';
import { keyConcurrentLoser as check } from '../../../src/checks/keys/key-concurrent-loser.js';
import { isSkip } from '../../../src/core/check.js';
import type { Contract } from '../../../src/core/contract.js';
import { header, type Exchange, type HeaderLine } from '../../../src/core/http.js';
import { drive, type Reply } from '../../support/drive.js';
import { evidence } from '../../support/evidence.js';
import { createCanned } from '../../support/exchange.js';
import { outcome } from '../../support/outcome.js';
import { createShop } from '../../support/shop.js';
import { keyed, keyless, operation, resource, scenarioOf, subject } from '../../support/subject.js';

const { answered, lost } = createCanned();
const RETRY: readonly HeaderLine[] = [['Retry-After', '1']];
const TABLE_CONTRACT: Contract = { ...keyed, inflight: { statuses: [409, 429], mayWait: true } };

const control = (repeat = 201) => [
  answered('control', 201, { body: { id: 'c' } }),
  answered('control-repeat', repeat, { body: { id: 'c' } }),
];
const raced = (
  round: number,
  lane: number,
  status: number,
  id = `${round}`,
  flight: readonly [number, number] = [0, 1000],
) =>
  answered('race', status, {
    round,
    lane,
    sync: 'barrier',
    from: flight[0],
    to: flight[1],
    body: status < 300 ? { id } : {},
    headers: RETRY,
  });
const retry = (round: number, status: number, ms = 2, id = `${round}`) =>
  answered('retry', status, { round, from: ms * 1000, to: ms * 1000, body: status < 300 ? { id } : {} });
/** A round whose winner is followed by losers of these statuses. */
const round = (at: number, losers: readonly number[], last = retry(at, 201)): Exchange[] => [
  raced(at, 0, 201),
  ...losers.map((status, lane) => raced(at, lane + 1, status)),
  last,
];

const table: readonly (readonly [name: string, Exchange[], expected: string])[] = [
  ['409, then the result', [...control(), ...round(0, [409])], 'pass +race-power'],
  ['the result for all', [...control(), ...round(0, [201])], 'pass +losers-waited +race-power'],
  ['the result for one who came late, 409 for another', [...control(), ...round(0, [201, 409])], 'pass +race-power'],
  ['429 that is listed', [...control(), ...round(0, [429])], 'pass +status-outside +race-power'],
  [
    '409 without Retry-After',
    [
      ...control(),
      raced(0, 0, 201),
      answered('race', 409, { lane: 1, sync: 'barrier', from: 0, to: 1000 }),
      retry(0, 201),
    ],
    'pass +no-retry-after +race-power',
  ],
  ['another id', [...control(), raced(0, 0, 201), raced(0, 1, 201, 'x'), retry(0, 201)], 'fail different-results'],
  ['another id on the retry', [...control(), ...round(0, [409], retry(0, 201, 2, 'x'))], 'fail different-results'],
  ['ids of jobs', [...control(), raced(0, 0, 202), raced(0, 1, 202, 'x'), retry(0, 201)], 'inconclusive still-pending'],
  ['500 in one round', [...control(), ...round(0, [500]), ...round(1, [409])], 'fail crashed?'],
  ['500 in two rounds', [...control(), ...round(0, [500]), ...round(1, [500])], 'fail crashed'],
  ['500 on the retry', [...control(), ...round(0, [409], retry(0, 500))], 'fail crashed?'],
  ['400', [...control(), ...round(0, [400])], 'warn odd-status'],
  ['425 that is not listed', [...control(), ...round(0, [425])], 'warn odd-status'],
  ['503 in one round of two', [...control(), ...round(0, [503]), ...round(1, [409])], 'pass +race-power'],
  ['503 in two rounds', [...control(), ...round(0, [503]), ...round(1, [503])], 'warn odd-status'],
  [
    '503 for some losers, as a busy server has it for anybody',
    [...control(), ...round(0, [503, 409]), ...round(1, [503, 409])],
    'inconclusive unavailable',
  ],
  ['503 in the only round', [...control(), ...round(0, [503])], 'inconclusive unavailable'],
  ['still in flight after a minute', [...control(), ...round(0, [409], retry(0, 409, 61_000))], 'fail never-converges'],
  [
    'still in flight, no patience',
    [...control(), ...round(0, [409], retry(0, 409, 9000))],
    'inconclusive still-in-flight',
  ],
  ['lost for good', [...control(), ...round(0, [409], retry(0, 404))], 'fail never-converges?'],
  ['a contract of conflicts', [...control(409), ...round(0, [409], retry(0, 409))], 'pass +race-power'],
  [
    'a repeat that is refused otherwise',
    [...control(403), ...round(0, [409], retry(0, 409))],
    'inconclusive control-failed',
  ],
  ['nobody won', [...control(), raced(0, 0, 409), raced(0, 1, 409)], 'inconclusive control-failed'],
  [
    'no overlap',
    [...control(), raced(0, 0, 201), raced(0, 1, 201, '0', [2000, 3000]), retry(0, 201)],
    'inconclusive no-overlap',
  ],
  ['retry lost', [...control(), ...round(0, [409], lost('retry'))], 'inconclusive lost-answers'],
  ['control refused', [answered('control', 400)], 'inconclusive first-refused'],
  ['nothing sent', [], 'inconclusive lost-answers'],
];

/** A shop whose keys are in flight while a race lasts: the answer for all but the first of a key at one moment. */
function busy(answer: (request: { readonly key: string; readonly nowUs: number }, first: Reply) => Reply) {
  const shop = createShop();
  const begun = new Map<string, { readonly atUs: number; readonly reply: Reply }>();
  return {
    ...shop,
    handle(request: Parameters<typeof shop.handle>[0], nowUs: number): Reply {
      const key = header(request, 'idempotency-key');
      const first = key === null ? undefined : begun.get(key);
      if (key !== null && first !== undefined) return answer({ key, nowUs: nowUs - first.atUs }, first.reply);
      const reply = shop.handle(request, nowUs);
      if (key !== null) begun.set(key, { atUs: nowUs, reply });
      return reply;
    },
  };
}

describe('key-concurrent-loser', () => {
  it.each(table)('%s', (_, exchanges, expected) => {
    const scenario = scenarioOf(check, subject(operation('POST', '/orders', 'create', { contract: TABLE_CONTRACT })));
    expect(outcome(scenario.judge(evidence(exchanges)))).toBe(expected);
  });

  it('warns only where the id is in the answer of an action', () => {
    const scenario = scenarioOf(check, subject(operation('POST', '/orders/{id}/pay', 'action:pay')));
    const seen = evidence([...control(), raced(0, 0, 201), raced(0, 1, 201, 'x'), retry(0, 201)]);
    expect(outcome(scenario.judge(seen))).toBe('warn different-results');
  });

  it('retries with back-off until the result comes', () => {
    let plain: string | null = null;
    const server = busy(({ key, nowUs }, first) => {
      plain ??= key;
      return key !== plain && nowUs < 1_000_000 ? { status: 409, headers: RETRY } : first;
    });
    const { verdict, exchanges } = drive(scenarioOf(check, subject(resource().create)), server);
    expect(outcome(verdict)).toBe('pass +race-power');
    const statuses = exchanges
      .filter(({ step, round: at }) => step === 'retry' && at === 0)
      .map(({ response }) => response?.status);
    expect(statuses).toEqual([409, 409, 409, 201]);
  });

  it('passes where losers are told to wait, and asks once more in each round', () => {
    const server = busy(({ nowUs }, first) => (nowUs < 1_000 ? { status: 409, headers: RETRY } : first));
    const { verdict, exchanges } = drive(scenarioOf(check, subject(resource().create)), server);
    expect(outcome(verdict)).toBe('pass +race-power');
    expect(exchanges.filter(({ step }) => step === 'retry')).toHaveLength(3);
  });

  it('ends at the first round that stays locked, and fails when it was patient enough', () => {
    const raced = new Set<string>();
    const server = busy(({ key, nowUs }, first) => {
      if (nowUs < 1_000) raced.add(key);
      return raced.has(key) ? { status: 409, headers: RETRY } : first;
    });
    const of = (maxWaitMs: number) => {
      const create = operation('POST', '/orders', 'create', { contract: { ...keyed, inflightTimeout: 20 } });
      return drive(scenarioOf(check, subject(create)), server, { maxWaitMs });
    };
    expect(outcome(of(60_000).verdict)).toBe('fail never-converges');
  });

  it('stays open where the run has less patience', () => {
    const raced = new Set<string>();
    const server = busy(({ key, nowUs }, first) => {
      if (nowUs < 1_000) raced.add(key);
      return raced.has(key) ? { status: 409, headers: RETRY } : first;
    });
    const { verdict, exchanges } = drive(scenarioOf(check, subject(resource().create)), server, { maxWaitMs: 3_000 });
    expect(outcome(verdict)).toBe('inconclusive still-in-flight');
    expect(new Set(exchanges.filter(({ step }) => step === 'race').map(({ round: at }) => at)).size).toBe(1);
  });

  it('applies to creates and actions that take a key', () => {
    expect(isSkip(check.plan(subject(operation('POST', '/orders', 'create', { contract: keyless })), null))).toBe(true);
    expect(isSkip(check.plan(subject(resource().update), null))).toBe(true);
  });
});
