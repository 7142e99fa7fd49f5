import { describe, expect, test } from 'vitest';
import { checks } from '../../src/checks/registry.js';
import { startReference } from '../../src/reference/serve.js';
import { specText } from '../../src/reference/spec-text.js';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cli, runReport } from '../support/run-cli.js';

interface Shown {
  readonly operations: readonly {
    readonly operation: string;
    readonly requests: number;
    readonly checks: readonly { readonly check: string; readonly applies: boolean }[];
  }[];
  readonly requests: number;
}

describe('plan', () => {
  test('foresees within a third what a run on a correct API sends, and sends nothing', async () => {
    const choices = { callers: 'tenants' } as const;
    const folder = mkdtempSync(join(tmpdir(), 'idem-check-plan-'));
    const spec = join(folder, 'spec.yaml');
    writeFileSync(spec, specText([{ prefix: '', suffix: '', flaw: null, choices }]));
    const running = await startReference({ mounts: [{ prefix: '', flaw: null, choices }] });
    try {
      const { out, code } = await cli(['plan', spec, '--json', '--url', 'http://127.0.0.1:1']);
      expect(code).toBe(0);
      const shown = JSON.parse(out) as Shown;
      const { report } = await runReport(spec, running.url);
      const sent = report.exchanges.filter(({ result }) => result !== 'clean-up').length;
      expect(shown.requests).toBeGreaterThan(sent * (2 / 3));
      expect(shown.requests).toBeLessThan(sent * (4 / 3));
      const applying = shown.operations.flatMap(({ operation, checks: own }) =>
        own.filter(({ applies }) => applies).map(({ check }) => `${operation}#${check}`),
      );
      const judged = report.results.filter(({ verdict }) => verdict !== 'not-applicable').map(({ id }) => id);
      // That a state permits a second deposit, that a record is there at once, and that no 503 came is seen in the run alone.
      const misfits = applying.filter(id => /:(not-permitted|unfinished|transient)$/.test(id));
      expect(applying.toSorted()).toEqual([...judged, ...misfits].toSorted());
      // No document describes the API here, so that nothing is said of one.
      const sending = checks.filter(({ group }) => group !== 'docs');
      expect(new Set(applying.map(id => id.split('#')[1]?.split(':')[0])).size).toBe(sending.length);
    } finally {
      await running.close();
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
