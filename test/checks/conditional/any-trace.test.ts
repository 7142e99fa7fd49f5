import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { etagChangesOnUpdate } from '../../../src/checks/conditional/etag-changes-on-update.js';
import { etagStable } from '../../../src/checks/conditional/etag-stable.js';
import { failedWriteNoEffect } from '../../../src/checks/conditional/failed-write-no-effect.js';
import { ifMatchAfterDelete } from '../../../src/checks/conditional/if-match-after-delete.js';
import { ifMatchConcurrentOneWinner } from '../../../src/checks/conditional/if-match-concurrent-one-winner.js';
import { ifMatchCurrentAccepted } from '../../../src/checks/conditional/if-match-current-accepted.js';
import { ifMatchStaleRejected } from '../../../src/checks/conditional/if-match-stale-rejected.js';
import { ifNoneMatchStar } from '../../../src/checks/conditional/if-none-match-star.js';
import { preconditionRequired } from '../../../src/checks/conditional/precondition-required.js';
import { deleteConcurrent } from '../../../src/checks/delete/delete-concurrent.js';
import { deleteRepeat } from '../../../src/checks/delete/delete-repeat.js';
import { deleteThenGet } from '../../../src/checks/delete/delete-then-get.js';
import { putConcurrentWhole } from '../../../src/checks/put/put-concurrent-whole.js';
import { putCreateConcurrent } from '../../../src/checks/put/put-create-concurrent.js';
import { patchConcurrentDisjoint } from '../../../src/checks/patch/patch-concurrent-disjoint.js';
import { patchKeySingleApply } from '../../../src/checks/patch/patch-key-single-apply.js';
import { patchRepeatNoDrift } from '../../../src/checks/patch/patch-repeat-no-drift.js';
import { putRepeatSameState } from '../../../src/checks/put/put-repeat-same-state.js';
import { putReplacesWhole } from '../../../src/checks/put/put-replaces-whole.js';
import { headMatchesGet } from '../../../src/checks/safe/head-matches-get.js';
import { safeNoEffect } from '../../../src/checks/safe/safe-no-effect.js';
import { header, type Exchange, type HeaderLine } from '../../../src/core/http.js';
import type { Documented } from '../../../src/core/operation.js';
import type { OracleKind, Reading } from '../../../src/core/reading.js';
import { SHARED_NOTES } from '../../../src/core/verdict.js';
import { createDepot } from '../../support/depot.js';
import { drive } from '../../support/drive.js';
import { evidence, reading } from '../../support/evidence.js';
import { createCanned } from '../../support/exchange.js';
import { operation, resource, scenarioOf, subject } from '../../support/subject.js';

const { read, replace, update, remove, list } = resource();
const documented: Documented = { statuses: ['200', '201'], requestHeaders: [], responseHeaders: [] };
const creating = operation('PUT', '/orders/{id}', 'replace', { documented });
const omitting = operation('PUT', '/orders/{id}', 'replace', {
  payloads: new Set(['body', 'omit'] as const),
  build: ({ marker, values }, payload) => ({
    method: 'PUT',
    path: `/orders/${values['id']}`,
    headers: [],
    body: JSON.stringify(payload === 'omit' ? { reference: marker } : { reference: marker, amount: 2 }),
  }),
});
/** A PATCH whose variant has a field of its own. */
const disjoint = operation('PATCH', '/orders/{id}', 'update', {
  build: ({ values }, payload = 'body') => ({
    method: 'PATCH',
    path: `/orders/${String(values['id'])}`,
    headers: [['content-type', 'application/json']],
    body: payload === 'changed' ? '{"amount":2,"note":"b"}' : '{"amount":1}',
  }),
});
const cases = [
  [putConcurrentWhole, replace, null],
  [putCreateConcurrent, creating, null],
  [putReplacesWhole, omitting, null],
  [ifNoneMatchStar, creating, null],
  [putRepeatSameState, replace, null],
  [patchRepeatNoDrift, update, null],
  [patchKeySingleApply, update, null],
  [patchConcurrentDisjoint, disjoint, null],
  [etagStable, read, null],
  [etagChangesOnUpdate, replace, null],
  [ifMatchStaleRejected, replace, null],
  [ifMatchStaleRejected, update, 'never-issued'],
  [ifMatchStaleRejected, remove, null],
  [ifMatchCurrentAccepted, replace, null],
  [ifMatchCurrentAccepted, update, 'gzip'],
  [ifMatchConcurrentOneWinner, replace, null],
  [ifMatchAfterDelete, update, null],
  [preconditionRequired, update, null],
  [failedWriteNoEffect, replace, 'stale'],
  [deleteRepeat, remove, null],
  [deleteRepeat, remove, 'never-existed'],
  [deleteConcurrent, remove, null],
  [deleteThenGet, remove, null],
  [safeNoEffect, read, null],
  [safeNoEffect, list?.operation ?? null, null],
  [headMatchesGet, read, null],
] as const;

/** A depot in which PUT creates too. */
const createServer = () =>
  createDepot({
    bend: (request, usual, orders) => {
      const id = request.path.split('/').at(-1) ?? '';
      if (request.method !== 'PUT') return null;
      if (orders.has(id)) return header(request, 'if-none-match') === '*' ? { status: 412 } : usual();
      orders.set(id, { id, fields: JSON.parse(request.body ?? '{}') as Record<string, unknown>, version: 1 });
      return { status: 201, body: { id } };
    },
  });

const bodies = [
  '',
  '{"id":"a1"}',
  '{"id":"a1","amount":2}',
  '{"items":[{"id":"a1"}]}',
  '[]',
  'null',
  '{',
  '<p>',
  '{"id":{"id":1}}',
];
const statuses = [200, 200, 201, 202, 204, 301, 304, 400, 401, 403, 404, 409, 410, 412, 428, 429, 500, 501, 503];
const headers: readonly (readonly HeaderLine[])[] = [
  [],
  [['ETag', '"v1"']],
  [['ETag', 'W/"v1"']],
  [['ETag', 'v1']],
  [['Last-Modified', 'x']],
  [
    ['Age', '5'],
    ['Content-Length', '3'],
  ],
];

/** What may become of each of the steps that a probe really made: its own answer, any other, none, or never sent. */
function trace(exchanges: readonly Exchange[], readings: readonly Reading[]) {
  const { answered, lost } = createCanned();
  const shape = fc.record({
    fate: fc.constantFrom('kept', 'kept', 'kept', 'kept', 'kept', 'answered', 'lost', 'missing'),
    status: fc.constantFrom(...statuses),
    body: fc.constantFrom(...bodies),
    headers: fc.constantFrom(...headers),
  });
  const seen = fc.record({
    isThere: fc.boolean(),
    count: fc.constantFrom(null, 0, 1, 2, -1, 1.5),
    kind: fc.constantFrom<OracleKind>('filter', 'list', 'identity', 'command', 'none'),
  });
  return fc
    .tuple(
      fc.array(shape, { minLength: exchanges.length, maxLength: exchanges.length }),
      fc.array(seen, { minLength: readings.length, maxLength: readings.length }),
    )
    .map(([shapes, counts]) => ({
      exchanges: exchanges.flatMap((exchange, at) => {
        const { step, round, lane, sync, request } = exchange;
        const drawn = shapes[at];
        if (drawn === undefined || drawn.fate === 'missing') return [];
        if (drawn.fate === 'kept') return [exchange];
        const same = { round, lane, sync, n: exchange.n, requestBody: request.body, requestHeaders: request.headers };
        if (drawn.fate === 'lost') return [lost(step, 'reset', same)];
        return [answered(step, drawn.status, { ...same, body: drawn.body, headers: drawn.headers })];
      }),
      readings: readings.flatMap(({ step, round }, at) => {
        const { isThere, count, kind } = counts[at] ?? { isThere: false, count: null, kind: 'none' };
        return isThere ? [reading(step, kind === 'none' ? null : count, { round, kind })] : [];
      }),
    }));
}

const named = cases.map(([check, on, variant]) => ({
  name: `${check.id} ${on?.method} ${variant}`,
  check,
  on,
  variant,
}));
const placesIn = (text = '') => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '');

describe('any trace is judged', () => {
  it.each(named)('$name', ({ check, on, variant }) => {
    const scenario = scenarioOf(check, subject(on), variant);
    const made = drive(scenario, createServer());
    const numbers = new Set(made.exchanges.map(({ n }) => n));
    fc.assert(
      fc.property(trace(made.exchanges, made.evidence.readings), ({ exchanges, readings }) => {
        const verdict = scenario.judge(evidence(exchanges, readings));
        if (verdict.verdict === 'inconclusive') return;
        const texts: Readonly<Record<string, string>> = { ...SHARED_NOTES, ...check.notes };
        for (const { code, args } of 'notes' in verdict ? verdict.notes : []) {
          expect(Object.keys(args)).toEqual(expect.arrayContaining(placesIn(texts[code])));
          expect(texts).toHaveProperty(code);
        }
        if (verdict.verdict === 'pass') {
          expect(exchanges.some(({ response }) => response !== null)).toBe(true);
          return;
        }
        expect(verdict.findings.length).toBeGreaterThan(0);
        for (const { code, args, exchanges: proof } of verdict.findings) {
          expect(check.messages).toHaveProperty(code);
          expect(Object.keys(args)).toEqual(expect.arrayContaining(placesIn(check.messages[code])));
          expect(proof.length).toBeGreaterThan(0);
          for (const n of proof) expect(numbers.has(n)).toBe(true);
        }
      }),
      { numRuns: 300, seed: 11 },
    );
  });

  it.each(named)('nothing passes when nothing was answered: $name', ({ check, on, variant }) => {
    const scenario = scenarioOf(check, subject(on), variant);
    const { lost } = createCanned();
    const gone = drive(scenario, createServer()).exchanges.map(({ step, round, lane, sync }) =>
      lost(step, 'timeout', { round, lane, sync }),
    );
    expect(scenario.judge(evidence(gone)).verdict).toBe('inconclusive');
  });

  it.each([...new Set(cases.map(([check]) => check))].map(check => ({ id: check.id, check })))(
    '$id says what it is in words',
    ({ check }) => {
      for (const text of [check.title, check.sends, check.judges, check.expected, check.why, check.fix]) {
        expect(text.length).toBeGreaterThan(15);
        expect(text).not.toMatch(/\bTODO\b|\s$|^\s/);
      }
      expect(check.guards.length).toBeGreaterThan(1);
    },
  );
});
