import { describe, expect, test } from 'vitest';
import { isAnswered, type Answered, type Exchange } from '../../src/core/http.js';
import { pauseAfter } from '../../src/engine/back-off.js';
import { createCanned } from '../support/exchange.js';

const { answered } = createCanned();
const nowMs = Date.UTC(2026, 0, 1);

function answer(exchange: Exchange): Answered {
  if (!isAnswered(exchange)) throw new Error('it was not answered');
  return exchange;
}

describe('a void try is waited for', () => {
  test.each([
    ['seconds', '7', 7000],
    ['a date, by the clock that was handed in', new Date(nowMs + 9000).toUTCString(), 9000],
    ['a date that is past', new Date(nowMs - 9000).toUTCString(), 0],
    ['nonsense, which counts for nothing', 'soon', 500],
  ])('for as long as Retry-After says, within the longest back-off: %s', (_what, value, ms) => {
    const limited = answer(answered('first', 429, { headers: [['retry-after', value]] }));
    expect(pauseAfter(limited, { tries: 0, longestMs: 60_000, nowMs })).toBe(ms);
    expect(pauseAfter(limited, { tries: 0, longestMs: 300, nowMs })).toBe(Math.min(ms, 300));
  });

  test('longer from try to try where no time is named', () => {
    const unavailable = answer(answered('first', 503));
    const waits = [0, 1, 2, 3].map(tries => pauseAfter(unavailable, { tries, longestMs: 60_000, nowMs }));
    expect(waits).toEqual([500, 1500, 4000, 4000]);
  });
});
