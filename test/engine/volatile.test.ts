import { expect, test } from 'vitest';
import { isAnswered } from '../../src/core/http.js';
import { volatilePaths } from '../../src/engine/volatile.js';
import { createCanned } from '../support/exchange.js';

const { answered } = createCanned();

test('a field is volatile when it differs and was not sent', () => {
  const answers = [
    answered('a', 201, { body: { id: 1, at: 'x', amount: 5, tags: ['p'] }, requestBody: '{"amount":5}' }),
    answered('b', 201, { body: { id: 2, at: 'y', amount: 6, tags: ['p'] }, requestBody: '{"amount":6}' }),
  ].filter(isAnswered);
  expect(volatilePaths(answers)).toEqual(['$.id', '$.at']);
});
