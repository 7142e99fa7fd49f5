import { expect, it } from 'vitest';
import { duration } from '../../../src/checks/lib/duration.js';

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
