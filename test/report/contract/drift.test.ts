import { describe, expect, it } from 'vitest';
import { context, outcome, recorded as exchangeOf, result } from '../../../fixtures/reports/canned-outcome.js';
import type { RecordedContract } from '../../../src/core/observed-contract.js';
import type { Trait, TraitName, TraitValue } from '../../../src/core/trait.js';
import { buildReport } from '../../../src/report/build.js';
import { isKept } from '../../../src/report/contract/drift.js';
import { mergedTraits, traitsByOperation } from '../../../src/report/contract/merge.js';
import { says } from '../../../src/report/contract/words.js';
import { DEFAULT_GATE } from '../../support/gate.js';
import { renderJson } from '../../../src/report/json.js';
import { renderJunit } from '../../../src/report/junit.js';
import { renderTerminal } from '../../../src/report/terminal/terminal.js';
import { createCanned } from '../../support/exchange.js';
import { readRecordedText } from '../../support/recorded.js';
import { expectValidReport } from '../../support/valid-report.js';

const shown = (operation: string, traits: Readonly<Partial<Record<TraitName, TraitValue>>>, exchange = 1) =>
  result(operation, 'key-missing', {
    traits: Object.entries(traits).map(([name, value]): Trait => ({
      name: name as TraitName,
      value,
      exchanges: [exchange],
    })),
  });

describe('traits of several operations', () => {
  const merged = (...results: Parameters<typeof traitsByOperation>[0]) =>
    mergedTraits(traitsByOperation(results)).map(({ name, value, operations }) => [name, value, operations.length]);
  it('are one where each that showed it agrees', () => {
    const one = shown('POST /a', { inflight: [409], mismatch: [422] });
    const two = shown('POST /b', { inflight: ['waits'], mismatch: [422] });
    expect(merged(one, two, shown('POST /c', {}))).toEqual([['mismatch', [422], 2]]);
  });
  it('are unknown on an operation that showed it in two ways', () => {
    expect(merged(shown('POST /a', { inflight: [409] }), shown('POST /a', { inflight: ['waits'] }))).toEqual([]);
  });
  it('last as long as each of them was seen to', () => {
    const seen = (atLeast: number, below: number | null) => ({ lifetime: { atLeast, below } });
    expect(merged(shown('POST /a', seen(8, null)), shown('POST /b', seen(5, null)))).toEqual([
      ['lifetime', { atLeast: 5, below: null }, 2],
    ]);
    expect(merged(shown('POST /a', seen(5, 20)), shown('POST /b', seen(8, 30)))).toEqual([
      ['lifetime', { atLeast: 5, below: 30 }, 2],
    ]);
    expect(merged(shown('POST /a', seen(5, 8)), shown('POST /b', seen(8, 30)))).toEqual([]);
  });
});

type Kept = readonly [name: TraitName, recorded: TraitValue, now: TraitValue, isKept: boolean];
it.each<Kept>([
  ['inflight', [409], [409], true],
  ['inflight', [409, 425], [425], true],
  ['inflight', [409], [409, 425], false],
  ['inflight', [409, 'waits'], ['waits'], true],
  ['inflight', ['waits'], [409], false],
  ['key', ['header Idempotency-Key'], ['header idempotency-key'], true],
  ['key', ['header Idempotency-Key'], ['body Idempotency-Key'], false],
  ['marker', ['Idempotent-Replayed'], ['idempotent-replayed: true'], true],
  ['marker', ['Idempotent-Replayed: true'], ['Idempotent-Replayed: false'], false],
  ['marker', ['Idempotent-Replayed: true'], ['none'], false],
  ['lifetime', { atLeast: 5, below: null }, { atLeast: 35, below: 70 }, true],
  ['lifetime', { atLeast: 35, below: 70 }, { atLeast: 5, below: null }, true],
  ['lifetime', { atLeast: 35, below: 70 }, { atLeast: 70, below: null }, false],
  ['lifetime', { atLeast: 35, below: null }, { atLeast: 5, below: 35 }, false],
])('%s recorded as %j and now %j: kept is %s', (name, recorded, now, expected) => {
  expect(isKept(name, recorded, now)).toBe(expected);
});

const FILE = `version: 1
operations:
  POST /orders:
    contract:
      inflight: 409
      mismatch: 422
      replayMode: same
  PUT /orders/{orderId}:
    contract: { etag: { mismatch: 412 } }
  POST /gone:
    contract: { missing: 400 }
`;

function report(traits: readonly ReturnType<typeof shown>[], recorded: RecordedContract = readRecordedText(FILE)) {
  const canned = createCanned();
  const race = canned.answered('race', 201, { requestBody: '{"amount":1}', body: { id: 1 } });
  const mismatch = canned.answered('mismatch', 409, { requestBody: '{"amount":2}' });
  const exchanges = [race, mismatch].map(one => exchangeOf(one, 'POST /orders#key-missing'));
  return buildReport(
    outcome({ results: traits, exchanges }),
    context({ contract: { recorded, resembling: () => [] } }),
  );
}

const drifted = report([
  shown('POST /orders', { inflight: ['waits'], mismatch: [409], marker: ['none'] }),
  shown('PUT /orders/{id}', { outdatedWrite: [412], unversionedWrite: [428] }),
  shown('POST /new', { missing: [401] }),
]);

describe('a contract held against a file', () => {
  it('tells each drift with its evidence and its line, what holds, and what was not seen', () => {
    const one = drifted.results.find(({ id }) => id === 'POST /orders#contract-drift');
    expect(one).toMatchObject({
      verdict: 'fail',
      severity: 'medium',
      basis: 'declared',
      message:
        'inflight: recorded was "a request that meets its first one in flight is refused with 409", now a request that meets its first one in flight waits for the answer. mismatch: recorded was "another payload under a used key is refused with 422", now another payload under a used key is refused with 409.',
      notes: ['Recorded, and not seen in this run: replayMode.'],
      location: { file: 'contract.yaml', line: 5, column: 7 },
    });
    expect(one?.findings.map(({ code, exchanges, location }) => [code, exchanges, location?.line])).toEqual([
      ['drifted', [1], 5],
      ['drifted', [1], 6],
    ]);
    expect(drifted.results.find(({ id }) => id === 'PUT /orders/{id}#contract-drift')).toMatchObject({
      verdict: 'pass',
      notes: ['As recorded: outdatedWrite.'],
    });
    expect(drifted.results.some(({ id }) => id === 'POST /new#contract-drift')).toBe(false);
    expect(drifted.contract?.drift).toEqual({
      file: 'contract.yaml',
      drifts: [
        {
          operation: 'POST /orders',
          name: 'inflight',
          recorded: [409],
          now: ['waits'],
          result: 'POST /orders#contract-drift',
        },
        {
          operation: 'POST /orders',
          name: 'mismatch',
          recorded: [422],
          now: [409],
          result: 'POST /orders#contract-drift',
        },
      ],
      held: 1,
      unseen: [
        { operation: 'POST /orders', names: ['replayMode'] },
        { operation: 'POST /gone', names: ['missing'] },
      ],
      unrecorded: [
        { operation: 'POST /orders', names: ['marker'] },
        { operation: 'PUT /orders/{id}', names: ['unversionedWrite'] },
        { operation: 'POST /new', names: ['missing'] },
      ],
    });
    expectValidReport(renderJson(drifted));
  });

  it('fails the run, at the gate that is set', () => {
    expect(drifted.exitCode).toBe(1);
    const lenient = { recorded: readRecordedText(FILE), resembling: () => [] };
    const traits = [shown('POST /orders', { inflight: ['waits'] })];
    const above = context({ contract: lenient, gate: { ...DEFAULT_GATE, minSeverity: 'high' } });
    expect(buildReport(outcome({ results: traits }), above).exitCode).toBe(0);
    const waivers = [{ check: 'contract-drift', operation: null, reason: 'meant', until: null, location: null }];
    expect(buildReport(outcome({ results: traits }), context({ contract: lenient, waivers })).exitCode).toBe(0);
  });

  it('is a failure in JUnit and in the terminal', () => {
    const xml = renderJunit(drifted, DEFAULT_GATE);
    expect(xml).toContain('<testcase name="contract-drift" classname="POST /orders"');
    expect(xml).toMatch(/<failure message="inflight: recorded was [^>]* type="drifted">/);
    const text = renderTerminal(drifted, { colour: 0, width: 100, verbose: false, quiet: false });
    expect(text).toContain('✗ POST /orders  contract-drift');
    expect(text).toContain('  Held against contract.yaml: 2 drifts, 1 trait as recorded.');
    expect(text).toContain('  POST /orders drifted: inflight and mismatch.');
    expect(text).toContain('  Recorded, and not seen in this run: POST /orders (replayMode); POST /gone (missing).');
    const brief = renderTerminal(drifted, { colour: 0, width: 100, verbose: false, quiet: true });
    expect(brief).toContain('inflight: recorded was');
  });

  it('that lists no operation speaks of all of them', () => {
    const all = report(
      [shown('POST /any', { inflight: ['waits'] })],
      readRecordedText('version: 1\ncontract: { inflight: 409 }\n'),
    );
    expect(all.contract?.drift?.drifts.map(({ operation }) => operation)).toEqual(['POST /any']);
  });

  it('of which nothing was seen is no drift, and told', () => {
    const none = report([shown('POST /orders', { marker: ['none'] })]);
    expect(none.results.filter(({ check }) => check === 'contract-drift')).toEqual([]);
    expect(none.contract?.drift).toMatchObject({ drifts: [], held: 0 });
    expect(none.contract?.drift?.unseen).toHaveLength(3);
    expect(none.exitCode).toBe(0);
  });
});

it('a report that nobody asked for a contract has none', () => {
  const plain = buildReport(outcome({ results: [shown('POST /orders', { inflight: [409] })] }), context());
  expect('contract' in plain).toBe(false);
  expectValidReport(renderJson(plain));
});

it('what a target sent into a marker is masked like anything else', () => {
  const secret = shown('POST /orders', { marker: ['X-Mark: tok_live_secret'] });
  const redact = context().redact;
  const masked = {
    ...redact,
    learning: () => masked,
    text: (text: string) => text.replaceAll('tok_live_secret', '***'),
  };
  const safe = buildReport(
    outcome({ results: [secret] }),
    context({ redact: masked, contract: { recorded: null, resembling: () => [] } }),
  );
  expect(JSON.stringify(safe.contract)).not.toContain('tok_live_secret');
});

it.each<readonly [TraitName, TraitValue, string]>([
  ['missing', [400], 'a request without a key is refused with 400'],
  [
    'inflight',
    [409, 'waits'],
    'a request that meets its first one in flight is refused with 409, or a request that meets its first one in flight waits for the answer',
  ],
  ['lifetime', { atLeast: 8, below: null }, 'keys last at least 8 s'],
  ['lifetime', { atLeast: 35, below: 70 }, 'keys last at least 35 s and less than 70 s'],
  ['lifetime', { atLeast: 0, below: 6 }, 'keys last less than 6 s'],
  ['lifetime', { atLeast: 86_400, below: null }, 'keys last at least 24 h'],
  ['marker', ['Idempotent-Replayed: true'], 'repeats are marked by Idempotent-Replayed: true'],
  ['deleteMissing', [404, 410], 'a DELETE of what is gone is answered with 404 or 410'],
])('%s of %j is told as a sentence', (name, value, text) => {
  expect(says(name, value)).toBe(text);
});
