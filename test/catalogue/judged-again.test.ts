import { beforeAll, expect, test } from 'vitest';
import { checks } from '../../src/checks/registry.js';
import { found } from '../../src/checks/lib/judging/found.js';
import { isSkip, type Check } from '../../src/core/check.js';
import { fail, suspect } from '../../src/core/verdict.js';
import { createRedaction } from '../../src/report/redact.js';
import { redactFields } from '../../src/spec/compile/redact-fields.js';
import { reportMistakes } from '../support/valid-report.js';
import { judgedAgain, reportText } from './judged-again.js';
import { play, described, type PlayedOutcome } from './play.js';

let whole: PlayedOutcome;
beforeAll(async () => {
  whole = await play({});
});

test('a whole run is judged again as it was', () => {
  const text = reportText(whole);
  expect(reportMistakes(JSON.parse(text))).toEqual([]);
  expect(judgedAgain(text)).toEqual(whole.results);
});

test.each([
  ['described by its document', { from: 'document' }],
  ['of several tenants', { choices: { callers: 'tenants' } }],
  ['whose ids the client chooses', { resources: [], clientIds: true }],
] as const)('so is one on an API %s', async (_, played) => {
  const outcome = await play(played);
  const text = reportText(outcome);
  expect(reportMistakes(JSON.parse(text))).toEqual([]);
  expect(judgedAgain(text)).toEqual(outcome.results);
});

test('what is masked moves no verdict', () => {
  const fields = redactFields(['$..id', '$..reference', '$..amount']);
  const text = reportText(whole, createRedaction({ values: [], fields, names: ['location'] }));
  expect(text).toContain('[redacted-99]');
  expect(judgedAgain(text).map(described)).toEqual(whole.results.map(described));
});

test('a judge that was mended is heard, on the results of its check alone', () => {
  const mended = checks.map((check): Check => {
    if (check.id !== 'delete-repeat') return check;
    const plan: Check['plan'] = (subject, variant) => {
      const planned = check.plan(subject, variant);
      if (isSkip(planned) || subject.operation.name !== 'DELETE /accounts/{id}' || variant !== null) return planned;
      return { ...planned, judge: ({ exchanges }) => found(fail('repeat-crashed', { status: 500 }, exchanges)) };
    };
    return { ...check, plan };
  });
  const again = judgedAgain(reportText(whole), mended);
  const differing = again.filter((result, at) => described(result) !== described(whole.results[at] ?? result));
  expect(differing.map(described)).toEqual(['DELETE /accounts/{id}#delete-repeat: fail repeat-crashed']);
});

test('what a mended judge has no evidence for stays open, and says so', () => {
  const odd = checks.map((check): Check =>
    check.id === 'delete-repeat'
      ? { ...check, plan: () => ({ hooks: [], *probe() {}, judge: () => found(suspect('repeat-crashed', {}, [])) }) }
      : check,
  );
  const again = judgedAgain(reportText(whole), odd).filter(({ check }) => check === 'delete-repeat');
  const reasons = new Set(again.map(({ reason, reasonArgs }) => `${reason}: ${reasonArgs['detail']}`));
  expect([...reasons].toSorted()).toEqual([
    'not-judged: it takes one more attempt than was played',
    'not-judged: it was not played in that run; this version would play it',
  ]);
  const fewer = checks.filter(({ id }) => id !== 'delete-repeat');
  expect(judgedAgain(reportText(whole), fewer).some(({ check }) => check === 'delete-repeat')).toBe(false);
});
