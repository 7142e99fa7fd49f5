import fc from 'fast-check';
import { expect, it } from 'vitest';
import { context, outcome, result } from '../../../fixtures/reports/canned-outcome.js';
import { TRAITS, type Trait, type TraitName, type TraitValue } from '../../../src/core/trait.js';
import { buildReport } from '../../../src/report/build.js';
import { renderJson } from '../../../src/report/json.js';
import { writtenContract } from '../../../src/report/contract/written.js';
import { specFromText } from '../../../src/spec/load.js';
import { readRecordedText } from '../../support/recorded.js';
import { expectValidReport } from '../../support/valid-report.js';

const statuses = fc.uniqueArray(fc.integer({ min: 400, max: 499 }), { minLength: 1, maxLength: 3 });
const word = (...words: readonly string[]) => fc.constantFrom(...words).map(one => [one] as const);
const single = fc.integer({ min: 400, max: 499 }).map(status => [status] as const);
const values: Readonly<Record<TraitName, fc.Arbitrary<TraitValue>>> = {
  key: word('header Idempotency-Key', 'body request_id', 'query ClientToken'),
  missing: fc.oneof(word('accepted'), statuses),
  inflight: fc.oneof(word('waits'), statuses),
  mismatch: fc.oneof(word('replays', 'executes'), statuses),
  rewrittenJson: fc.oneof(word('same', 'executes'), single),
  replayMode: word(...TRAITS.replayMode),
  replayStatus: fc.oneof(word('same'), statuses),
  marker: word('none', 'Idempotent-Replayed', 'Idempotent-Replayed: true', 'X-Mark: a: b', 'X-Mark: "1"', 'X-Mark: 1'),
  refusals: word(...TRAITS.refusals),
  errors: word(...TRAITS.errors),
  lifetime: fc
    .tuple(fc.integer({ min: 0, max: 200_000 }), fc.option(fc.integer({ min: 1, max: 100_000 })))
    .map(([atLeast, more]) => ({ atLeast, below: more === null ? null : atLeast + more })),
  expired: fc.oneof(word('executed'), statuses),
  scope: word(...TRAITS.scope),
  endpoints: fc.oneof(word('separate', 'shared'), single),
  paths: fc.oneof(word('separate', 'shared'), single),
  outdatedWrite: fc.oneof(word('applied'), statuses),
  unversionedWrite: fc.oneof(word('permitted'), statuses),
  deleteMissing: statuses,
};
const traits = fc.record(values, { requiredKeys: [] });

/** A report of a run in which one operation showed these traits. */
function reportOf(shown: Readonly<Partial<Record<TraitName, TraitValue>>>) {
  const all = Object.entries(shown).map(([name, value]): Trait => ({ name: name as TraitName, value, exchanges: [1] }));
  const one = result('POST /orders/{id}/pay', 'key-missing', { traits: all });
  return buildReport(outcome({ results: [one] }), context({ contract: { recorded: null, resembling: () => [] } }));
}

it('what is written reads back as it was seen, and is no drift', () => {
  fc.assert(
    fc.property(traits, shown => {
      const report = reportOf(shown);
      expectValidReport(renderJson(report));
      const text = writtenContract(report);
      expect(text === null).toBe(Object.keys(shown).length === 0);
      if (text === null) return;
      const recorded = readRecordedText(text);
      const own = recorded.operations?.get('POST /orders/{id}/pay') ?? {};
      const read = Object.fromEntries(Object.entries(own).map(([name, { value }]) => [name, value]));
      expect(read).toEqual(shown);
      const later = buildReport(
        outcome({ results: [result('POST /orders/{orderId}/pay', 'key-missing', { traits: tracesOf(shown) })] }),
        context({ contract: { recorded, resembling: () => [] } }),
      );
      expect(later.contract?.drift).toMatchObject({ drifts: [], held: Object.keys(shown).length, unseen: [] });
    }),
    { numRuns: 100 },
  );
});

function tracesOf(shown: Readonly<Partial<Record<TraitName, TraitValue>>>): readonly Trait[] {
  return Object.entries(shown).map(([name, value]) => ({ name: name as TraitName, value, exchanges: [1] }));
}

it('the contract section of the file is one of a spec', () => {
  fc.assert(
    fc.property(traits, shown => {
      const text = writtenContract(reportOf(shown)) ?? '';
      const section = /^contract:(?: \{.*|\n(?: .*\n)*)/mu.exec(text)?.[0];
      fc.pre(section !== undefined);
      const spec = `version: 1\n${section}\nresources:\n  order:\n    create: { request: POST /orders, body: { a: 1 } }\n`;
      expect(specFromText(spec, 'idem-check.yaml', { env: {}, profile: null }).resources).toHaveLength(1);
    }),
    { numRuns: 100 },
  );
});
