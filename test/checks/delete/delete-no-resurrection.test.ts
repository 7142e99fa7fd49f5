import { describe, expect, it } from 'vitest';
import { deleteNoResurrection as check } from '../../../src/checks/delete/delete-no-resurrection.js';
import { isSkip } from '../../../src/core/check.js';
import type { Contract } from '../../../src/core/contract.js';
import type { Exchange } from '../../../src/core/http.js';
import type { Reading } from '../../../src/core/reading.js';
import { drive } from '../../support/drive.js';
import { evidence, reading } from '../../support/evidence.js';
import { createCanned } from '../../support/exchange.js';
import { outcome } from '../../support/outcome.js';
import { createShop } from '../../support/shop.js';
import { keyed, keyless, operation, resource, scenarioOf, subject } from '../../support/subject.js';

const { answered, lost } = createCanned();

function deleting(contract: Partial<Contract> = {}) {
  const create = operation('POST', '/orders', 'create', { contract: { ...keyed, ...contract } });
  const within = resource({ create });
  return subject(within.remove, within);
}

interface Round {
  readonly deleted?: number;
  readonly gone?: number;
  readonly replay?: number | null;
  readonly id?: string;
  readonly standing?: number | null;
  readonly after?: number | null;
  readonly old?: number;
  readonly new?: number;
  /** What the sibling's repeat counted. */
  readonly sibling?: number;
}

/** The trace of one create that was sent again after its resource was deleted. */
function round(number: number, one: Round): readonly [Exchange[], Reading[]] {
  const { deleted = 204, gone = 404, replay = 201, standing = 0, after = 0, old = 404, sibling = 1 } = one;
  const [mine, theirs] = [{ round: number }, { round: number + 2 }];
  const exchanges = [
    answered('plant', 201, { ...mine, body: { id: `p${number}` }, from: 0, to: 0 }),
    answered('plant', 201, { ...theirs, body: { id: `s${number}` }, from: 0, to: 0 }),
    answered('delete', deleted, { ...mine, method: 'DELETE' }),
    answered('gone', gone, mine),
    ...(replay === null ? [lost('replay', 'reset', mine)] : [answered('replay', replay, { ...mine, from: 5_000_000 })]),
    answered('old', old, mine),
    ...(one.new === undefined ? [] : [answered('new', one.new, mine)]),
    answered('planted', 200, theirs),
    answered('replay', 201, { ...theirs, from: 5_000_000 }),
  ];
  const readings = [
    reading('standing', standing, mine),
    reading('after', after, mine),
    reading('standing', 1, theirs),
    reading('after', sibling, theirs),
  ];
  return [exchanges, readings];
}

function judged(rounds: readonly Round[]): string {
  const traces = rounds.map((one, number) => round(number, one));
  const traced = evidence(
    traces.flatMap(([exchanges]) => exchanges),
    traces.flatMap(([, readings]) => readings),
  );
  return outcome(scenarioOf(check, deleting()).judge(traced));
}

const table: readonly (readonly [name: string, rounds: readonly Round[], expected: string])[] = [
  ['the stored answer, and nothing else', [{}], 'pass +replayed'],
  ['the stored answer, at once and late', [{}, {}], 'pass +replayed +late'],
  ['a refusal', [{ replay: 409 }, { replay: 404 }], 'pass +late'],
  ['still counted, as it was before the retry', [{ standing: 1, after: 1 }], 'pass +replayed'],
  ['a slow list that still drops the deleted', [{ standing: 1, after: 0 }], 'pass +replayed'],
  ['back under its id', [{ old: 200, after: 1 }], 'fail came-back'],
  ['back, only when it comes late', [{}, { old: 200, after: 1 }], 'fail came-back'],
  ['a new one', [{ after: 1 }], 'fail created-anew'],
  ['a new one by its id alone', [{ new: 200 }], 'fail created-anew'],
  ['an id that leads nowhere', [{ new: 404 }], 'pass +replayed'],
  ['a new one, and the sibling forgotten too', [{ after: 1, sibling: 2 }], 'warn created-anew'],
  ['a crash', [{ replay: 500 }], 'fail crashed?'],
  ['a crash that made a new one', [{ replay: 500, after: 1 }], 'fail created-anew'],
  ['a 503', [{ replay: 503 }], 'inconclusive unavailable'],
  ['a lost answer', [{ replay: null }], 'inconclusive lost-answers'],
  ['one that was not gone', [{ gone: 200 }], 'inconclusive control-failed'],
  ['a refused DELETE', [{ deleted: 403 }], 'inconclusive first-refused'],
  ['uncounted', [{ standing: null, after: null }], 'inconclusive oracle-failed'],
];

interface LateWrite {
  readonly by?: 'update' | 'replace';
  readonly control?: number;
  readonly gone?: number;
  /** `null` = no answer. */
  readonly write?: number | null;
  readonly after?: readonly number[];
}

/** The verdict on a write that came after the DELETE. */
function judgedWrite({ by = 'update', control = 200, gone = 404, write = 404, after = [404, 404] }: LateWrite): string {
  const scenario = scenarioOf(check, deleting(), by);
  return outcome(
    scenario.judge(
      evidence([
        answered('control', control),
        answered('delete', 204, { method: 'DELETE' }),
        answered('gone', gone),
        write === null ? lost('write', 'reset') : answered('write', write),
        ...after.map(status => answered('after', status)),
      ]),
    ),
  );
}

const lateWrites: readonly (readonly [name: string, written: LateWrite, expected: string])[] = [
  ['refused', {}, 'pass'],
  ['refused for want of a version', { write: 428 }, 'pass'],
  ['a PATCH that brings it back', { write: 200, after: [200, 200] }, 'fail revived'],
  ['a PATCH that brings it back, its answer lost', { write: null, after: [200, 200] }, 'fail revived'],
  ['seen in one read of two', { write: 200, after: [200, 404] }, 'inconclusive control-failed'],
  ['a PUT that brings it back and says nothing', { by: 'replace', write: 200, after: [200, 200] }, 'warn revived'],
  ['a PUT that makes it anew and says so', { by: 'replace', write: 201, after: [200, 200] }, 'pass +made-anew'],
  ['a PATCH that says it made it anew', { write: 201, after: [200, 200] }, 'warn revived'],
  ['accepted without effect', { write: 204 }, 'pass +unheeded'],
  ['a crash', { write: 500 }, 'fail write-crashed?'],
  ['a 503', { write: 503 }, 'inconclusive unavailable'],
  ['a lost answer', { write: null }, 'inconclusive lost-answers'],
  ['to be done later', { write: 202 }, 'inconclusive still-pending'],
  ['one that cannot be written to', { control: 422 }, 'inconclusive first-refused'],
  ['one that was not gone', { gone: 200 }, 'inconclusive control-failed'],
];

/** A shop that also deletes; what a repeat of a deleted order's create does is up to the test. */
function store(onRetry: 'replay' | 'anew' | 'restore' | 'crash' | 'anew, and crash' = 'replay', keepsKeys = true) {
  const shop = createShop(keepsKeys ? {} : { ttl: 0.05 });
  const hidden = new Set<string>();
  const keys = new Map<string, string>();
  return {
    handle(request: Parameters<typeof shop.handle>[0], nowUs: number) {
      const id = request.path.split('/')[2] ?? '';
      if (request.method === 'DELETE') return { status: hidden.has(id) ? 404 : (hidden.add(id), 204) };
      if (request.method === 'GET') return hidden.has(id) ? { status: 404 } : shop.handle(request, nowUs);
      const key = request.headers.find(([name]) => name === 'Idempotency-Key')?.[1] ?? '';
      const known = keys.get(key);
      if (known !== undefined && hidden.has(known)) {
        if (onRetry === 'restore') hidden.delete(known);
        if (onRetry === 'anew') return shop.handle({ ...request, headers: [] }, nowUs);
        if (onRetry === 'anew, and crash') shop.handle({ ...request, headers: [] }, nowUs);
        if (onRetry.endsWith('crash')) return { status: 500 };
      }
      const reply = shop.handle(request, nowUs);
      const made = (reply.body as { readonly id?: string } | undefined)?.id;
      if (made !== undefined) keys.set(key, made);
      return reply;
    },
    count: (counted: Parameters<typeof shop.count>[0]) => shop.count(counted),
  };
}

describe('delete-no-resurrection', () => {
  it.each(table)('%s', (_, rounds, expected) => {
    expect(judged(rounds)).toBe(expected);
  });

  it.each([
    ['nothing sent', [], 'inconclusive lost-answers'],
    ['a lost create', [lost('plant')], 'inconclusive lost-answers'],
    ['a create without an id', [answered('plant', 201), answered('delete', 204)], 'inconclusive setup-no-id'],
  ] as const)('copes with %s', (_, exchanges, expected) => {
    expect(outcome(scenarioOf(check, deleting()).judge(evidence(exchanges)))).toBe(expected);
  });

  it.each([
    ['keeps the answer', store(), 'pass +replayed +late'],
    ['forgets the key with its resource', store('anew'), 'fail created-anew'],
    ['crashes', store('crash'), 'fail crashed?'],
    ['makes a new one and crashes', store('anew, and crash'), 'fail created-anew'],
    ['brings it back', store('restore'), 'fail came-back'],
    ['keeps no key for long', store('replay', false), 'warn created-anew'],
  ] as const)('on a server that %s', (_, server, expected) => {
    expect(outcome(drive(scenarioOf(check, deleting()), server).verdict)).toBe(expected);
  });

  it.each([
    ['10 s', {}, 10_000, 5000],
    ['40 s', {}, 40_000, 35_000],
    ['an hour', {}, 3_600_000, 70_000],
    ['an hour, within the declared lifetime', { ttl: 10 }, 3_600_000, 5000],
    ['nothing', {}, 1000, undefined],
    ['a lifetime too short to be late in', { ttl: 2 }, 10_000, undefined],
  ] as const)('waits as far as it may: %s', (_, contract, maxWaitMs, expected) => {
    const { steps } = drive(scenarioOf(check, deleting(contract)), store(), { maxWaitMs });
    const waits = steps.flatMap(step => (step.kind === 'later' && step.label === 'wait' ? [step.ms] : []));
    expect(waits[0]).toBe(expected);
  });

  it('does not wait for a late retry where the first one crashed', () => {
    const { steps } = drive(scenarioOf(check, deleting()), store('crash'));
    expect(steps.filter(({ kind, label }) => kind === 'later' && label === 'wait')).toEqual([]);
  });

  it.each(lateWrites)('a write after the DELETE, %s', (_, written, expected) => {
    expect(judgedWrite(written)).toBe(expected);
  });

  it('sends each create once more, and no key three times', () => {
    const { exchanges } = drive(scenarioOf(check, deleting()), store());
    const uses = new Map<string, number>();
    for (const { request } of exchanges.filter(({ request: { method } }) => method === 'POST')) {
      const key = request.headers.find(([name]) => name === 'Idempotency-Key')?.[1] ?? '';
      uses.set(key, (uses.get(key) ?? 0) + 1);
    }
    expect([...uses.values()]).toEqual([2, 2, 2, 2]);
  });

  it('does not apply without a key, a read, or an id of the server', () => {
    const without = (overrides: Parameters<typeof resource>[0]) => {
      const within = resource(overrides);
      return isSkip(check.plan(subject(within.remove, within), null));
    };
    const { id } = resource();
    expect(without({ create: null })).toBe(true);
    expect(without({ create: operation('POST', '/orders', 'create', { contract: keyless }) })).toBe(true);
    expect(without({ read: null })).toBe(true);
    expect(without({ id: { ...id, chosenBy: 'client', from: scope => scope.uuid } })).toBe(true);
    expect(without({})).toBe(false);
  });
});
