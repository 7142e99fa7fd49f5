import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Report } from '../../src/core/report.js';
import { startReference } from '../../src/reference/serve.js';
import { specText } from '../../src/reference/spec-text.js';
import { runReport } from '../support/run-cli.js';

/** `operation#check: by hand -> from the document`, with the reason why the document cannot say it. Empty is best. */
const DIFFERENCES: Readonly<Record<string, string>> = {
  'PATCH /orders/{}#patch-key-single-apply: not-applicable -> inconclusive': 'the document lets PATCH take a key',
  'POST /accounts#failed-write-no-effect: not-applicable -> pass': 'the schema says what must be refused',
  'POST /accounts#key-error-policy:invalid: not-applicable -> pass': 'the schema says what must be refused',
  'POST /orders#key-error-policy:fault: pass -> not-applicable': 'a document names no payload that fails',
  'PUT /labels/{}#failed-write-no-effect: not-applicable -> pass': 'the schema says what must be refused',
  'PUT /orders/{}#if-none-match-star: not-applicable -> pass': 'the document says that PUT creates',
  'PUT /orders/{}#put-create-concurrent: not-applicable -> pass': 'the document says that PUT creates',
};

/** `operation#check` with the names of path parameters left out, and its verdict. */
function verdictsOf({ results }: Report): ReadonlyMap<string, string> {
  // The tags of an order are a resource of the hand-written spec alone, at the same paths as orders.
  const own = results.filter(({ check, resource }) => !check.startsWith('doc-') && resource !== 'tags');
  return new Map(own.map(({ id, verdict }) => [id.replaceAll(/\{[^{}]*\}/g, '{}'), verdict]));
}

test('with nothing but its document the reference API gets the verdicts of its hand-written spec', async () => {
  const running = await startReference({ mounts: [{ prefix: '', flaw: null, choices: {} }] });
  const folder = mkdtempSync(join(tmpdir(), 'idem-check-alone-'));
  try {
    const byHand = join(folder, 'idem-check.yaml');
    writeFileSync(byHand, specText([{ prefix: '', suffix: '', flaw: null, choices: {} }]));
    const flags = ['--rounds', '2', '--concurrency', '4', '--max-wait', '1s', '--workers', '16'];
    const [alone, hand] = [
      await runReport(`${running.url}/openapi.json`, running.url, flags),
      await runReport(byHand, running.url, flags),
    ];
    const [found, wanted] = [verdictsOf(alone.report), verdictsOf(hand.report)];
    const ids = [...new Set([...found.keys(), ...wanted.keys()])].toSorted();
    const different = ids.filter(id => found.get(id) !== wanted.get(id));
    const described = different.map(id => `${id}: ${wanted.get(id) ?? 'absent'} -> ${found.get(id) ?? 'absent'}`);
    expect(described).toEqual(Object.keys(DIFFERENCES).toSorted());
    expect([...found.values()].filter(verdict => verdict === 'pass').length).toBeGreaterThan(40);
    const judged = alone.report.results.filter(({ check }) => check.startsWith('doc-'));
    expect(judged.filter(({ verdict }) => verdict === 'fail' || verdict === 'warn').map(({ id }) => id)).toEqual([]);
    expect(judged.filter(({ verdict }) => verdict === 'pass').length).toBeGreaterThan(20);
  } finally {
    await running.close();
    rmSync(folder, { recursive: true, force: true });
  }
});
