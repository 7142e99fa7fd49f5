import { expect, test } from 'vitest';
import { archiveSpec, createArchive, type ArchiveWays } from '../../fixtures/servers/archive.js';
import { checks } from '../../src/checks/registry.js';
import { playSpec } from '../support/play-spec.js';

const REPLAY = 'key-replay-no-duplicate';
const RACE = 'key-concurrent-single-effect';
const DISTINCT = 'concurrent-distinct-all-apply';

/** What checks say of the create of an archive: verdict, then codes of findings, or the reason. */
async function verdicts(ways: ArchiveWays, ids: readonly string[], more = '') {
  const { results, internalErrors, leftovers } = await playSpec(
    archiveSpec(more),
    (sleep, nowMs) => createArchive({ ways, sleep, nowMs }),
    checks.filter(({ id }) => ids.includes(id)),
  );
  expect(internalErrors).toEqual([]);
  expect(leftovers).toEqual([]);
  const described = results
    .filter(({ verdict }) => verdict !== 'not-applicable')
    .map(({ check, verdict, reason, findings }) => [check, [verdict, reason ?? findings.map(({ code }) => code)].flat().join(' ')]); // prettier-ignore
  return Object.fromEntries(described) as Readonly<Record<string, string>>;
}

const passes = { [REPLAY]: 'pass', [RACE]: 'pass', [DISTINCT]: 'pass' };

test.each<[string, ArchiveWays]>([
  ['whose pages are named by a token of no known parameter', {}],
  ['whose list leaves the marker out', { shows: 'id-and-pages' }],
  ['that has no second page yet', { old: 0 }],
  ['whose list is late', { lagMs: 400 }],
])('a correct archive %s passes', async (_, ways) => {
  expect(await verdicts(ways, [REPLAY, RACE, DISTINCT])).toEqual(passes);
});

test.each<[string, ArchiveWays, string, string]>([
  ['a repeat is entered again', { flaw: 'repeats' }, REPLAY, 'fail duplicate-created'],
  [
    'a repeat is entered again, and shows no marker',
    { flaw: 'repeats', shows: 'id-and-pages' },
    REPLAY,
    'fail duplicate-created',
  ],
  ['a repeat in a race is entered again', { flaw: 'races' }, RACE, 'fail duplicate-created'],
  ['simultaneous creates share a number', { flaw: 'shares' }, DISTINCT, 'fail effects-lost'],
  ['they share a number, and show no marker', { flaw: 'shares', shows: 'id-and-pages' }, DISTINCT, 'fail effects-lost'],
])('on page two: %s', async (_, ways, check, verdict) => {
  // prettier-ignore
  expect(await verdicts(ways, [check])).toEqual({ [check]: expect.stringContaining(verdict) });
});

test.each<[string, ArchiveWays]>([
  ['does not say how its second page is asked for', { next: 'unsaid', flaw: 'repeats' }],
  ['shows the first fifty, and is silent on the rest', { next: 'capped', flaw: 'repeats' }],
])('a list that %s counts nothing, and never passes', async (_, ways) => {
  expect(await verdicts(ways, [REPLAY, RACE, DISTINCT])).toEqual({
    [REPLAY]: 'inconclusive oracle-failed',
    [RACE]: 'inconclusive oracle-failed',
    [DISTINCT]: 'inconclusive oracle-failed',
  });
});

test.each<[string, ArchiveWays, string]>([
  ['a correct archive never fails', {}, 'fail'],
  ['one that enters repeats again never passes', { flaw: 'repeats' }, 'pass'],
  ['one that enters repeats of a race again never passes', { flaw: 'races' }, 'pass'],
  ['one whose simultaneous creates share a number never passes', { flaw: 'shares' }, 'pass'],
])('with a 503 on every second page, %s', async (_, ways, never) => {
  const said = await verdicts({ ...ways, failsEvery: 2 }, [REPLAY, RACE, DISTINCT]);
  expect(Object.keys(said)).toEqual(Object.keys(passes));
  const own = ways.flaw === undefined ? [REPLAY, RACE, DISTINCT] : [{ repeats: REPLAY, races: RACE, shares: DISTINCT }[ways.flaw]]; // prettier-ignore
  expect(own.filter(id => said[id]?.startsWith(never))).toEqual([]);
});

test('a list of which the spec says how it is paged is read as it says', async () => {
  const more = 'paging: { next: $.meta.next, cursor: cursor }';
  expect(await verdicts({}, [REPLAY], more)).toEqual({ [REPLAY]: 'pass' });
});
