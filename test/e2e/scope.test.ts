import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { flawNamed } from '../../src/reference/flaws/index.js';
import { startReference } from '../../src/reference/serve.js';
import { cli, runReport } from '../support/run-cli.js';

const folder = mkdtempSync(join(tmpdir(), 'idem-check-scope-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const spec = join(folder, 'spec.yaml');
writeFileSync(
  spec,
  `version: 1
resources:
  order:
    create: { request: POST /orders, body: { amount: 1, reference: "{{marker}}" }, key: { name: Idempotency-Key } }
    list: { request: "GET /orders?reference={{marker}}", items: $.items }
    read: GET /orders/{id}
    delete: DELETE /orders/{id}
`,
);
const callers = ['-H', 'Authorization: Bearer tenant-a', '--identity', 'Authorization: Bearer tenant-b'];

async function ran(flaw: string | null) {
  const found = flaw === null ? null : (flawNamed(flaw) ?? null);
  const mount = { prefix: '', flaw: found, choices: { callers: 'tenants' } } as const;
  const api = await startReference({ mounts: [mount] });
  try {
    const ended = await runReport(spec, api.url, [...callers, '--checks', 'scope']);
    const left = await Promise.all(
      ['tenant-a', 'tenant-b'].map(async token => {
        const answer = await fetch(`${api.url}/orders`, { headers: { authorization: `Bearer ${token}` } });
        return ((await answer.json()) as { readonly items: readonly unknown[] }).items.length;
      }),
    );
    return { ...ended, left };
  } finally {
    await api.close();
  }
}

test('a second caller from the command line is enough; each caller deletes what is its own', async () => {
  const { code, report, out, err, left } = await ran(null);
  const verdicts = report.results.map(({ check, verdict }) => `${check} ${verdict}`);
  expect(verdicts).toContain('scope-principal pass');
  expect(verdicts).toContain('replay-reauthorises pass');
  expect(code).toBe(0);
  expect(left).toEqual([0, 0]);
  expect(report.leftovers).toEqual([]);
  expect(new Set(report.exchanges.map(({ identity }) => identity))).toEqual(
    new Set([undefined, 'other', 'anonymous', 'garbage']),
  );
  expect(`${out}${err}${JSON.stringify(report)}`).not.toMatch(/tenant-[ab]/);
});

test('a leak is found, and the record it showed is no leftover', async () => {
  const { code, report, left } = await ran('key-without-tenant');
  const finding = report.results.flatMap(({ findings }) => findings.map(({ code: name }) => name));
  expect(finding).toEqual(['response-leaked']);
  expect(code).toBe(1);
  expect(left).toEqual([0, 0]);
  expect(report.leftovers).toEqual([]);
});

test('a caller line without a colon is refused', async () => {
  const { code, err } = await cli(['run', spec, '--url', 'http://127.0.0.1:9', '--identity', 'tenant-b']);
  expect(code).toBe(2);
  expect(err).toContain('--identity: write "Name: value"');
});
