import { afterEach, expect, test, vi } from 'vitest';
import { createClock } from '../../src/transport/clock.js';

afterEach(() => vi.useRealTimers());

test('begins near zero and never goes back, in whole microseconds', () => {
  const { nowUs } = createClock();
  const readings = Array.from({ length: 1000 }, nowUs);
  expect(readings).toEqual(readings.toSorted((a, b) => a - b));
  expect(readings.every(Number.isInteger)).toBe(true);
  expect(readings[0]).toBeGreaterThanOrEqual(0);
});

test('sleeps as long as it is told, also longer than a timer can count', async () => {
  vi.useFakeTimers();
  const { sleep } = createClock();
  const ms = 2 ** 31 + 5000;
  let isAwake = false;
  void sleep(ms).then(() => (isAwake = true));
  await vi.advanceTimersByTimeAsync(ms - 1);
  expect(isAwake).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  expect(isAwake).toBe(true);
});

test('is never awake too early, whatever its timers do', async () => {
  const { sleep, nowUs } = createClock();
  for (const ms of [0.4, 1.7, 3.9, 10.6]) {
    const sinceUs = nowUs();
    await sleep(ms);
    expect(nowUs() - sinceUs).toBeGreaterThanOrEqual(Math.floor(ms * 1000));
  }
});

test('wakes when the signal aborts, and leaves no timer and no listener', async () => {
  vi.useFakeTimers();
  const { sleep } = createClock();
  const giving = new AbortController();
  const sleeping = sleep(60_000, giving.signal);
  giving.abort();
  await sleeping;
  expect(vi.getTimerCount()).toBe(0);
  await sleep(60_000, giving.signal);
  await sleep(0);
  await sleep(-5);
});
