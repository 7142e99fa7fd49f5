import { expect, test } from 'vitest';
import { redactFields } from '../../../src/spec/compile/redact-fields.js';

test.each([
  [
    ['$.card.number'],
    '{"card":{"number":"4111","exp":1},"n":1.50}',
    '{"card":{"number":"[redacted]","exp":1},"n":1.50}',
  ],
  [['$..value'], '{"value":1,"n":5}', '{"value":"[redacted]","n":5}'],
  [['$.items[*].pin'], '{"items":[{"pin":1},{"pin":2}]}', '{"items":[{"pin":"[redacted]"},{"pin":"[redacted]"}]}'],
  [['$.a', '$.a.b'], '{"a":{"b":1}}', '{"a":"[redacted]"}'],
  [['$'], '{"a":1}', '"[redacted]"'],
  [['$.none'], '{ "a" : 1 }', '{ "a" : 1 }'],
  [['$.card'], 'card=4111', 'card=4111'],
  [[], '{"a":1}', '{"a":1}'],
])('%j: %s', (paths, body, masked) => {
  expect(redactFields(paths)(body)).toBe(masked);
});

test('a body that was cut off is masked by the names of its members', () => {
  const redact = redactFields(['$.card.number', '$.pin']);
  expect(redact('{"card":{"number":"4111","exp":1},"pin":1234,"rest":"abc')).toBe(
    '{"card":{"number":"[redacted]","exp":1},"pin":"[redacted]","rest":"abc',
  );
  expect(redact('{"card":{"number":"41')).toBe('{"card":{"number":"[redacted]"');
});
