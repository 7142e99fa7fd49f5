import { expect, it } from 'vitest';
import { createRedaction, MASK } from '../../src/report/redact.js';

const same = (body: string) => body;
const words = createRedaction({
  values: ['alice', 'SESAME', '1234', 'hunter2', 'X9-k'],
  headers: ['X-User'],
  fields: same,
});
it.each([
  ['{"owner":"alice","note":"open SESAME","amount":1234}', '{"owner":"alice","note":"open SESAME","amount":1234}'],
  ['{"password":"alice"}', `{"password":"${MASK}"}`],
  ['{"said":"hunter2 and X9-k"}', `{"said":"${MASK} and ${MASK}"}`],
  ['{"x-user":"alice"}', '{"x-user":"alice"}'],
])('an ordinary word only where it is a credential: %s', (body, expected) => {
  expect(words.body(body, 'utf8', false)).toBe(expected);
});

it('an ordinary word in the headers that carry it', () => {
  expect(words.header(['x-user', 'alice'])).toEqual(['x-user', MASK]);
  expect(words.header(['Authorization', 'Bearer alice'])).toEqual(['Authorization', MASK]);
  expect(words.header(['X-Served-For', 'alice'])).toEqual(['X-Served-For', 'alice']);
  expect(words.url('http://alice@h/alice?api_key=alice')).toBe(`http://${MASK}@h/alice?api_key=${MASK}`);
});
