import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './linting.js';

/** The columns of ARCHITECTURE.md's tables that say what may be used. */
const COLUMNS = ['imports', 'packages', 'node', 'globals'] as const;

export type Column = (typeof COLUMNS)[number];

/** One word of one row: what a folder or file may use beyond what the rows above it say. */
export interface Allowance {
  readonly place: string;
  readonly column: Column;
  readonly word: string;
}

/** The tables of folders, cell by cell; read here apart from the linter, which has a reader of its own. */
const tables = readFileSync(join(ROOT, 'ARCHITECTURE.md'), 'utf8')
  .split('\n\n')
  .filter(part => part.startsWith('| folder |'))
  .map(part => part.split('\n').map(cellsOf));

function cellsOf(line: string): readonly string[] {
  const plain = line.replaceAll('`', '').replaceAll(/\([^)]*\)/g, '');
  return plain.split('|').map(cell => cell.trim());
}

/** Every folder and file that has a row, each once. */
export const places: readonly string[] = [
  ...new Set(tables.flatMap(([, , ...rows]) => rows.map(([, place = '']) => place))),
];

/** Every word of every row. */
export const allowances: readonly Allowance[] = tables.flatMap(([head = [], , ...rows]) =>
  COLUMNS.filter(column => head.includes(column)).flatMap(column =>
    rows.flatMap(row => {
      const words = (row[head.indexOf(column)] ?? '').split(' ').filter(word => !['', '-'].includes(word));
      return words.map(word => ({ place: row[1] ?? '', column, word }));
    }),
  ),
);

/** Whether a path is a place, or lies in it. */
export function isWithin(path: string, place: string): boolean {
  return path === place || path.startsWith(`${place}/`);
}

/** Whether the rows that hold for a file let it use something. */
export function isAllowed(file: string, column: Column, word: string): boolean {
  const own = allowances.filter(one => one.column === column && isWithin(file, one.place)).map(one => one.word);
  return own.includes(word) || (column === 'imports' && own.includes('everything'));
}
