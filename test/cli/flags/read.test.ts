import { spawnSync } from 'node:child_process';
import { cpSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { FLAGS } from '../../../src/cli/flags/table.js';
import { inFolder } from '../../support/folder.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** The type every type of options is made from, and the same with no option in it. */
const VALUES = 'export type Values<Name extends keyof Flags> = { readonly [Each in Name]: ';
const NO_VALUES = VALUES.replace('in Name]', 'in Name & never]');

/** The one place that reads `--h2c`, taken out: what must be found. */
const READER = { file: 'src/cli/conduct.ts', text: 'h2c: options.h2c,', without: 'h2c: false,' };

/** What the compiler says of the sources when no option has a name: every place that reads one is an error. */
function readers(): Promise<string> {
  return inFolder(async folder => {
    for (const name of ['src', 'package.json', 'tsconfig.json']) {
      cpSync(join(root, name), join(folder, name), { recursive: true });
    }
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    replace(join(folder, 'src/cli/flags/options.ts'), VALUES, NO_VALUES);
    replace(join(folder, READER.file), READER.text, READER.without);
    const tsc = join(root, 'node_modules/.bin/tsc');
    const argv = ['--noEmit', '--noErrorTruncation', '--rootDir', 'src', '-p', '.'];
    return spawnSync(tsc, argv, { cwd: folder, encoding: 'utf8' }).stdout;
  });
}

function replace(file: string, text: string, by: string): void {
  const whole = readFileSync(file, 'utf8');
  expect(whole.split(text)).toHaveLength(2);
  writeFileSync(file, whole.replace(text, by));
}

/** The options that no place reads: neither by their name nor by a name that is put together. */
function unread(names: readonly string[], described: string): readonly string[] {
  const read = described.split('\n').flatMap(line => {
    const single = /error TS2(?:339|551): Property '(\w+)' does not exist/.exec(line)?.[1];
    const several = /error TS7053: .*? expression of type '(.*?)' can't be used/.exec(line)?.[1];
    return [...(single === undefined ? [] : [single]), ...(several?.match(/\w+/g) ?? [])];
  });
  return names.filter(name => !read.includes(name));
}

test('every option of the table is read somewhere, and one that is not is found', { timeout: 180_000 }, async () => {
  expect(unread(Object.keys(FLAGS), await readers())).toEqual(['h2c']);
});
