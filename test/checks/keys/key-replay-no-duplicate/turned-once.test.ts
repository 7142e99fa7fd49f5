import { expect, test } from 'vitest';
import { isAnswered, type Exchange } from '../../../../src/core/http.js';
import type { Reading } from '../../../../src/core/reading.js';
import { turnedOnce } from '../../../../src/checks/keys/key-replay-no-duplicate/turned-once.js';
import { evidence, reading } from '../../../support/evidence.js';
import { createCanned } from '../../../support/exchange.js';
import { keyed, operation } from '../../../support/subject.js';

const { answered } = createCanned();
const contract = { ...keyed, marker: { header: 'Idempotent-Replayed', value: 'true' } };
const publish = { operation: operation('POST', '/shows/{id}/publish', 'action:publish', { contract }) };
const first = answered('first', 200);
const marked = answered('replay', 200, { headers: [['idempotent-replayed', 'true']] });
const world = (at: string) => [{ name: 'GET /shows/{id}', at: {}, members: { '$.state': '"on"', '$.changedAt': at } }];
const saw = (step: string, at: string, count: number | null = 1): Reading =>
  reading(step, count, { kind: 'view', trouble: null, moved: ['$.state'], world: world(at) });
const still = [saw('between', '"1"'), saw('after', '"1"')];
const turning = { oracle: 'view', countsToTwo: false } as const;

test.each<[string, Exchange, readonly Reading[], object, string | null]>([
  ['a stored answer, and nothing moved after the first', marked, still, turning, '$.state'],
  ['no marker', answered('replay', 200), still, turning, null],
  ['something moved again', marked, [saw('between', '"1"'), saw('after', '"2"')], turning, null],
  ['nothing had moved', marked, [saw('between', '"1"', 0), saw('after', '"1"', 0)], turning, null],
  ['no look between', marked, still.slice(1), turning, null],
  ['effects that can be counted are', marked, still, { ...turning, countsToTwo: true }, null],
])('%s', (_, replay, readings, preflight, moved) => {
  if (!isAnswered(replay)) throw new Error('it is answered');
  expect(turnedOnce(publish, evidence([first, replay], readings, { preflight }), first, replay)).toBe(moved);
});
