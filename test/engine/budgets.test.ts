import { expect, test } from 'vitest';
import { Trouble } from '../../src/core/trouble.js';
import { createAllowance, type Budgets } from '../../src/engine/budgets.js';
import { createJumpingClock } from './small-run.js';

const unlimited: Budgets = { maxRequests: null, maxTimeMs: null, maxLeftovers: null, rate: null };

function createBench(budgets: Partial<Budgets>) {
  const spending = { requests: 0, records: 0 };
  const interrupting = new AbortController();
  const clock = createJumpingClock();
  const allowance = createAllowance(
    { ...unlimited, ...budgets },
    { requests: () => spending.requests, records: () => spending.records },
    { clock, signal: interrupting.signal },
  );
  return { allowance, spending, clock, interrupt: () => interrupting.abort() };
}

/** Why so many requests may not go out; `null` = they may. */
function refusal(act: () => void): unknown {
  try {
    act();
    return null;
  } catch (error) {
    return error instanceof Trouble ? [error.reason, error.args] : error;
  }
}

test('as many requests as are allowed go out, a race as a whole; what was used up stays so', () => {
  const { allowance, spending } = createBench({ maxRequests: 10 });
  spending.requests = 8;
  expect(refusal(() => allowance.admit(2))).toBeNull();
  expect(allowance.spent()).toBeNull();
  const used = ['budget', { budget: '--max-requests 10' }];
  expect(refusal(() => allowance.admit(3))).toEqual(used);
  expect(refusal(() => allowance.admit(1))).toEqual(used);
  expect(allowance.spent()).toBe('--max-requests 10');
});

test('time and records that stand are limited too', async () => {
  const timed = createBench({ maxTimeMs: 5000 });
  await timed.clock.sleep(5000);
  expect(refusal(() => timed.allowance.admit(1))).toBeNull();
  await timed.clock.sleep(1);
  expect(refusal(() => timed.allowance.admit(1))).toEqual(['budget', { budget: '--max-time 5s' }]);
  const standing = createBench({ maxLeftovers: 3 });
  standing.spending.records = 3;
  expect(refusal(() => standing.allowance.admit(1))).toEqual(['budget', { budget: '--max-leftovers 3' }]);
});

test('an interrupt lets nothing out any more, until the clean-up has its way', () => {
  const { allowance, spending, interrupt } = createBench({ maxRequests: 1 });
  interrupt();
  expect(refusal(() => allowance.admit(1))).toEqual(['interrupted', {}]);
  spending.requests = 7;
  allowance.lift();
  expect(refusal(() => allowance.admit(1))).toBeNull();
  expect(allowance.spent()).toBeNull();
});

test('the pace counts every request, and time that nobody used is not made up for', async () => {
  const { allowance, clock } = createBench({ rate: { requests: 10, perMs: 1000 } });
  const at: number[] = [];
  const go = async (count: number) => {
    await allowance.paced(count);
    at.push(clock.nowUs() / 1000);
  };
  await go(1);
  await go(5);
  await go(1);
  await clock.sleep(10_000);
  await go(1);
  await go(1);
  expect(at).toEqual([0, 100, 600, 10_600, 10_700]);
});
