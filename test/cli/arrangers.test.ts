import { describe, expect, test } from 'vitest';
import { createArrangers, drawnNonce, drawnSeed } from '../../src/cli/arrangers.js';

const now = () => new Date('2026-11-24T10:00:00Z');
const [ONE, TWO] = ['0000000a', 'ffffffff'];

/** What a place is handed, in the order a case would ask. */
function handed(seed: number, nonce: string, place = 'POST /orders#delete-repeat') {
  const { fresh, key } = createArrangers(seed, nonce, now)(place);
  return [fresh(), key(), fresh(), key()] as const;
}

test('the same seed and nonce give the same values, whatever other places ask in between', () => {
  const arrangerFor = createArrangers(7, ONE, now);
  const mine = () => arrangerFor('POST /orders#delete-repeat');
  const first = mine().fresh();
  arrangerFor('elsewhere').fresh();
  expect([first, mine().key(), mine().fresh(), mine().key()]).toEqual(handed(7, ONE));
});

test('another run with the seed differs in the nonce alone', () => {
  const without = (nonce: string) =>
    JSON.stringify(handed(7, nonce))
      .replaceAll(nonce, '')
      .replaceAll(/"int":\d+/g, '');
  expect(without(ONE)).toBe(without(TWO));
  const ints = (nonce: string) => handed(7, nonce).flatMap(one => (typeof one === 'string' ? [] : [one.int]));
  const turns = ints(ONE).map((int, at) => ((ints(TWO)[at] ?? 0) - int + 2 ** 31) % (2 ** 31 - 1_000_000));
  expect(new Set(turns).size).toBe(1);
  expect(turns[0]).not.toBe(0);
});

test('nothing one run sends can meet what another run with the seed has left', () => {
  const [mine, other] = [ONE, TWO].map(nonce =>
    handed(7, nonce).flatMap(one => (typeof one === 'string' ? [one] : [one.marker, one.uuid, one.int])),
  );
  expect(mine?.filter(value => other?.includes(value))).toEqual([]);
});

test('another seed, and another place, give other values', () => {
  const values = [handed(7, ONE), handed(8, ONE), handed(7, ONE, 'elsewhere')].flat();
  const texts = values.map(one => (typeof one === 'string' ? one : `${one.marker} ${one.uuid} ${one.int}`));
  expect(new Set(texts).size).toBe(texts.length);
});

describe('what is handed out', () => {
  const { fresh, key } = createArrangers(drawnSeed(), drawnNonce(), now)('a place');
  const scopes = Array.from({ length: 5000 }, fresh);

  test('never comes again within a run', () => {
    const keys = scopes.map(key);
    for (const values of [keys, scopes.map(({ marker }) => marker), scopes.map(({ uuid }) => uuid)]) {
      expect(new Set(values).size).toBe(values.length);
    }
  });

  test('has the form it is known by', () => {
    for (const { marker, uuid, int } of scopes.slice(0, 200)) {
      expect(marker).toMatch(/^ic-[0-9a-f]{20}$/);
      expect(uuid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
      expect(Number.isInteger(int) && int >= 1_000_000 && int < 2 ** 31).toBe(true);
    }
  });
});
