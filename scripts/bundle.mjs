// `dist/`, which is what is published: the modules that tsc made in `build/`, joined into some forty that are loaded when they
// are needed, and the declarations of what the package exports. Functions, classes and properties keep their names, which
// stack traces and messages speak of; other variables get short ones.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { parseAst } from 'rolldown/parseAst';

const BUILD = fileURLToPath(new URL('../build/', import.meta.url));
const DIST = fileURLToPath(new URL('../dist/', import.meta.url));

/** Of these `served-apart` is started by its place, beside the chunk `api`: the rest of the reference API. */
const ENTRIES = ['index', 'cli/main', 'reference/served-apart'];

/** The reference API is a chunk of its own, so that it is easily seen who loads it. */
const REFERENCE = { name: 'reference', test: /[\\/]build[\\/]reference[\\/](?!served-apart\.js)/ };

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
      compress: { target: 'es2023', joinVars: true, keepNames: { function: true, class: true } },
      mangle: { keepNames: true },
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

/** The declarations of a module and, with them, those they import. */
function declarations(module, found = new Map()) {
  if (found.has(module)) return found;
  const text = readFileSync(join(BUILD, module), 'utf8');
  found.set(module, text);
  for (const [, imported] of text.matchAll(/(?:from |import\()['"](\.[^'"]+)\.js['"]/g)) {
    declarations(join(dirname(module), `${imported}.d.ts`), found);
  }
  return found;
}

const files = [
  ...(await chunks()).map(({ fileName, code }) => [fileName, inLines(code)]),
  ...[...declarations('index.d.ts')].map(([module, text]) => [join('types', module), text]),
];
rmSync(DIST, { recursive: true, force: true });
for (const [name, text] of files) {
  const file = join(DIST, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
