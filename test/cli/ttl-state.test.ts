import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { holdState } from '../../src/cli/ttl-state.js';
import { UsageError } from '../../src/core/errors.js';
import type { LateState, PlantedKey } from '../../src/core/planted-key.js';
import { startReference } from '../../src/reference/serve.js';
import { specText } from '../../src/reference/spec-text.js';
import { inFolder, written } from '../support/folder.js';
import { cli } from '../support/run-cli.js';

const key: PlantedKey = {
  id: 'one',
  operation: 'POST /orders',
  resource: 'order',
  key: 'k',
  scope: { marker: 'm', uuid: 'u', int: 1, now: '2026-01-01T00:00:00Z', values: {} },
  request: 'digest',
  record: '7',
  showsMarker: true,
  before: { kind: 'filter', count: 0, value: null },
  plantedAt: '2026-01-01T00:00:00Z',
  serverDate: null,
  due: 60,
  environment: 'here',
  claimedAt: null,
};

test('what was written is read again, and nothing else stays behind', async () => {
  await inFolder(async folder => {
    const file = join(folder, 'deeper', 'state.json');
    const held = holdState(file);
    expect(held.read()).toEqual({ version: 1, planted: [], seen: [] });
    held.write({ version: 1, planted: [key], seen: [] });
    held.release();
    const again = holdState(file);
    expect(again.read().planted).toEqual([key]);
    again.release();
    expect(readdirSync(join(folder, 'deeper'))).toEqual(['state.json']);
  });
});

test('one run at a time holds it', async () => {
  await inFolder(async folder => {
    const file = join(folder, 'state.json');
    const held = holdState(file);
    expect(() => holdState(file)).toThrow(/is in use by another run; if there is none, delete .*state\.json\.lock$/);
    held.release();
    holdState(file).release();
  });
});

test('the lock of a process that is gone is taken over, that of another machine is not', async () => {
  await inFolder(async folder => {
    const file = join(folder, 'state.json');
    const gone = spawn(process.execPath, ['-e', '']);
    await new Promise(resolve => gone.once('exit', resolve));
    writeFileSync(`${file}.lock`, JSON.stringify({ pid: gone.pid, host: hostname() }));
    holdState(file).release();
    writeFileSync(`${file}.lock`, '');
    holdState(file).release();
    writeFileSync(`${file}.lock`, JSON.stringify({ pid: gone.pid, host: 'another-machine' }));
    expect(() => holdState(file)).toThrow(UsageError);
  });
});

test.each([
  ['{"version":2,"planted":[],"seen":[]}', 'has version 2, and this reads version 1'],
  ['{"version":1,"planted":[{"id":1}],"seen":[]}', 'is damaged; delete it and plant again'],
  ['{"version":1}', 'is damaged; delete it and plant again'],
  ['{"version":1,"pla', 'is no state of late retries'],
  ['[]', 'is no state of late retries'],
])('a file that is none is told as such: %s', async (text, message) => {
  await inFolder(async folder => {
    const file = written(folder, 'state.json', text);
    expect(() => holdState(file)).toThrow(message);
    expect(existsSync(`${file}.lock`)).toBe(false);
    expect(readFileSync(file, 'utf8')).toBe(text);
  });
});

// The command as it is installed: `npm test` builds it first.
const bin = fileURLToPath(new URL('../../bin/idem-check.js', import.meta.url));

test('kill -9 in the middle of plant leaves a state that verify can use', { timeout: 120_000 }, async () => {
  const reference = await startReference({ mounts: [{ prefix: '', flaw: null, choices: { workMs: 30 } }] });
  try {
    await inFolder(async folder => {
      const text = specText([{ prefix: '', suffix: '', flaw: null, choices: {}, resources: ['order'] }]);
      const spec = written(folder, 'idem-check.yaml', text);
      const file = join(folder, 'state.json');
      const common = ['--url', reference.url, '--state', file, '-q'];
      const planting = spawn(process.execPath, [bin, 'ttl', 'plant', spec, ...common, '--at', '1s', '--keys', '500']);
      const ended = new Promise(resolve => planting.once('exit', (_, signal) => resolve(signal)));
      while (!(existsSync(file) && stateIn(file).planted.length >= 5)) {
        expect(planting.exitCode).toBeNull();
        await new Promise(resolve => setTimeout(resolve, 20));
      }
      planting.kill('SIGKILL');
      expect(await ended).toBe('SIGKILL');
      const { planted } = stateIn(file);
      expect(planted.length).toBeGreaterThanOrEqual(5);
      expect(planted.length).toBeLessThan(500);
      await new Promise(resolve => setTimeout(resolve, 1100));
      const { code } = await cli(['ttl', 'verify', spec, ...common]);
      expect([code, stateIn(file).planted]).toEqual([0, []]);
      expect(stateIn(file).seen.filter(({ state }) => state === 'held')).toHaveLength(planted.length);
    });
  } finally {
    await reference.close();
  }
});

function stateIn(file: string): LateState {
  return JSON.parse(readFileSync(file, 'utf8')) as LateState;
}
