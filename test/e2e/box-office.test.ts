import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { BOX_OFFICE, serveBoxOffice, type Ways } from '../../fixtures/servers/box-office.js';
import { cli, runReport } from '../support/run-cli.js';

const folder = mkdtempSync(join(tmpdir(), 'idem-check-box-office-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const spec = join(folder, 'spec.yaml');
writeFileSync(spec, BOX_OFFICE);
const flags = ['--checks', 'key-replay-no-duplicate,key-concurrent-single-effect', '--rounds', '2'];

async function ran(ways: Ways) {
  const office = await serveBoxOffice(ways);
  try {
    return await runReport(spec, office.url, flags);
  } finally {
    await office.close();
  }
}

test(
  'over HTTP, actions of which nothing is said pass on a correct API; the plan foresees what that costs',
  { timeout: 180_000 },
  async () => {
    const { report, out } = await ran({});
    expect(report.results.filter(({ verdict }) => verdict === 'fail' || verdict === 'warn')).toEqual([]);
    const passes = report.results.filter(({ verdict }) => verdict === 'pass');
    expect(passes.filter(({ oracleKind }) => oracleKind === 'view')).toHaveLength(9);
    expect(report.leftovers).toEqual([]);
    expect(out).not.toContain('internal');
    // What is read to count stays with the run: the report tells it in words.

    const plan = await cli(['plan', spec, '--json', '--url', 'http://127.0.0.1:1', ...flags]);
    const { requests } = JSON.parse(plan.out) as { readonly requests: number };
    const sent = report.exchanges.filter(({ result }) => result !== 'clean-up').length;
    expect(requests).toBeGreaterThan(sent * (2 / 3));
    expect(requests).toBeLessThan(sent * (4 / 3));
  },
);

test('and an action that is done again for a repeat fails, with what moved', { timeout: 180_000 }, async () => {
  const { report, out } = await ran({ ignores: ['cancel'], races: ['check-in'] });
  const failed = report.results.filter(({ verdict }) => verdict === 'fail');
  expect(failed.map(({ id }) => id).toSorted()).toEqual([
    'POST /tickets/{id}/cancel#key-concurrent-single-effect',
    'POST /tickets/{id}/cancel#key-replay-no-duplicate',
    'POST /tickets/{id}/check-in#key-concurrent-single-effect',
  ]);
  expect(out).toContain('$.data.refunded +24.2');
});
