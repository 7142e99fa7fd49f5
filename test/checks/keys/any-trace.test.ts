import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { naturalDuplicateConcurrent } from '../../../src/checks/duplicates/natural-duplicate-concurrent.js';
import { naturalDuplicateSequential } from '../../../src/checks/duplicates/natural-duplicate-sequential.js';
import { concurrentDistinctAllApply } from '../../../src/checks/keys/concurrent-distinct-all-apply.js';
import { keyConcurrentSingleEffect } from '../../../src/checks/keys/key-concurrent-single-effect.js';
import { keyDistinctNotDeduped } from '../../../src/checks/keys/key-distinct-not-deduped.js';
import { keyMismatchRejected } from '../../../src/checks/keys/key-mismatch-rejected.js';
import { keyMissing } from '../../../src/checks/keys/key-missing.js';
import { keyReplayNoDuplicate } from '../../../src/checks/keys/key-replay-no-duplicate.js';
import { keyReplayResponse } from '../../../src/checks/keys/key-replay-response.js';
import { keyTtlHonoured } from '../../../src/checks/lifetime/key-ttl-honoured.js';
import type { Exchange } from '../../../src/core/http.js';
import type { OracleKind, Reading } from '../../../src/core/reading.js';
import { drive } from '../../support/drive.js';
import { evidence, reading } from '../../support/evidence.js';
import { createCanned } from '../../support/exchange.js';
import { createShop } from '../../support/shop.js';
import { keyed, keyless, operation, scenarioOf, subject } from '../../support/subject.js';

const checks = [
  { check: keyReplayNoDuplicate, contract: keyed },
  { check: keyReplayResponse, contract: keyed },
  { check: keyDistinctNotDeduped, contract: keyed },
  { check: keyMismatchRejected, contract: keyed },
  { check: keyMissing, contract: keyed },
  { check: keyConcurrentSingleEffect, contract: keyed },
  { check: concurrentDistinctAllApply, contract: keyed },
  { check: naturalDuplicateSequential, contract: keyless },
  { check: naturalDuplicateConcurrent, contract: keyless, unique: ['$.reference'] },
  { check: keyTtlHonoured, contract: { ...keyed, ttl: 10 } },
].map(({ check, contract, unique = null }) => ({
  id: check.id,
  check,
  on: subject(operation('POST', '/orders', 'create', { contract, unique })),
}));

const bodies = ['', '{"id":"1"}', '{"id":"2"}', '{"id":null}', '[]', 'null', '{', '<p>', '{"id":{"id":1}}'];
const statuses = [200, 201, 202, 204, 301, 400, 401, 404, 409, 422, 429, 500, 503];
const kinds: readonly OracleKind[] = ['filter', 'identity', 'number', 'none'];

/** What may become of each of the steps that a probe really made: any answer, none, or never sent. */
function trace(exchanges: readonly Exchange[], readings: readonly Reading[]) {
  const { answered, lost } = createCanned();
  const shape = fc.record({
    fate: fc.constantFrom('answered', 'answered', 'answered', 'lost', 'missing'),
    status: fc.constantFrom(...statuses),
    body: fc.constantFrom(...bodies),
  });
  const counts = fc.record({
    there: fc.boolean(),
    count: fc.constantFrom(null, 0, 1, 2, 3, -1, 1.5),
    kind: fc.constantFrom(...kinds),
  });
  return fc
    .tuple(
      fc.array(shape, { minLength: exchanges.length, maxLength: exchanges.length }),
      fc.array(counts, { minLength: readings.length, maxLength: readings.length }),
    )
    .map(([shapes, seen]) => ({
      exchanges: exchanges.flatMap(({ step, round, lane, sync }, at) => {
        const { fate, status, body } = shapes[at] ?? { fate: 'missing', status: 0, body: '' };
        if (fate === 'missing') return [];
        return [
          fate === 'lost'
            ? lost(step, 'reset', { round, lane, sync })
            : answered(step, status, { round, lane, sync, body }),
        ];
      }),
      readings: readings.flatMap(({ step, round }, at) => {
        const { there, count, kind } = seen[at] ?? { there: false, count: null, kind: 'none' };
        return there ? [reading(step, kind === 'none' ? null : count, { round, kind })] : [];
      }),
    }));
}

describe('any trace is judged', () => {
  it.each(checks)('$id', ({ check, on }) => {
    const scenario = scenarioOf(check, on);
    const made = drive(scenario, createShop());
    fc.assert(
      fc.property(trace(made.exchanges, made.evidence.readings), ({ exchanges, readings }) => {
        const verdict = scenario.judge(evidence(exchanges, readings));
        if (verdict.verdict === 'fail' || verdict.verdict === 'warn') {
          expect(verdict.findings.length).toBeGreaterThan(0);
          for (const { code, args, exchanges: proof } of verdict.findings) {
            expect(check.messages).toHaveProperty(code);
            expect(proof.length).toBeGreaterThan(0);
            const names = [...(check.messages[code] ?? '').matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
            expect(Object.keys(args)).toEqual(expect.arrayContaining(names));
          }
        }
        // A pass rests on an answer to every request whose outcome the claim is about: none without one.
        if (verdict.verdict === 'pass') expect(exchanges.some(({ response }) => response !== null)).toBe(true);
      }),
      { numRuns: 400, seed: 7 },
    );
  });

  it.each(checks)('$id says what it is in words', ({ check }) => {
    for (const text of [check.title, check.sends, check.judges, check.expected, check.why, check.fix]) {
      expect(text.length).toBeGreaterThan(20);
      expect(text).not.toMatch(/\bTODO\b|\s$/);
    }
    expect(check.guards.length).toBeGreaterThan(1);
  });
});
