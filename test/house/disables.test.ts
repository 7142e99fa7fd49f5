import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ROOT } from '../support/linting.js';

/** A comment that turns a rule off; it is to be followed by the rules it means, and by the reason. */
const COMMENT = /\b(?:oxlint|eslint)-disable(?:-next-line|-line)?\b(.*)$|@ts-(?:ignore|expect-error|nocheck)\b(.*)$/;

/** What is wrong with a line that turns a rule off; `null` when nothing is, or when it turns none off. */
function complaintOf(line: string): string | null {
  const comment = COMMENT.exec(line);
  if (comment === null) return null;
  const [rules = '', reason = ''] = (comment[1] ?? `ts ${comment[2] ?? ''}`).split(/\s--\s(.*)/);
  if (!/^\s*[a-z]/.test(rules)) return 'names no rule';
  if (rules.includes('house/')) return 'is what a row of ARCHITECTURE.md is for';
  return reason.replace(/\W+/g, '').length < 10 ? 'gives no reason' : null;
}

const files = ['src', 'test', 'bin', 'scripts', 'bench'].flatMap(folder =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter(name => /\.[cm]?[jt]s$/.test(name))
    .map(name => `${folder}/${name}`)
    .filter(name => !name.startsWith('src/generated/') && name !== 'test/house/disables.test.ts'),
);

test('who turns a rule off says which and why', () => {
  const wrong = files.flatMap(file =>
    readFileSync(join(ROOT, file), 'utf8')
      .split('\n')
      .flatMap((line, at) => {
        const complaint = complaintOf(line);
        return complaint === null ? [] : [`${file}:${at + 1} ${complaint}: ${line.trim()}`];
      }),
  );
  expect(wrong).toEqual([]);
  expect(files.length).toBeGreaterThan(500);
});

describe('of a comment', () => {
  test.each([
    ['// oxlint-disable-next-line no-control-regex -- they are what is looked for', null],
    ['/* oxlint-disable max-lines -- a list, two lines an entry */', null],
    ['// @ts-expect-error -- a misspelt code must not compile', null],
    ['const a = 1; // plain', null],
    ['// oxlint-disable-next-line no-control-regex', 'gives no reason'],
    ['// oxlint-disable-next-line no-control-regex -- ', 'gives no reason'],
    ['/* eslint-disable max-lines -- yes */', 'gives no reason'],
    ['const a = 1; // oxlint-disable-line no-var', 'gives no reason'],
    ['// @ts-ignore', 'gives no reason'],
    ['/* oxlint-disable */', 'names no rule'],
    ['/* oxlint-disable -- all of this file is odd */', 'names no rule'],
    [
      '// oxlint-disable-next-line house/arrows -- core needs the clock here',
      'is what a row of ARCHITECTURE.md is for',
    ],
  ])('%s', (line, complaint) => {
    expect(complaintOf(line)).toBe(complaint);
  });
});
