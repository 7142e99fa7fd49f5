import { expect, test } from 'vitest';
import { ORDER, referenceClient } from '../support/reference-client.js';

test.each([429, 502, 503] as const)(
  'trouble behind the API (%i) does nothing, and frees the key',
  async upstreamStatus => {
    const api = referenceClient({ choices: { upstreamFailsEvery: 2, upstreamStatus } });
    const answers = [await api.order(ORDER, 'a'), await api.order(ORDER, 'b'), await api.order(ORDER, 'b')];
    expect(answers.map(({ status }) => status)).toEqual([201, upstreamStatus, 201]);
    expect(await api.count()).toBe(2);
  },
);

test('what a gateway gave up on was done, and its key has the answer', async () => {
  const api = referenceClient({ choices: { timeoutEvery: 2 } });
  const answers = [await api.order(ORDER, 'a'), await api.order(ORDER, 'b'), await api.order(ORDER, 'b')];
  expect(answers.map(({ status }) => status)).toEqual([201, 504, 201]);
  expect(await api.count()).toBe(2);
});

test.each([
  ['none', [400, 201]],
  ['4xx-only', [400, 422]],
  ['all', [400, 422]],
] as const)('where refusals are stored (%s), a corrected request needs a new key', async (errorsStored, expected) => {
  const api = referenceClient({ choices: { errorsStored } });
  const answers = [await api.order({ ...ORDER, amount: -1 }, 'k'), await api.order(ORDER, 'k')];
  expect(answers.map(({ status }) => status)).toEqual(expected);
});
