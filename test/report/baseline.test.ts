import { describe, expect, it } from 'vitest';
import { UsageError } from '../../src/core/errors.js';
import { isKnown, knownOf, parseBaseline, serialiseBaseline } from '../../src/report/baseline.js';

const results = [
  { id: 'PUT /b#put-repeat-same-state', verdict: 'warn' },
  { id: 'POST /a#key-missing', verdict: 'fail' },
  { id: 'GET /c#etag-stable', verdict: 'pass' },
  { id: 'GET /d#etag-stable', verdict: 'inconclusive' },
] as const;

it('keeps fails and warns alone, sorted, and reads back what it wrote', () => {
  const text = serialiseBaseline(knownOf(results));
  expect(JSON.parse(text)).toEqual({
    version: 1,
    known: [
      { id: 'POST /a#key-missing', verdict: 'fail' },
      { id: 'PUT /b#put-repeat-same-state', verdict: 'warn' },
    ],
  });
  expect(serialiseBaseline(parseBaseline(text, 'b.json'))).toBe(text);
});

it('knows a result as long as it has not become worse', () => {
  const known = knownOf(results);
  expect(isKnown(known, { id: 'POST /a#key-missing', verdict: 'fail' })).toBe(true);
  expect(isKnown(known, { id: 'POST /a#key-missing', verdict: 'warn' })).toBe(true);
  expect(isKnown(known, { id: 'POST /a#key-missing', verdict: 'inconclusive' })).toBe(false);
  expect(isKnown(known, { id: 'PUT /b#put-repeat-same-state', verdict: 'fail' })).toBe(false);
  expect(isKnown(known, { id: 'POST /new#key-missing', verdict: 'fail' })).toBe(false);
});

describe('a file that is none', () => {
  it.each([
    ['{', 'b.json: not JSON'],
    ['[]', 'b.json: expected an object'],
    ['{"version":2,"known":[]}', 'b.json: expected "version": 1'],
    ['{"version":1}', 'b.json: expected "known" to be a list'],
    ['{"version":1,"known":[],"more":1}', 'b.json: unknown key "more"'],
    ['{"version":1,"known":["x"]}', 'b.json: known[0]: expected an object'],
    ['{"version":1,"known":[{"id":7,"verdict":"fail"}]}', 'b.json: known[0].id: expected'],
    ['{"version":1,"known":[{"id":"a#b","verdict":"pass"}]}', 'b.json: known[0].verdict: expected "fail" or "warn"'],
    [
      '{"version":1,"known":[{"id":"a#b","verdict":"fail"},{"id":"a#b","verdict":"warn"}]}',
      'known[1]: "a#b" stands there twice',
    ],
  ])('%s', (text, message) => {
    expect(() => parseBaseline(text, 'b.json')).toThrow(UsageError);
    expect(() => parseBaseline(text, 'b.json')).toThrow(message);
  });
});
