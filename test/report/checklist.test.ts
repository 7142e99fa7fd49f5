import { expect, it } from 'vitest';
import { CANNED_CHECKS } from '../../fixtures/reports/canned-checks.js';
import { checks } from '../../src/checks/registry.js';
import { checklistOf, type Listed } from '../../src/report/checklist.js';

const verdicts = (...results: readonly Listed[]) => checklistOf(results, CANNED_CHECKS).map(({ verdict }) => verdict);
const of = (check: string, verdict: Listed['verdict'], waived: object | null = null): Listed => ({
  check,
  verdict,
  waived,
});

it('has six lines, not checked where nothing ran', () => {
  expect(checklistOf([], CANNED_CHECKS).map(({ item, verdict }) => `${item}: ${verdict}`)).toEqual([
    'POST takes an idempotency key: not-checked',
    'Keys live as long as the business needs: not-checked',
    'PUT and PATCH use ETag and If-Match: not-checked',
    'DELETE handles "already gone": not-checked',
    'Safe methods have no effect: not-checked',
    'The documentation says all this: not-checked',
  ]);
});

it('takes the worst of what was seen', () => {
  expect(verdicts(of('key-replay-response', 'pass'), of('key-concurrent-single-effect', 'fail'))[0]).toBe('fail');
  expect(verdicts(of('delete-repeat', 'pass'), of('delete-concurrent', 'inconclusive'))[3]).toBe('inconclusive');
  expect(verdicts(of('safe-no-effect', 'pass'), of('head-matches-get', 'warn'))[4]).toBe('warn');
  expect(verdicts(of('key-ttl-honoured', 'pass'), of('key-ttl-honoured', 'not-applicable'))[1]).toBe('pass');
});

it('passes a line only for a check that speaks for it', () => {
  expect(verdicts(of('put-repeat-same-state', 'pass'))[2]).toBe('not-applicable');
  expect(verdicts(of('put-repeat-same-state', 'fail'), of('etag-stable', 'pass'))[2]).toBe('fail');
  expect(verdicts(of('natural-duplicate-sequential', 'pass'), of('key-replay-no-duplicate', 'not-applicable'))[0]).toBe(
    'not-applicable',
  );
  expect(verdicts(of('natural-duplicate-sequential', 'warn'))[0]).toBe('warn');
  expect(verdicts(of('head-matches-get', 'pass'))[4]).toBe('not-applicable');
  expect(checklistOf([of('if-none-match-star', 'pass')], checks)[2]?.verdict).toBe('not-applicable');
});

it('shows a waived failure as a warning: the defect is still there', () => {
  expect(verdicts(of('delete-repeat', 'fail', {}))[3]).toBe('warn');
});

it('has a line for every check of the catalogue', () => {
  const strays = checks.filter(
    ({ id }) =>
      !checklistOf([of(id, 'fail')], checks).some(line => line.verdict === 'fail' && line.checks.includes(id)),
  );
  expect(strays.map(({ id }) => id)).toEqual([]);
});
