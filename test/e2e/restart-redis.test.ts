import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { specText } from '../../src/reference/spec-text.js';
import { inFolder, written } from '../support/folder.js';
import { freePort, hasRedis, REDIS_HINT, startRedis } from '../support/redis-server.js';
import { runReport } from '../support/run-cli.js';

const isMissing = !hasRedis();
if (isMissing) console.log(REDIS_HINT);

const script = (name: string) => fileURLToPath(new URL(`../support/${name}`, import.meta.url));

/** A run against the reference API in a process of its own, which `hooks.restart` kills and starts anew. */
async function underRestart(pendingMs: number, flags: readonly string[]) {
  const redis = await startRedis();
  try {
    return await inFolder(async folder => {
      const port = await freePort();
      const argv = [script('reference-process.mjs'), String(port), redis.url, String(pendingMs)];
      const first = spawn(process.execPath, argv, { stdio: 'ignore' });
      const file = written(folder, 'pid', String(first.pid));
      const command = [process.execPath, script('restart.mjs'), file, ...argv].map(text => `'${text}'`).join(' ');
      const url = `http://127.0.0.1:${port}`;
      try {
        await answering(url);
        const text = specText([{ prefix: '', suffix: '', flaw: null, choices: {}, resources: ['order'] }]);
        const hooks = `hooks: { restart: { command: ${JSON.stringify(command)} } }\n`;
        const contract = pendingMs === Infinity ? 'contract: { inflightTimeout: 3s }\n' : '';
        const spec = written(folder, 'idem-check.yaml', `${text}${hooks}${contract}`);
        const chosen = ['--checks', 'key-inflight-recovers', '--allow-commands', ...flags];
        const { report } = await runReport(spec, url, chosen);
        return report.results.find(({ id }) => id === 'POST /orders#key-inflight-recovers:restart');
      } finally {
        process.kill(Number(readFileSync(file, 'utf8')), 'SIGKILL');
      }
    });
  } finally {
    await redis.stop();
  }
}

async function answering(url: string): Promise<void> {
  for (;;) {
    const answer = await fetch(url).catch(() => null);
    if (answer !== null) return;
    await new Promise(resolve => setTimeout(resolve, 50));
  }
}

describe.skipIf(isMissing && process.env['CI'] !== 'true')(
  'a service killed under a request',
  { timeout: 120_000 },
  () => {
    test('whose key is held for 3 s: the retry is carried out', async () => {
      const result = await underRestart(3_000, []);
      expect(result).toMatchObject({ verdict: 'pass', hooks: [{ hook: 'restart', kind: 'command' }] });
      expect(result?.notes.join(' ')).toMatch(
        /The longest a key stayed in flight after its request was cut short: [\d.]+ m?s/,
      );
    });

    test('whose key is held for ever: it is stuck', async () => {
      const result = await underRestart(Infinity, []);
      expect(result).toMatchObject({ verdict: 'fail', findings: [{ code: 'stuck' }] });
      expect(result?.message).toMatch(/^The key of a request that was cut short is still answered with 409 after \d/);
    });
  },
);
