import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { archiveSpec, serveArchive, type ArchiveWays } from '../../fixtures/servers/archive.js';
import { runReport } from '../support/run-cli.js';

const REPLAY = 'key-replay-no-duplicate';
const DISTINCT = 'concurrent-distinct-all-apply';

const folder = mkdtempSync(join(tmpdir(), 'idem-check-archive-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const spec = join(folder, 'spec.yaml');
writeFileSync(spec, archiveSpec());

/** What two checks say of an archive over HTTP, and the reads of its list. */
async function ran(ways: ArchiveWays) {
  const archive = await serveArchive(ways);
  try {
    const { report } = await runReport(spec, archive.url, ['--checks', `${REPLAY},${DISTINCT}`, '--rounds', '2']);
    expect(report.leftovers).toEqual([]);
    const own = report.results.filter(({ verdict }) => verdict !== 'not-applicable');
    return {
      said: Object.fromEntries(own.map(({ check, verdict }) => [check, verdict])),
      lists: report.exchanges
        .map(({ request }) => new URL(request.url))
        .filter(({ pathname }) => pathname === '/documents'),
    };
  } finally {
    await archive.close();
  }
}

test('over HTTP, a list of two pages is read to its end, and counts', { timeout: 120_000 }, async () => {
  const { said, lists } = await ran({});
  expect(said).toEqual({ [REPLAY]: 'pass', [DISTINCT]: 'pass' });
  expect(lists.some(({ search }) => search.includes('cursor=c50'))).toBe(true);
});

test.each<[string, ArchiveWays, object]>([
  ['a repeat that is entered again', { flaw: 'repeats' }, { [REPLAY]: 'fail', [DISTINCT]: 'pass' }],
  ['creates that share a number', { flaw: 'shares' }, { [DISTINCT]: 'fail' }],
])('and shows %s', { timeout: 120_000 }, async (_, ways, expected) => {
  expect((await ran(ways)).said).toMatchObject(expected);
});
