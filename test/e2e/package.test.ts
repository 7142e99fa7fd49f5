import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

interface Packed {
  readonly size: number;
  readonly unpackedSize: number;
  readonly files: readonly { readonly path: string }[];
}

/** What `npm pack` would put into the package, without building it again: `npm test` did. */
function packed(): Packed {
  const described = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    cwd: fileURLToPath(new URL('../../', import.meta.url)),
    shell: process.platform === 'win32',
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  // A list or, in later releases of npm, an object by name: of one package.
  const [one] = Object.values<Packed>(JSON.parse(described));
  if (one === undefined) throw new Error(`npm packed nothing: ${described}`);
  return one;
}

const { size, unpackedSize, files } = packed();
const paths = files.map(({ path }) => path);

test('the package is small', () => {
  expect(size).toBeLessThanOrEqual(332_000);
  expect(unpackedSize).toBeLessThanOrEqual(1_080_000);
});

test('it holds what is run, imported or read, and nothing else', () => {
  const top = new Set(paths.map(path => path.split('/', 1)[0] ?? ''));
  expect([...top].toSorted()).toEqual(['LICENSE', 'README.md', 'bin', 'dist', 'package.json', 'schema']);
});

test('declarations are there for what is exported, and nothing is there to look at it with', () => {
  expect(paths.filter(path => path.endsWith('.ts'))).toEqual(['dist/index.d.ts']);
  expect(paths.filter(path => path.endsWith('.map'))).toEqual([]);
});
