import { afterAll, expect, test } from 'vitest';
import { createLintable } from './support/linting.js';

const lintable = createLintable();
afterAll(() => lintable.remove());

/** The rules that files at places in the tree break. */
function broken(files: Readonly<Record<string, string>>): readonly string[] {
  lintable.write(files);
  return lintable.lint().map(({ rule }) => rule);
}

test('a cycle is refused', () => {
  const cycle = {
    'src/spec/a.ts': "import { b } from './b.ts';\nexport const a = () => b;\n",
    'src/spec/b.ts': "import { a } from './a.ts';\nexport const b = () => a;\n",
  };
  expect(broken(cycle)).toContain('import(no-cycle)');
});

test.each([
  ['any', 'export const a: any = 1;\n', 'typescript(no-explicit-any)'],
  ['!', 'export const a = (b: string | null) => b!.length;\n', 'typescript(no-non-null-assertion)'],
])('%s is refused', (_name, text, rule) => {
  expect(broken({ 'src/spec/a.ts': text })).toEqual([rule]);
});

const lines = (count: number) => 'export {};\n'.repeat(count);
const functionOf = (count: number) => `export function a() {\n${'  a();\n'.repeat(count - 2)}}\n`;

test.each([
  ['a file of 300 lines', lines(300), []],
  ['a file of 301', lines(301), ['eslint(max-lines)']],
  ['a file of 301, some of them empty', `${lines(299)}\n\n`, ['eslint(max-lines)']],
  ['a function of 60', functionOf(60), []],
  ['a function of 61', functionOf(61), ['eslint(max-lines-per-function)']],
])('%s', (_name, text, rules) => {
  expect(broken({ 'src/spec/a.ts': text })).toEqual(rules);
});
