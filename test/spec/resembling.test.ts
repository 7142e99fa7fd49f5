import { describe, expect, it } from 'vitest';
import { TRAITS, type Traits } from '../../src/core/trait.js';
import { libraries } from '../../src/spec/profiles/libraries.js';
import { resembling } from '../../src/spec/profiles/resembling.js';

const KEY = ['header Idempotency-Key'];
const described = (traits: Traits) =>
  resembling(traits).map(({ name, agrees, contradicts }) => [name, agrees, contradicts]);

describe('what an observed contract is like', () => {
  it.each<readonly [string, Traits, readonly unknown[]]>([
    [
      'stripe-v1, by its marker and 400 for another payload',
      {
        key: KEY,
        missing: ['accepted'],
        inflight: [409],
        mismatch: [400],
        replayMode: ['same'],
        marker: ['Idempotent-Replayed: true'],
      },
      [['stripe-v1', ['key', 'missing', 'inflight', 'mismatch', 'replayMode', 'marker'], []]],
    ],
    [
      'zalando, but for one trait',
      {
        key: KEY,
        inflight: ['waits'],
        mismatch: [400],
        replayMode: ['same'],
        unversionedWrite: [428],
        deleteMissing: [204],
      },
      [['zalando', ['key', 'mismatch', 'replayMode', 'unversionedWrite'], ['deleteMissing']]],
    ],
    [
      'checkout, by the name of its key and its 429',
      { key: ['header Cko-Idempotency-Key'], inflight: [429], replayMode: ['same'] },
      [['checkout', ['key', 'inflight', 'replayMode'], []]],
    ],
    [
      'a library: it waits, and replays whatever comes',
      { key: ['header X-Idempotency-Key'], inflight: ['waits'], mismatch: ['replays'] },
      [['Fiber (middleware/idempotency)', ['key', 'inflight', 'mismatch'], []]],
    ],
    [
      'several alike',
      { key: KEY, inflight: [409], mismatch: [422] },
      [
        ['ietf-strict', ['key', 'inflight', 'mismatch'], []],
        ['idempot-js', ['key', 'inflight', 'mismatch'], []],
        ['node-idempotency', ['key', 'inflight', 'mismatch'], []],
        ['hono-idempotency', ['key', 'inflight', 'mismatch'], []],
      ],
    ],
    ['nothing, where little was seen', { key: KEY, mismatch: [422] }, []],
    [
      'nothing, where all are contradicted',
      { key: ['body token'], inflight: [423], mismatch: [418], replayMode: ['same'] },
      [],
    ],
    ['nothing, where nothing was seen', {}, []],
    [
      'not one whose published lifetime was not kept',
      {
        key: ['header Cko-Idempotency-Key'],
        inflight: [429],
        replayMode: ['same'],
        lifetime: { atLeast: 5, below: 70 },
      },
      [],
    ],
    [
      'one whose published lifetime was not disproved',
      {
        key: ['header Cko-Idempotency-Key'],
        inflight: [429],
        replayMode: ['same'],
        lifetime: { atLeast: 5, below: null },
      },
      [['checkout', ['key', 'inflight', 'replayMode'], []]],
    ],
  ])('%s', (_, traits, expected) => {
    expect(described(traits)).toEqual(expected);
  });
});

it('what is said of libraries is in the words of traits', () => {
  for (const { traits } of libraries) {
    for (const [name, value] of Object.entries(traits)) {
      const words = (Array.isArray(value) ? value : []).filter(word => typeof word === 'string');
      const known: readonly string[] = TRAITS[name as keyof typeof TRAITS];
      if (known.length > 0 && name !== 'marker') expect(known).toEqual(expect.arrayContaining(words));
    }
  }
});
