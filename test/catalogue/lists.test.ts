import { expect, test } from 'vitest';
import type { Choices } from '../../src/reference/choices.js';
import { flawNamed } from '../../src/reference/flaws/index.js';
import { play, described } from './play.js';

const REPLAY = 'key-replay-no-duplicate';
const DISTINCT = 'concurrent-distinct-all-apply';

const CURSOR: Partial<Choices> = { pageSize: 2, nextBy: 'cursor', listFilter: 'ignored' };
const ADDRESS: Partial<Choices> = { pageSize: 2, nextBy: 'url', listFilter: 'ignored' };
const PAGES: Partial<Choices> = { pageSize: 10, nextBy: 'page', listFilter: 'ignored', standing: 12 };
const OLD: Partial<Choices> = { pageSize: 50, nextBy: 'cursor', listFilter: 'ignored', standing: 67 };
const IDS: Partial<Choices> = { ...OLD, nextBy: 'offset', listShows: 'ids' };
const NEWEST: Partial<Choices> = { ...OLD, nextBy: 'last-id', listOrder: 'newest-first' };
const CAPPED: Partial<Choices> = { listFilter: 'ignored', listCapped: 50, standing: 67 };
const FAILS: Partial<Choices> = { ...OLD, listFailsEvery: 5 };

/** What two checks say of the create of orders, where a flaw is given or none. */
async function saidOf(choices: Partial<Choices>, id: string | null) {
  const { results, internalErrors } = await play({
    flaw: id === null ? null : (flawNamed(id) ?? null),
    choices,
    resources: ['order'],
    wants: ({ check, operation, variant }) =>
      [REPLAY, DISTINCT].includes(check.id) && operation.role === 'create' && variant === null,
  });
  expect(internalErrors).toEqual([]);
  const own = results.filter(({ verdict }) => verdict !== 'not-applicable');
  expect(own.length).toBe(2);
  return Object.fromEntries(own.map(result => [result.check, `${result.verdict} ${described(result)}`]));
}

test.each([
  ['two on a page, by a token', CURSOR],
  ['two on a page, by an address', ADDRESS],
  ['ten on a page, by page numbers', PAGES],
  ['fifty on a page, after 67 from before', OLD],
  ['with nothing but ids, by offsets', IDS],
  ['newest first, by the last id', NEWEST],
])('a whole list counts: %s', async (_, choices) => {
  const correct = await saidOf(choices, null);
  expect([correct[REPLAY], correct[DISTINCT]]).toEqual([
    expect.stringMatching(/^pass/),
    expect.stringMatching(/^pass/),
  ]);
  expect((await saidOf(choices, 'key-ignored'))[REPLAY]).toMatch(/^fail .*duplicate-created/);
  expect((await saidOf(choices, 'concurrent-creates-share-record'))[DISTINCT]).toMatch(/^fail .*effects-lost/);
});

test.each([
  ['that stops at fifty without a word', CAPPED],
  ['that is not answered now and then', FAILS],
])('a list %s never lets a flaw pass, and blames nobody for it', async (_, choices) => {
  const correct = await saidOf(choices, null);
  expect(Object.values(correct).filter(said => /^(fail|warn)/.test(said))).toEqual([]);
  expect((await saidOf(choices, 'key-ignored'))[REPLAY]).not.toMatch(/^pass/);
  expect((await saidOf(choices, 'concurrent-creates-share-record'))[DISTINCT]).not.toMatch(/^pass/);
});
