import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join, posix } from 'node:path';
import { runInNewContext } from 'node:vm';
import type { Column } from './house.js';
import { ROOT } from './linting.js';

/** Something a file could use, written one way, on one line; `$` stands for a name of its own. */
export interface Use {
  readonly column: Column;
  readonly word: string;
  readonly text: string;
}

/** What the language has that is not free to all: what shows the machine, or runs text. */
const NOT_FREE =
  'globalThis eval Function Intl WebAssembly SharedArrayBuffer Atomics WeakRef FinalizationRegistry console escape unescape';

const TIMERS = 'setTimeout setInterval setImmediate clearTimeout clearInterval clearImmediate queueMicrotask'.split(
  ' ',
);

/** Globals that a row names by what they give. */
const KINDS: Readonly<Record<string, string>> = {
  ...Object.fromEntries(TIMERS.map(name => [name, 'timers'])),
  performance: 'clock',
  crypto: 'random',
};

/** Every global of the language that is free, as an empty machine has them. */
export function freeGlobals(): readonly string[] {
  const language: readonly string[] = runInNewContext('Object.getOwnPropertyNames(globalThis)');
  return language.filter(name => !NOT_FREE.split(' ').includes(name));
}

/** Every global of this machine that is not; and those a module written in another way would find. */
export function boundGlobals(): readonly string[] {
  const free = freeGlobals();
  const found = [...NOT_FREE.split(' '), ...Object.getOwnPropertyNames(globalThis), 'require', 'module', '__dirname'];
  // The test runner adds some of its own; what AbortSignal counts as is in how it is used.
  const left = [...free, 'AbortSignal'];
  return [...new Set(found)].filter(
    name => /^(__dirname|[A-Za-z]\w*)$/.test(name) && !left.includes(name) && !/vitest|vite_/i.test(name),
  );
}

/** All that a file could use of ours, of packages, of node and of the machine, in every way it could be written. */
export function usesFrom(file: string): readonly Use[] {
  const own = file.split('/')[1];
  const parts = readdirSync(join(ROOT, 'src')).filter(name => name !== own);
  return [
    ...parts.flatMap(word => imports('imports', word, [pathTo(file, word)])),
    ...packages().flatMap(word => imports('packages', word, [word, `${word}/deep.js`])),
    ...builtinModules.filter(name => !name.startsWith('_')).flatMap(word => imports('node', word, [`node:${word}`])),
    ...boundGlobals().flatMap(globalUses),
  ];
}

/** The text of a file that has one use on each line. */
export function textOf(uses: readonly Use[]): string {
  return uses.map(({ text }, at) => `${text.replace('$', () => `own${at}`)}\n`).join('');
}

function pathTo(file: string, part: string): string {
  const target = part.endsWith('.ts') ? part.replace(/\.ts$/, '.js') : `${part}/deep/b.js`;
  const path = posix.relative(posix.dirname(file), `src/${target}`);
  return path.startsWith('.') ? path : `./${path}`;
}

function packages(): readonly string[] {
  const { dependencies, devDependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as Readonly<
    Record<'dependencies' | 'devDependencies', Readonly<Record<string, string>>>
  >;
  return [...Object.keys({ ...dependencies, ...devDependencies }), 'fs', 'unheard-of', '@unheard/of'];
}

function imports(column: Column, word: string, specifiers: readonly string[]): readonly Use[] {
  const texts = specifiers.flatMap(from => [
    `import '${from}';`,
    `import { a as $ } from '${from}';`,
    `import type { a as $ } from '${from}';`,
    `import $ = require('${from}');`,
    `export { a as $ } from '${from}';`,
    `export type { a as $ } from '${from}';`,
    `export * from '${from}';`,
    `export const $ = () => import('${from}');`,
    `export type $ = import('${from}').B;`,
    `export const $ = (b: typeof import('${from}')) => b;`,
  ]);
  return texts.map(text => ({ column, word, text }));
}

function globalUses(name: string): readonly Use[] {
  const texts = [
    `export const $ = ${name};`,
    `export const $ = ${name}.b();`,
    `export const $ = (b: typeof ${name}) => b;`,
  ];
  return texts.map(text => ({ column: 'globals', word: KINDS[name] ?? name, text }));
}
