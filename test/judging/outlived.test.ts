import { expect, test } from 'vitest';
import { keyReplayNoDuplicate } from '../../src/checks/keys/key-replay-no-duplicate.js';
import { keyTtlHonoured } from '../../src/checks/lifetime/key-ttl-honoured.js';
import type { Verdict } from '../../src/core/verdict.js';
import { outlived } from '../../src/judging/outlived.js';
import { createCanned } from '../support/exchange.js';
import { keyed, operation } from '../support/subject.js';

const { answered } = createCanned();
const failed: Verdict = { verdict: 'fail', findings: [], notes: [] };
const at = (seconds: number, key: string) =>
  answered('send', 201, { from: seconds * 1_000_000, requestHeaders: [['idempotency-key', key]] });
const within = (ttl: number | 'unknown', check = keyReplayNoDuplicate) => ({
  check,
  operation: operation('POST', '/orders', 'create', { contract: { ...keyed, ttl } }),
});

test('a finding on a key that may have expired is taken back', () => {
  expect(outlived(within(8), [at(0, 'k'), at(7.5, 'k')], failed)).toMatchObject({ reason: 'key-outlived' });
});

test.each([
  ['the key is young', within(8), [at(0, 'k'), at(5, 'k')], failed],
  ['each key is young', within(8), [at(0, 'k'), at(20, 'other')], failed],
  ['nobody declared a lifetime', within('unknown'), [at(0, 'k'), at(20, 'k')], failed],
  ['the lifetime is what is checked', within(8, keyTtlHonoured), [at(0, 'k'), at(20, 'k')], failed],
  ['a pass needs no excuse', within(8), [at(0, 'k'), at(20, 'k')], { verdict: 'pass', notes: [] } satisfies Verdict],
])('not when %s', (_, planned, exchanges, verdict) => {
  expect(outlived(planned, exchanges, verdict)).toBeNull();
});
