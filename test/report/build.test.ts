import { describe, expect, it } from 'vitest';
import { cannedOutcome, context, outcome, result } from '../../fixtures/reports/canned-outcome.js';
import type { Waiver } from '../../src/core/spec.js';
import { fail, warn } from '../../src/core/verdict.js';
import { buildReport } from '../../src/report/build.js';
import { DEFAULT_GATE } from '../support/gate.js';
import { renderJson } from '../../src/report/json.js';
import { expectValidReport, reportMistakes } from '../support/valid-report.js';

const report = buildReport(cannedOutcome(), context());
const byId = (id: string) => report.results.find(one => one.id === id);

describe('what a result says', () => {
  it('of a finding: its sentence, what was seen, and the prose of its check', () => {
    expect(byId('POST /orders#key-replay-no-duplicate')).toMatchObject({
      message: 'One key, two identical requests, 2 effects (payload: body).',
      observed: 'first 201, replay 201; 2 effects, counted by the filtered list',
      expected: 'One effect, however often the request is sent under one key.',
      oracle: 'direct',
      docs: 'https://github.com/idem-check/idem-check/blob/main/docs/checks/key-replay-no-duplicate.md',
      race: null,
      durationMs: 88,
    });
  });

  it('of a race that failed: the round that shows it, and how hard it looked', () => {
    expect(byId('POST /orders#key-concurrent-single-effect')).toMatchObject({
      message: 'One key, 8 requests at once, 2 effects.',
      observed: 'race 2 × 201, 6 × 409; 2 effects, counted by the filtered list',
      race: {
        ways: [{ sync: 'barrier', rounds: 3, overlapping: 3, hits: 1 }],
        widths: [2, 4, 8],
        table: [
          { sync: 'barrier', width: 2, rounds: 1, overlapping: 1, hits: 0 },
          { sync: 'barrier', width: 4, rounds: 1, overlapping: 1, hits: 0 },
          { sync: 'barrier', width: 8, rounds: 1, overlapping: 1, hits: 1 },
        ],
        spreadUs: { median: 33, max: 77 },
      },
    });
  });

  it('of a race that passed: what was really exercised', () => {
    const race = byId('PUT /orders/{id}#if-match-concurrent-one-winner');
    expect(race?.message).toBe('Never more than one winner in 3 rounds of 2, all overlapping, released within 40 us.');
    expect(race?.notes).toEqual(['No counter-example in 3 rounds of up to 2 requests (95 % bound: 100 % per round).']);
  });

  it('of a request that was answered before its release: that it was', () => {
    const canned = cannedOutcome();
    const [first, ...others] = canned.exchanges;
    if (first === undefined) throw new Error('no exchange');
    const early = buildReport({ ...canned, exchanges: [{ ...first, early: true }, ...others] }, context());
    expect(early.exchanges.map(exchange => exchange.early)).toEqual([true, ...others.map(() => undefined)]);
    expectValidReport(renderJson(early));
  });

  it('of what stayed open, or does not apply: why', () => {
    expect(byId('POST /accounts#key-replay-no-duplicate')?.message).toBe(
      'POST /accounts was answered with 422, so there was nothing to check.',
    );
    expect(byId('GET /orders#head-matches-get')?.message).toBe('No HEAD documented.');
    expect(byId('POST /notes#key-replay-no-duplicate')?.observed).toBe('first no answer (timeout)');
  });

  it('of several findings: the sentence of each, the worst first', () => {
    const two = result('DELETE /orders/{id}', 'delete-repeat', {
      verdict: 'fail',
      findings: [warn('odd-status', { status: 400 }, []), fail('repeat-crashed', { status: 500 }, [])],
    });
    const [built] = buildReport(outcome({ results: [two] }), context()).results;
    expect(built?.message).toBe(
      'The second DELETE was answered with 500. The second DELETE was answered with 400, where 404 or 410 is usual.',
    );
    expect(built?.findings.map(({ code, message }) => [code, message])).toEqual([
      ['odd-status', 'The second DELETE was answered with 400, where 404 or 410 is usual.'],
      ['repeat-crashed', 'The second DELETE was answered with 500.'],
    ]);
  });

  it('of a check this version does not know: its codes', () => {
    const strange = result('GET /x', 'from-the-future', { verdict: 'fail', findings: [fail('odd', { a: 1 }, [])] });
    expect(buildReport(outcome({ results: [strange] }), context()).results[0]?.message).toBe('odd (a 1).');
  });
});

it('counts, rolls up and gives the exit code', () => {
  expect(report.summary).toEqual({
    pass: 3,
    fail: 2,
    warn: 2,
    inconclusive: 4,
    notApplicable: 1,
    waived: 0,
    requests: 27,
  });
  expect(report.exitCode).toBe(1);
  expect(report.checklist.map(({ verdict }) => verdict)).toEqual([
    'fail',
    'inconclusive',
    'pass',
    'warn',
    'not-applicable',
    'not-checked',
  ]);
});

it('makes a fail of a SHOULD under --strict, in every count', () => {
  const strict = buildReport(cannedOutcome(), context({ gate: { ...DEFAULT_GATE, strict: true } }));
  expect(strict.results.find(({ check }) => check === 'key-replay-response')?.verdict).toBe('fail');
  expect(strict.summary).toMatchObject({ fail: 3, warn: 1 });
});

describe('waivers', () => {
  const waiver = (overrides: Partial<Waiver>): Waiver => ({
    check: 'key-replay-no-duplicate',
    operation: 'POST /orders',
    reason: 'legacy client',
    until: null,
    location: null,
    ...overrides,
  });
  const waivedIn = (waivers: readonly Waiver[]) =>
    buildReport(cannedOutcome(), context({ waivers })).results.flatMap(({ id, waived }) =>
      waived === null ? [] : [id],
    );

  it('hold for their check and operation, up to their last day', () => {
    expect(waivedIn([waiver({ until: '2026-11-24' })])).toEqual(['POST /orders#key-replay-no-duplicate']);
    expect(waivedIn([waiver({ operation: null })])).toHaveLength(3);
    expect(waivedIn([waiver({ operation: 'POST /other' })])).toEqual([]);
    expect(waivedIn([waiver({ check: 'etag-stable', operation: null })])).toEqual([]);
    expect(waivedIn([waiver({ check: 'delete-repeat:never-existed', operation: null })])).toEqual([]);
  });

  it('that have ended are told, and do not hold', () => {
    const ended = buildReport(cannedOutcome(), context({ waivers: [waiver({ until: '2026-11-23' })] }));
    expect(ended.results[0]).toMatchObject({
      waived: null,
      notes: ['The waiver "legacy client" ended on 2026-11-23.'],
    });
    expect(ended.exitCode).toBe(1);
  });

  it('take a result out of the gate and of the counts', () => {
    const waived = buildReport(
      cannedOutcome(),
      context({ waivers: [waiver({}), waiver({ check: 'key-concurrent-single-effect' })] }),
    );
    expect(waived.summary).toMatchObject({ fail: 0, waived: 2 });
    expect(waived.exitCode).toBe(0);
  });
});

it('does not count what the baseline knows, unless it became worse', () => {
  const known = new Map([
    ['POST /orders#key-replay-no-duplicate', 'fail'],
    ['POST /orders#key-concurrent-single-effect', 'warn'],
  ] as const);
  const built = buildReport(cannedOutcome(), context({ baseline: known }));
  expect(built.summary).toMatchObject({ fail: 1, waived: 1 });
  expect(built.results[0]?.waived).toEqual({ reason: 'known: it is in the baseline', until: null });
});

describe('the schema', () => {
  it.each([
    ['a full report', report],
    ['an empty one', buildReport(outcome(), context())],
    ['an interrupted one', buildReport(outcome({ stopped: 'interrupted' }), context())],
    [
      'one with a baseline',
      buildReport(cannedOutcome(), context({ baseline: new Map([['POST /orders#key-replay-no-duplicate', 'fail']]) })),
    ],
  ])('holds %s', (_, built) => {
    expectValidReport(renderJson(built));
  });

  it('knows every member that is there, and misses every one that is not', () => {
    expect(reportMistakes({ ...report, extra: 1 })).toHaveLength(1);
    const { seed: _, ...without } = report;
    expect(reportMistakes(without)).toHaveLength(1);
    expect(reportMistakes({ ...report, results: report.results.map(one => ({ ...one, verdict: 'odd' })) })).not.toEqual(
      [],
    );
  });

  it('holds no member the engine hung on a result or an exchange beside', () => {
    const given = cannedOutcome();
    const more = {
      ...given,
      results: given.results.map(one => ({ ...one, scratch: 'x' })),
      exchanges: given.exchanges.map(one => ({ ...one, scratch: 'x' })),
    };
    expectValidReport(renderJson(buildReport(more, context())));
  });
});
