import { expect, it } from 'vitest';
import { coversPath } from '../../../../src/checks/lib/json/paths.js';

it.each([
  ['$.a', '$.a', true],
  ['$.a', '$.a.b', true],
  ['$.a', '$.a[3]', true],
  ['$.a', '$.ab', false],
  ['$.a.b', '$.a', false],
  ['$.items[*].at', '$.items[7].at', true],
  ['$.items[0].at', '$.items[7].at', true],
  ["$['updated-at']", '$.updated-at', true],
  ['$..stamp', '$.stamp', true],
  ['$..stamp', '$.a[0].stamp.x', true],
  ['$..stamp', '$.timestamp', false],
  ['$.*.at', '$.x.at', true],
  ['$.*.at', '$.x.y.at', false],
  ['$[?(@.a)]', '$.a', false],
  ['$.a+', '$.aa', false],
])('%s covers %s: %s', (pattern, path, covers) => {
  expect(coversPath(pattern, path)).toBe(covers);
});
