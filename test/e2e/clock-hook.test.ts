import { expect, test } from 'vitest';
import { startReference } from '../../src/reference/serve.js';
import { specText } from '../../src/reference/spec-text.js';
import { inFolder, written } from '../support/folder.js';
import { runReport } from '../support/run-cli.js';
import { expectValidReport } from '../support/valid-report.js';

const MOVES = 'hooks:\n  clock:\n    request: POST /admin/clock?seconds={{seconds}}\n';

/** `key-ttl-honoured` of creating orders, on the reference API with the hooks given. */
async function lifetimeOf(hooks: string, flags: readonly string[] = [], ttlSeconds = 86_400) {
  const mount = { prefix: '', flaw: null, choices: { ttlSeconds } };
  const reference = await startReference({ mounts: [mount], testClock: true });
  try {
    return await inFolder(async folder => {
      const text = specText([{ prefix: '', suffix: '', flaw: null, choices: {}, resources: ['order'] }]);
      const spec = written(folder, 'idem-check.yaml', `${text}${hooks}`);
      const { report } = await runReport(spec, reference.url, ['--checks', 'key-ttl-honoured', ...flags]);
      expectValidReport(JSON.stringify(report));
      const result = report.results.find(({ id }) => id === 'POST /orders#key-ttl-honoured');
      return { result, report };
    });
  } finally {
    await reference.close();
  }
}

test('24 hours are reached by moving the clock, and the report says so', async () => {
  const { result, report } = await lifetimeOf(MOVES);
  expect(result).toMatchObject({ verdict: 'pass' });
  expect(result?.notes).toEqual([
    'Held at 21.6 h; older keys were not tried.',
    'The test clock was moved by 28.7 h; ages beyond 10 s were not waited for.',
  ]);
  const moves = report.exchanges.filter(({ step }) => step === 'move the clock');
  expect(result?.hooks?.map(({ exchange }) => exchange)).toEqual(moves.map(({ n }) => n));
  expect(moves.length).toBeGreaterThan(3);
  expect(report.leftovers).toEqual([]);
});

test('keys that end early by the moved clock are found', async () => {
  const { result } = await lifetimeOf(MOVES, [], 600);
  expect(result).toMatchObject({ verdict: 'fail', findings: [{ code: 'expired-early' }] });
  expect(result?.message).toBe('Held at 310 s, gone at 660 s: lives [310 s, 660 s), promised 24 h.');
  expect(result?.notes.at(-1)).toContain('The test clock was moved by');
});

test('a hook that fails leaves the case open', async () => {
  const hooks = MOVES.replace('request: POST /admin/clock?seconds={{seconds}}', 'command: exit 4');
  const { result } = await lifetimeOf(hooks, ['--allow-commands']);
  expect(result).toMatchObject({ verdict: 'inconclusive' });
  expect(result?.reason).toBe('setup-hook');
  expect(result?.message).toBe('The hook clock could not be run: the command ended with 4.');
});

test('a clock that is moved nowhere lets nothing pass', async () => {
  const hooks = MOVES.replace('request: POST /admin/clock?seconds={{seconds}}', 'command: echo token=abc {{seconds}}');
  const { result } = await lifetimeOf(hooks, ['--allow-commands']);
  expect(result).toMatchObject({ verdict: 'inconclusive', reason: 'control-failed' });
  expect(result?.message).toContain('no key ended');
  expect(result?.hooks?.[0]?.output).toMatch(/^token=\S+ \d+$/);
});

test('a command that is not allowed is not run', async () => {
  const { result } = await lifetimeOf('hooks:\n  clock: { command: "exit 0" }\n');
  expect(result?.message).toBe('The hook clock could not be run: commands run only with --allow-commands.');
});
