import { expect, it } from 'vitest';
import { duration, measured } from '../../../../src/checks/lib/judging/duration.js';

it.each([
  [0, '0 s'],
  [1.84, '1.8 s'],
  [5.02, '5 s'],
  [60, '60 s'],
  [130, '130 s'],
  [660, '11 min'],
  [1900, '1900 s'],
  [3600, '60 min'],
  [86_400, '24 h'],
  [604_800, '7 d'],
])('%d seconds are %s', (seconds, text) => {
  expect(duration(seconds)).toBe(text);
});

it.each([
  [0.1, '0.1 s'],
  [5.03, '5 s'],
  [35.9, '35 s'],
  [660.2, '660 s'],
  [1900.4, '31 min'],
  [77_761, '21.6 h'],
  [6 * 86_400, '6 d'],
])('a measured span of %d seconds is told as %s', (seconds, text) => {
  expect(measured(seconds)).toBe(text);
});
