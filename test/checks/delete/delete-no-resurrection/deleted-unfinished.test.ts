import { expect, it } from 'vitest';
import { deleteNoResurrection as check } from '../../../../src/checks/delete/delete-no-resurrection.js';
import type { Exchange } from '../../../../src/core/http.js';
import { evidence, soundPreflight } from '../../../support/evidence.js';
import { createCanned } from '../../../support/exchange.js';
import { outcome } from '../../../support/outcome.js';
import { resource, scenarioOf, subject } from '../../../support/subject.js';

const { answered, lost } = createCanned();
const scenario = scenarioOf(check, subject(resource().remove), 'unfinished');
const begun = (status = 202) => answered('begun', status, { from: 0, to: 10, body: { id: '1' } });
const removed = (status: number, from = 20) => answered('delete', status, { from, to: from + 10 });
const gone = answered('gone', 404);
const after = (...statuses: readonly number[]) => statuses.map(status => answered('after', status));

it.each<[string, readonly Exchange[], string]>([
  ['stays gone', [begun(), removed(204), gone, ...after(404, 404)], 'pass'],
  ['is there again', [begun(), removed(204), gone, ...after(200, 200)], 'fail finished-after-delete'],
  ['is there in one look of two', [begun(), removed(204), gone, ...after(200, 404)], 'inconclusive control-failed'],
  ['is not deleted meanwhile', [begun(), removed(409)], 'pass +refused-unfinished'],
  ['never went', [begun(), removed(204), answered('gone', 200)], 'inconclusive control-failed'],
  [
    'was finished before the DELETE',
    [begun(), removed(204, 900_000), gone, ...after(404, 404)],
    'inconclusive control-failed',
  ],
  ['was there at once', [begun(201), removed(204), gone, ...after(404, 404)], 'inconclusive control-failed'],
  ['could not be made', [begun(422)], 'inconclusive first-refused'],
  ['was deleted without an answer', [begun(), lost('delete')], 'inconclusive lost-answers'],
  ['was not read', [begun(), removed(204), gone], 'inconclusive lost-answers'],
  ['nothing sent', [], 'inconclusive lost-answers'],
])('a resource that is deleted while it is made: %s', (_, exchanges, expected) => {
  const seen = evidence(exchanges, [], { preflight: { lagMs: 300 } });
  expect(outcome(scenario.judge(seen))).toBe(expected);
});

it('applies where records are finished later', () => {
  expect(scenario.misfit?.(soundPreflight)).toBe('what is created is there at once');
  expect(scenario.misfit?.({ ...soundPreflight, finishesLater: true })).toBeNull();
});
