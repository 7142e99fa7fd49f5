import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { startReference } from '../../src/reference/serve.js';
import { specText } from '../../src/reference/spec-text.js';
import { inFolder, written } from '../support/folder.js';

// The command as it is installed: `npm test` builds it first.
const bin = fileURLToPath(new URL('../../bin/idem-check.js', import.meta.url));

interface Loaded {
  readonly code: number | null;
  /** The packages of others. */
  readonly packages: readonly string[];
  /** Whether modules of the reference API are among them. */
  readonly hasReference: boolean;
}

/**
 * What a command loads, threads included: V8 tells each module that it compiled when it measures coverage. A command that
 * serves is ended once it has printed a line.
 */
async function loadedBy(folder: string, argv: readonly string[]): Promise<Loaded> {
  const described = join(folder, `loaded by ${argv[0]}`);
  const env = { ...process.env, NODE_V8_COVERAGE: described };
  const child = spawn(process.execPath, [bin, ...argv], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  child.stdout.on('data', () => argv[0] === 'serve' && child.kill());
  const code = await new Promise<number | null>(resolve => child.once('close', resolve));
  const urls = readdirSync(described).flatMap(file => {
    const { result } = JSON.parse(readFileSync(join(described, file), 'utf8')) as {
      result: readonly { url: string }[];
    };
    return result.map(({ url }) => url);
  });
  expect(urls).toContain(new URL('../../dist/cli/main.js', import.meta.url).href);
  const packages = urls.map(url => /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url)?.[1] ?? '');
  return {
    code,
    packages: [...new Set(packages)].filter(name => name !== '').toSorted(),
    hasReference: urls.some(url => url.includes('/dist/reference/')),
  };
}

test('the version and the help cost next to nothing', async () => {
  await inFolder(async folder => {
    expect(await loadedBy(folder, ['--version'])).toEqual({ code: 0, packages: [], hasReference: false });
    expect(await loadedBy(folder, ['--help'])).toEqual({
      code: 0,
      packages: ['commander', 'leven'],
      hasReference: false,
    });
  });
});

test('what lists and explains loads nothing that reads or sends', async () => {
  await inFolder(async folder => {
    for (const argv of [['list'], ['explain', 'delete-repeat']]) {
      const { code, packages, hasReference } = await loadedBy(folder, argv);
      expect([code, hasReference]).toEqual([0, false]);
      expect(packages.filter(name => ['ajv', 'hono', 'undici', 'xmlbuilder2', 'yaml'].includes(name))).toEqual([]);
    }
  });
});

test('what plans and runs loads nothing of the reference API, and the writer of XML when it is asked for', async () => {
  const reference = await startReference({ mounts: [{ prefix: '', flaw: null, choices: {} }] });
  try {
    await inFolder(async folder => {
      const text = specText([{ prefix: '', suffix: '', flaw: null, choices: {}, resources: ['order'] }]);
      const spec = written(folder, 'idem-check.yaml', text);
      const run = ['run', spec, '--url', reference.url, '--checks', 'key-replay-no-duplicate'];
      for (const argv of [['plan', spec], run]) {
        const { code, packages, hasReference } = await loadedBy(folder, argv);
        expect([code, hasReference]).toEqual([0, false]);
        expect(packages.filter(name => name === 'xmlbuilder2' || name.includes('hono'))).toEqual([]);
        expect(packages).toContain('yaml');
      }
    });
  } finally {
    await reference.close();
  }
});

test('what serves loads the reference API', async () => {
  await inFolder(async folder => {
    const { packages, hasReference } = await loadedBy(folder, ['serve']);
    expect(hasReference).toBe(true);
    expect(packages).toEqual(expect.arrayContaining(['@hono/node-server', 'hono']));
  });
});
