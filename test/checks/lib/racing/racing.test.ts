import { describe, expect, test } from 'vitest';
import { counts, noRound, racePowerNote } from '../../../../src/checks/lib/racing/racing.js';
import { isAnswered, statusOf, type Exchange } from '../../../../src/core/http.js';
import { overlaps, racePower } from '../../../../src/core/race.js';
import { createCanned } from '../../../support/exchange.js';

const canned = createCanned();
const lane = (status: number, from: number, shape: object = {}): Exchange => ({
  ...canned.answered('race', status, { sync: 'last-byte', from, to: 1000 }),
  ...shape,
});
const early = { early: true, writtenAtUs: null };
const unsent = { response: null, lost: 'refused', sentAtUs: null, writtenAtUs: null, firstByteAtUs: null } as const;

describe('a round counts', () => {
  test.each([
    ['two in flight together', [lane(201, 1), lane(409, 2)], true],
    ['two, and a third that found no connection', [lane(201, 1), lane(409, 2), lane(0, 0, unsent)], true],
    ['one, and another that found no connection', [lane(201, 1), lane(0, 0, unsent)], false],
    ['two, and a third answered before the release', [lane(201, 1), lane(409, 2), lane(413, 3, early)], false],
    ['two, and a third that the server ended before the release', [lane(201, 1), lane(409, 2), lane(0, 3, { ...early, response: null, lost: 'reset' })], false], // prettier-ignore
    ['two, and a third that got no answer', [lane(201, 1), lane(409, 2), lane(0, 3, { response: null, lost: 'reset' })], false], // prettier-ignore
    ['two, and a third that was limited', [lane(201, 1), lane(409, 2), lane(429, 3)], false],
    ['one after the other', [lane(201, 1), lane(409, 2000, { firstByteAtUs: 3000 })], false],
  ])('%s: %#', (_what, round, expected) => {
    expect(counts(round)).toBe(expected);
  });
});

test('an early answer voids the overlap of its round, and says nothing of a whole request when it is a refusal', () => {
  const [refused, accepted] = [lane(500, 3, early), lane(201, 3, early)];
  expect(overlaps([lane(201, 1), lane(409, 2), refused])).toBe(false);
  expect(statusOf(refused)).toBeNull();
  expect(isAnswered(refused)).toBe(true);
  expect(statusOf(accepted)).toBe(201);
});

test('a race is as wide as it was sent, and each way is counted by itself', () => {
  const rounds = [
    [lane(201, 1, { sync: 'single-packet' }), lane(409, 2, { sync: 'single-packet' })],
    [lane(201, 1, { round: 1 }), lane(409, 2, { round: 1 }), lane(0, 0, { ...unsent, round: 1 })],
    [lane(201, 1, { round: 2 }), lane(413, 2, { ...early, round: 2 })],
  ];
  const power = racePower(rounds.flat(), new Set());
  expect(power?.widths).toEqual([2]);
  expect(power?.ways).toEqual([
    { sync: 'single-packet', rounds: 1, overlapping: 1, hits: 0 },
    { sync: 'last-byte', rounds: 2, overlapping: 1, hits: 0 },
  ]);
  expect(racePowerNote(rounds.slice(0, 2))).toMatchObject({ args: { rounds: 2, width: 2 } });
});

test('why no round counted: limited before lost, lost before no overlap', () => {
  const limited = lane(429, 1, early);
  expect(noRound([[limited]])).toMatchObject({ verdict: 'inconclusive', reason: 'rate-limited' });
  expect(noRound([[lane(201, 1), lane(0, 0, unsent)]])).toMatchObject({ reason: 'lost-answers' });
  expect(noRound([[lane(413, 1, early), lane(413, 1, early)]])).toMatchObject({ reason: 'no-overlap' });
});
