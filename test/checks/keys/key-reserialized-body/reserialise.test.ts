import fc from 'fast-check';
import { expect, it } from 'vitest';
import { reserialised } from '../../../../src/checks/keys/key-reserialized-body/reserialise.js';

it.each([
  ['{"a":1,"b":"x"}', 'layout', '{\n  "b" : "\\u0078" ,\n  "a" : 1\n}'],
  ['{"a":[1,[]],"b":{}}', 'layout', '{\n  "b" : { } ,\n  "a" : [\n    1 ,\n    [ ]\n  ]\n}'],
  ['{"a":"é\\n"}', 'layout', '{\n  "a" : "\\u00e9\\n"\n}'],
  ['{"a":1,"b":2.5,"c":[-3]}', 'numbers', '{"a":1.0,"b":2.50,"c":[-3.0]}'],
  ['{"a":9007199254740993}', 'numbers', null],
  ['{"a":1e3}', 'numbers', null],
  ['{"a":"1","b":true,"c":null}', 'numbers', null],
  ['[1]', 'layout', null],
  ['a=1', 'layout', null],
  ['', 'numbers', null],
] as const)('%s (%s)', (text, rewriting, expected) => {
  expect(reserialised(text, rewriting)).toBe(expected);
});

it('is the same value in other bytes', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), value => {
      const text = JSON.stringify(value);
      const layout = reserialised(text, 'layout');
      expect(layout).not.toBe(text);
      expect(JSON.parse(layout ?? 'null')).toEqual(JSON.parse(text));
      expect(JSON.parse(reserialised(text, 'numbers') ?? text)).toEqual(JSON.parse(text));
    }),
  );
});
