import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { TraitName } from '../../src/core/trait.js';
import { startReference } from '../../src/reference/serve.js';
import { specText } from '../../src/reference/spec-text.js';
import type { Choices } from '../../src/reference/choices.js';
import { inFolder, written } from '../support/folder.js';
import { cli, runReport } from '../support/run-cli.js';
import { expectValidReport } from '../support/valid-report.js';

const CHECKS = [
  'key-missing',
  'key-concurrent-loser',
  'key-mismatch-rejected',
  'key-replay-response',
  'key-replay-headers',
  'delete-repeat',
  'if-match-stale-rejected',
  'precondition-required',
].join(',');

/** Long enough for the requests of a race to meet on a busy machine. */
const WORK_MS = 40;

/** A run against the reference API with these choices; the spec is always that of the usual ones. */
async function runOn(
  choices: Partial<Choices>,
  folder: string,
  flags: readonly string[],
  { checks = CHECKS, more = '', text = '' } = {},
) {
  const mounts = [{ prefix: '', flaw: null, choices: { workMs: WORK_MS, ...choices } }];
  const reference = await startReference({ mounts, testClock: true });
  try {
    const usual = specText([{ prefix: '', suffix: '', flaw: null, choices: {}, resources: ['order'] }]);
    const spec = written(folder, 'idem-check.yaml', `${text === '' ? usual : text}${more}`);
    const ended = await runReport(spec, reference.url, [
      '--checks',
      checks,
      '--rounds',
      '3',
      '--concurrency',
      '4',
      '--max-wait',
      '2s',
      ...flags,
    ]);
    expectValidReport(JSON.stringify(ended.report));
    return ended;
  } finally {
    await reference.close();
  }
}

const recordIn = (folder: string) => ['--contract-out', join(folder, 'contract.yaml')];
const heldIn = (folder: string) => ['--contract', join(folder, 'contract.yaml')];

describe('the contract of the reference API', () => {
  test('is told, recorded, and no drift on the same API', async () => {
    await inFolder(async folder => {
      const first = await runOn({}, folder, recordIn(folder));
      expect(first.code).toBe(0);
      expect(first.err).toContain(`wrote ${join(folder, 'contract.yaml')}`);
      const { traits, resembles, drift } = first.report.contract ?? {};
      expect(Object.fromEntries((traits ?? []).map(({ name, value }) => [name, value]))).toEqual({
        key: ['header Idempotency-Key'],
        missing: [400],
        inflight: [409],
        mismatch: [422],
        replayMode: ['same'],
        replayStatus: ['same'],
        marker: ['idempotent-replayed: true'],
        outdatedWrite: [412],
        unversionedWrite: [428],
        deleteMissing: [404],
      });
      expect(resembles?.map(({ name }) => name)).toEqual(['ietf-strict', 'idempot-js', 'node-idempotency']);
      expect(drift).toBeNull();
      const sent = new Set(first.report.exchanges.map(({ n }) => n));
      const proofs = (first.report.contract?.operations ?? []).flatMap(one => one.traits.map(trait => trait.exchanges));
      expect(proofs.every(proof => proof.length > 0 && proof.every(n => sent.has(n)))).toBe(true);
      expect(first.out).toContain('Observed contract\n  The key travels in the header Idempotency-Key;');

      const second = await runOn({}, folder, heldIn(folder));
      expect(second.code).toBe(0);
      expect(second.report.contract?.drift).toMatchObject({ drifts: [], unseen: [], unrecorded: [] });
      expect(second.out).toMatch(/Held against \S+contract\.yaml: no drift, 13 traits as recorded\./);

      const section = /^contract:\n(?: .*\n)+/mu.exec(readFileSync(join(folder, 'contract.yaml'), 'utf8'))?.[0] ?? '';
      const usual = readFileSync(join(folder, 'idem-check.yaml'), 'utf8');
      // All that the spec said of the contract, the key too, is what was recorded.
      const silent = usual.replace(/^ {4}contract:\n(?: {6}.*\n)+/mu, '').replace(/^ {6}key:\n(?: {8}.*\n)+/mu, '');
      expect(silent).not.toMatch(/contract:|key:/u);
      const text = silent.replace(/^version: 1\n/u, `version: 1\n${section}`);
      const pasted = await runOn({}, folder, [], { text });
      expect(pasted.report.results.filter(({ verdict }) => verdict === 'fail' || verdict === 'warn')).toEqual([]);
      expect(pasted.report.summary.pass).toBeGreaterThan(5);
    });
  });

  test('drifts where the API does otherwise, and nowhere else', { timeout: 120_000 }, async () => {
    const rows: readonly (readonly [Partial<Choices>, readonly (readonly [string, TraitName])[]])[] = [
      [{ inflight: 'wait' }, [['POST /orders', 'inflight']]],
      [{ inflightStatus: 425 }, [['POST /orders', 'inflight']]],
      [{ mismatchStatus: 409 }, [['POST /orders', 'mismatch']]],
      [{ replayStatus: 200 }, [['POST /orders', 'replayStatus']]],
      [{ replayMarker: null }, [['POST /orders', 'marker']]],
      [{ keyRequired: false }, [['POST /orders', 'missing']]],
      [{ deleteMissing: 410 }, [['DELETE /orders/{id}', 'deleteMissing']]],
      [
        { preconditionRequired: false },
        [
          ['PUT /orders/{id}', 'unversionedWrite'],
          ['PATCH /orders/{id}', 'unversionedWrite'],
        ],
      ],
    ];
    await inFolder(async folder => {
      await runOn({}, folder, recordIn(folder));
      for (const [choices, expected] of rows) {
        const { report, code } = await runOn(choices, folder, heldIn(folder));
        const drifts = report.contract?.drift?.drifts.map(({ operation, name }) => [operation, name]);
        expect([choices, drifts]).toEqual([choices, expected]);
        expect(code).toBe(1);
        const failed = report.results.filter(({ check, verdict }) => check === 'contract-drift' && verdict === 'fail');
        expect(failed.map(({ operation }) => operation)).toEqual(expected.map(([operation]) => operation));
      }
    });
  });

  test('drifts where keys no longer last', async () => {
    const more = 'hooks:\n  clock:\n    request: POST /admin/clock?seconds={{seconds}}\n';
    const checks = 'key-ttl-honoured';
    await inFolder(async folder => {
      const long = await runOn({}, folder, recordIn(folder), { checks, more });
      const [lifetime] = long.report.contract?.traits ?? [];
      expect(lifetime).toMatchObject({ name: 'lifetime' });
      expect(lifetime?.says).toMatch(/^keys last at least .* and less than /u);
      const short = await runOn({ ttlSeconds: 600 }, folder, heldIn(folder), { checks, more });
      expect(short.report.contract?.drift?.drifts.map(({ name }) => name)).toEqual(['lifetime']);
      expect(short.report.contract?.traits[0]?.value).toMatchObject({ atLeast: 310, below: expect.any(Number) });
    });
  });
});

test('a contract file that cannot be read ends the run before it begins', async () => {
  await inFolder(async folder => {
    const spec = written(
      folder,
      'idem-check.yaml',
      'version: 1\nresources:\n  order:\n    create: { request: POST /orders }\n',
    );
    const file = written(
      folder,
      'contract.yaml',
      'version: 1\ncontract: { inflght: 409 }\nbehaviour: { paths: seperate }\n',
    );
    const ended = await cli(['run', spec, '--url', 'http://127.0.0.1:9', '--contract', file]);
    expect([ended.code, ended.out]).toEqual([2, '']);
    expect(ended.err).toBe(
      `${file}:2:13 contract.inflght: unknown key, did you mean "inflight"?\n` +
        `${file}:3:21 behaviour.paths: "seperate" is neither a status nor separate or shared, did you mean "separate"?\n`,
    );
  });
});

test('a run that saw nothing leaves the file alone', async () => {
  await inFolder(async folder => {
    const spec = written(
      folder,
      'idem-check.yaml',
      'version: 1\nresources:\n  order:\n    create: { request: POST /orders }\n',
    );
    const file = written(folder, 'contract.yaml', 'version: 1\n');
    const ended = await cli(['run', spec, '--url', 'http://127.0.0.1:9', '--contract-out', file]);
    expect(ended.code).toBe(3);
    expect(ended.err).toContain(`${file} was left alone: nothing was seen of the contract`);
    expect(readFileSync(file, 'utf8')).toBe('version: 1\n');
  });
});
