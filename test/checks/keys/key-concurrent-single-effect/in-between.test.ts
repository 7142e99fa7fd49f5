import { expect, it } from 'vitest';
import { keyConcurrentSingleEffect as check } from '../../../../src/checks/keys/key-concurrent-single-effect.js';
import type { Exchange } from '../../../../src/core/http.js';
import type { Reading } from '../../../../src/core/reading.js';
import { drive } from '../../../support/drive.js';
import { evidence, reading } from '../../../support/evidence.js';
import { createCanned } from '../../../support/exchange.js';
import { outcome } from '../../../support/outcome.js';
import { createShop } from '../../../support/shop.js';
import { resource, scenarioOf, subject } from '../../../support/subject.js';

const { answered } = createCanned();
const order = { id: '1' };

/** A race before it, in which nothing was found. */
const raced = [201, 409].map((status, lane) =>
  answered('race', status, { lane, sync: 'barrier', from: lane, to: 100, body: order }),
);
const once = reading('settled', 1);

/** A first request of 100 ms, and repeats that come at these times, milliseconds. */
const between = (first: number, repeats: readonly (readonly [atMs: number, status: number])[], round = 0) => [
  answered('provoked in between', first, { round, lane: 0, from: 0, to: 100_000, body: order }),
  ...repeats.map(([atMs, status], at) =>
    answered('provoked in between', status, { round, lane: at + 1, from: atMs * 1000, to: 101_000 + at, body: order }),
  ),
];
const betweenSettled = (count: number | null, round = 0) => reading('settled between', count, { round });

interface Row {
  readonly name: string;
  readonly exchanges: readonly Exchange[];
  readonly readings: readonly Reading[];
  readonly expected: string;
}

const table: readonly Row[] = [
  {
    name: 'repeats in between that are told to wait',
    exchanges: [
      ...raced,
      ...between(201, [
        [10, 409],
        [30, 429],
        [60, 409],
        [90, 409],
      ]),
    ],
    readings: [once, betweenSettled(1)],
    expected: 'pass +race-power +in-between',
  },
  {
    name: 'two effects from a repeat in between',
    exchanges: [
      ...raced,
      ...between(201, [
        [10, 409],
        [60, 201],
      ]),
    ],
    readings: [once, betweenSettled(2)],
    expected: 'fail duplicate-created',
  },
  {
    name: 'two ids of jobs from a repeat in between',
    exchanges: [...raced, ...between(202, [[10, 202]])],
    readings: [once, reading('settled between', 2, { kind: 'identity' })],
    expected: 'pass +race-power +not-between',
  },
  {
    name: 'repeats that all came after the answer',
    exchanges: [
      ...raced,
      ...between(201, [
        [110, 201],
        [130, 201],
      ]),
    ],
    readings: [once, betweenSettled(1)],
    expected: 'pass +race-power +not-between',
  },
  {
    name: 'a first request that was turned away, with repeats in between',
    exchanges: [
      ...raced,
      ...between(503, [
        [10, 409],
        [30, 201],
      ]),
    ],
    readings: [once, betweenSettled(1)],
    expected: 'pass +race-power +in-between',
  },
  {
    name: 'a round in between that could not be counted',
    exchanges: [...raced, ...between(201, [[10, 409]])],
    readings: [once, betweenSettled(null)],
    expected: 'pass +race-power +not-between',
  },
  {
    name: 'a 500 in both rounds in between',
    exchanges: [...raced, ...between(201, [[10, 500]]), ...between(201, [[10, 500]], 1)],
    readings: [once, betweenSettled(1), betweenSettled(1, 1)],
    expected: 'fail crashed',
  },
];

const creating = () => subject(resource().create);

it.each(table)('$name', ({ exchanges, readings, expected }) => {
  expect(outcome(scenarioOf(check, creating()).judge(evidence(exchanges, readings)))).toBe(expected);
});

it('sends repeats one by one where the operation takes its time, just after the usual lives of a lock as well', () => {
  const sentIn = (p50Ms: number, maxWaitMs = 40_000) =>
    drive(scenarioOf(check, creating()), createShop(), { maxWaitMs, preflight: { p50Ms } }).steps.flatMap(step =>
      step.kind === 'staggered' ? [step.afterMs] : [],
    );
  expect(sentIn(19)).toEqual([]);
  expect(sentIn(300)[0]).toEqual([0, 30, 90, 180, 270]);
  expect(sentIn(6000)[0]).toEqual([0, 600, 1200, 1800, 3600, 5400]);
  expect(sentIn(40_000)[0]).toEqual([0, 1200, 4000, 5500, 12_000, 24_000, 31_000, 36_000]);
  expect(sentIn(40_000, 10_000)[0]).toEqual([0, 1200, 4000, 5500]);
});
