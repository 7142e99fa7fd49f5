// `dist/`, which is what is published: the modules that tsc made in `build/`, joined into some forty that are loaded when they
// are needed, and one file of declarations of what the package exports. Classes and properties keep their names, which
// messages speak of; all else gets short ones. With `--names` functions keep theirs too, on the same lines: a stack trace
// from the published package is read against that.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { argv } from 'node:process';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { dts } from 'rolldown-plugin-dts';
import { parseAst } from 'rolldown/parseAst';

const BUILD = fileURLToPath(new URL('../build/', import.meta.url));
const DIST = fileURLToPath(new URL('../dist/', import.meta.url));

/** Of these `served-apart` is started by its place, beside the chunk `api`: the rest of the reference API. */
const ENTRIES = ['index', 'cli/main', 'reference/served-apart'];

/** The reference API is a chunk of its own, so that it is easily seen who loads it. */
const REFERENCE = { name: 'reference', test: /[\\/]build[\\/]reference[\\/](?!served-apart\.js)/ };

const NAMES = { function: argv.includes('--names'), class: true };

async function chunks() {
  const bundle = await rolldown({
    input: Object.fromEntries(ENTRIES.map(entry => [entry, join(BUILD, `${entry}.js`)])),
    platform: 'node',
    external: /^[^./]/,
  });
  const { output } = await bundle.generate({
    codeSplitting: { groups: [REFERENCE] },
    chunkFileNames: ({ name }) => (name === REFERENCE.name ? 'reference/api.js' : 'chunks/[name].js'),
    minifyInternalExports: false,
    minify: {
      compress: { target: 'es2023', joinVars: true, keepNames: NAMES },
      mangle: { keepNames: NAMES },
      codegen: { removeWhitespace: true },
    },
  });
  await bundle.close();
  return output;
}

/** A statement a line: a stack trace then leads to a function, and a crash does not print the whole file. */
function inLines(code) {
  const starts = parseAst(code).body.map(({ start }) => start);
  return starts.map((start, at) => `${code.slice(start, starts[at + 1]).trimEnd()}\n`).join('');
}

/** The declarations of what the package exports, without those that nothing of it leads to. */
async function declarations() {
  const bundle = await rolldown({
    input: { index: join(BUILD, 'index.d.ts') },
    external: /^[^./]/,
    plugins: [dts({ dtsInput: true, generator: 'oxc' })],
  });
  const { output } = await bundle.generate();
  await bundle.close();
  return output;
}

const files = [
  ...(await chunks()).map(({ fileName, code }) => [fileName, inLines(code)]),
  ...(await declarations()).map(({ fileName, code }) => [fileName, code]),
];
rmSync(DIST, { recursive: true, force: true });
for (const [name, text] of files) {
  const file = join(DIST, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
