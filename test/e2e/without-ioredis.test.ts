import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { Report } from '../../src/core/report.js';
import { startReference } from '../../src/reference/serve.js';
import { specText } from '../../src/reference/spec-text.js';
import { inFolder, written } from '../support/folder.js';

// The command as it is installed: `npm test` builds it first.
const bin = fileURLToPath(new URL('../../bin/idem-check.js', import.meta.url));
const hidden = new URL('../support/without-ioredis.mjs', import.meta.url).href;

/** The command in a process that cannot find ioredis. */
function withoutIoredis(argv: readonly string[]): Promise<{ readonly code: number | null; readonly err: string }> {
  const child = spawn(process.execPath, ['--import', hidden, bin, ...argv], { stdio: ['ignore', 'ignore', 'pipe'] });
  let err = '';
  child.stderr.on('data', chunk => (err += String(chunk)));
  return new Promise(resolve => child.once('close', code => resolve({ code, err })));
}

test('a store in Redis leaves its case open without the client, says what to install, and the rest is judged', async () => {
  const reference = await startReference({ mounts: [{ prefix: '', flaw: null, choices: {} }] });
  try {
    await inFolder(async folder => {
      const text = specText([{ prefix: '', suffix: '', flaw: null, choices: {}, resources: ['order'] }]);
      const store = 'store: { redis: "redis://127.0.0.1:6379", keys: "idempotency:*{key}" }\n';
      const spec = written(folder, 'idem-check.yaml', `${text}${store}`);
      const json = join(folder, 'report.json');
      const chosen = ['--checks', 'key-ttl-honoured,key-replay-no-duplicate', '--max-wait', '1s'];
      const { code } = await withoutIoredis([
        'run',
        spec,
        '--url',
        reference.url,
        '--report-json-path',
        json,
        ...chosen,
      ]);
      expect(code).toBe(0);
      const { results } = JSON.parse(readFileSync(json, 'utf8')) as Report;
      const of = (id: string) => results.find(result => result.id === `POST /orders#${id}`);
      expect(of('key-ttl-honoured:store')).toMatchObject({ verdict: 'inconclusive', reason: 'setup-store' });
      expect(of('key-ttl-honoured:store')?.message).toContain(
        'looking into Redis needs the package ioredis; install it with: npm install ioredis',
      );
      expect(of('key-replay-no-duplicate')).toMatchObject({ verdict: 'pass' });
    });
  } finally {
    await reference.close();
  }
});

test('the reference API on a Redis says what to install', async () => {
  const { code, err } = await withoutIoredis(['serve', '--store', 'redis://127.0.0.1:6379']);
  expect([code, err]).toEqual([
    2,
    expect.stringContaining('The Redis store needs the package ioredis. Install it with: npm install ioredis'),
  ]);
});
