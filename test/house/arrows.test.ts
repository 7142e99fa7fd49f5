import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { allowances, isAllowed, isWithin, places } from '../support/house.js';
import { createLintable, ROOT, type Complaint } from '../support/linting.js';
import { boundGlobals, freeGlobals, textOf, usesFrom } from '../support/uses.js';

const lintable = createLintable();
afterAll(() => lintable.remove());

function arrowsIn(files: Readonly<Record<string, string>>): readonly Complaint[] {
  lintable.write(files);
  return lintable.lint().filter(({ rule }) => rule === 'house(arrows)');
}

describe('of all that there is, a file may use what its rows say, and nothing else', () => {
  // What is generated is not linted.
  const files = [...places, 'src/unheard-of']
    .filter(place => place !== 'src/generated')
    .map(place => (place.endsWith('.ts') ? place : `${place}/deep/probe.ts`));
  const probes = files.map(file => [file, usesFrom(file)] as const);
  const complaints = arrowsIn(Object.fromEntries(probes.map(([file, uses]) => [file, textOf(uses)])));

  test.each(probes)('%s', (file, uses) => {
    const refused = new Set(complaints.filter(one => one.file === file).map(({ line }) => line));
    const wrong = uses.filter(({ column, word }, at) => refused.has(at + 1) === isAllowed(file, column, word));
    expect(wrong.map(({ text }) => text)).toEqual([]);
    expect(refused.size).toBeGreaterThan(500);
  });
});

describe('how a thing is used decides where its name does not', () => {
  const NEVER: readonly string[] = [
    'export const a = Date.now();',
    'export const a = new Date();',
    'export const a = new Date(...[]);',
    'export const a = Date();',
    "export const a = Date['now']();",
    'export const a = Date;',
    'const { now } = Date;\nexport const a = now();',
    'export const a = Math.random();',
    'const { random } = Math;\nexport const a = random();',
    'export const a = AbortSignal.timeout(1);',
    'const { timeout } = AbortSignal;\nexport const a = timeout(1);',
    'export const a = globalThis.process;',
    'export const a = import.meta.url;',
    'export const a = (name: string) => import(name);',
    'export const a = () => import(`node:fs`);',
    "export const a = require('node:fs');",
    'export const a = (b: Buffer) => b;',
    'export const a = (b: NodeJS.Timeout) => b;',
    "export const a = typeof process === 'undefined';",
    "import { a as b } from '../core/../engine/run.js';\nexport const a = b;",
    "import { a as b } from '../../package.json';\nexport const a = b;",
  ];
  const ALWAYS: readonly string[] = [
    'export const a = new Date(0).getTime();',
    "export const a = Date.parse('2026-01-01');",
    'export const a = Date.UTC(2026, 0);',
    'export const a = (b: Date) => b;',
    'export const a = (b: unknown) => b instanceof Date;',
    'export const a = Math.max(1, 2);',
    'export const a = (b: AbortSignal) => b.aborted;',
    'export const a = new.target;',
    'const process = 1;\nexport const a = process;',
    'export const a = (fetch: () => void) => fetch();',
    'export const a = (b: { process: number }) => b.process;',
    'export const a = { process: 1 };',
    "import { a as b } from './engine/run.js';\nexport const a = b;",
    "import { a as b } from '../core/deep/engine/run.js';\nexport const a = b;",
  ];
  const all = [...NEVER, ...ALWAYS];
  const complaints = arrowsIn(Object.fromEntries(all.map((text, at) => [`src/core/probe${at}.ts`, text])));
  const refusedAt = (text: string) => complaints.filter(({ file }) => file === `src/core/probe${all.indexOf(text)}.ts`);

  test.each(NEVER)('not in core: %s', text => {
    expect(refusedAt(text)).toHaveLength(1);
  });

  test.each(ALWAYS)('everywhere: %s', text => {
    expect(refusedAt(text)).toEqual([]);
  });
});

test('the language is free, and nobody has the machine by default', () => {
  const free = freeGlobals();
  const uses = free.map(
    name => `export const ${name}1 = ${name === 'Date' || name === 'Math' ? `${name}.b` : name};\n`,
  );
  const text = uses.join('').replace('Date.b', 'Date.UTC');
  expect(free.length).toBeGreaterThan(40);
  expect(arrowsIn({ 'src/core/a.ts': text })).toEqual([]);
  expect(boundGlobals()).toEqual(
    expect.arrayContaining(['process', 'console', 'fetch', 'setTimeout', 'Buffer', 'eval']),
  );
});

test('a rule that cannot be read fails, and does not pass for one that is kept', () => {
  const house = readFileSync(join(ROOT, 'ARCHITECTURE.md'), 'utf8');
  const broken = ['', house.replace('| packages |', '| parcels |'), house.replace('| `src/core` |', '| `src/plan` |')];
  for (const text of broken) {
    const own = createLintable(text);
    own.write({ 'src/core/a.ts': 'export const a = 1;\n' });
    expect(() => own.lint()).toThrow('ARCHITECTURE.md');
    own.remove();
  }
});

describe('the tables say nothing in vain', () => {
  const everyPart = readdirSync(join(ROOT, 'src')).map(name => `src/${name}`);

  test('a row for each part of src, and none for what is not there', () => {
    expect(everyPart.filter(part => !places.includes(part))).toEqual([]);
    expect(places.filter(place => !existsSync(join(ROOT, place)))).toEqual([]);
  });

  test('no word for what the rows above allow', () => {
    const again = allowances.filter(({ place, column, word }) =>
      allowances.some(
        other =>
          other.place !== place && isWithin(place, other.place) && other.column === column && other.word === word,
      ),
    );
    expect(again).toEqual([]);
  });

  test('no allowance that nobody uses', () => {
    const used = usedInSource();
    const unused = allowances.filter(
      ({ place, column, word }) =>
        word !== 'everything' && !used.some(one => isWithin(one.file, place) && one.name === written(column, word)),
    );
    expect(unused).toEqual([]);
  });
});

/** What each file of src uses, as the linter names it when nothing is allowed. */
function usedInSource(): readonly { readonly file: string; readonly name: string }[] {
  const rows = places.map(place => `| \`${place}\` | - | - | - | - |\n`).join('');
  const strict = createLintable(`| folder | imports | packages | node | globals |\n|---|---|---|---|---|\n${rows}`);
  const files = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' }).filter(name =>
    name.endsWith('.ts'),
  );
  strict.write(Object.fromEntries(files.map(name => [`src/${name}`, readFileSync(join(ROOT, 'src', name), 'utf8')])));
  const found = strict.lint().filter(({ rule }) => rule === 'house(arrows)');
  strict.remove();
  return found.map(({ file, message }) => ({ file, name: /may not use "(.+?)"/.exec(message)?.[1] ?? message }));
}

function written(column: string, word: string): string {
  if (column === 'imports') return `src/${word}`;
  return column === 'node' ? `node:${word}` : word;
}
