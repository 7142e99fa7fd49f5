import { existsSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { stringify } from 'yaml';
import { UsageError } from '../core/errors.js';
import { plural } from '../report/sentence.js';
import { loadInferred, specFromText } from '../spec/load.js';
import { isUrl } from '../spec/openapi/resolve.js';
import { writtenFile } from '../spec/openapi/written-file.js';
import { EXIT } from './exit.js';
import { fetchText } from './fetch-text.js';
import type { InitOptions } from './flags/options.js';
import type { Io } from './io.js';
import { writeWhole } from './write-whole.js';

/** Names under which a document is looked for when none is given. */
const USUAL = ['openapi', 'swagger', 'api/openapi', 'docs/openapi'].flatMap(name =>
  ['yaml', 'yml', 'json'].map(ending => `${name}.${ending}`),
);

/** `idem-check init`: writes an idem-check file, from a document or from a few questions. */
export async function init(document: string | undefined, { output, force }: InitOptions, io: Io): Promise<number> {
  const out = resolve(io.cwd, output);
  if (existsSync(out) && !force) throw new UsageError(`${output} is there already; --force replaces it`);
  const found = document ?? USUAL.find(name => existsSync(join(io.cwd, name)));
  const text = found === undefined ? await fromQuestions(io) : await fromDocument(found, document, out, io);
  await writeWhole(out, text);
  io.err(`wrote ${output}; next: idem-check plan ${output}\n`);
  return EXIT.ok;
}

async function fromDocument(found: string, given: string | undefined, out: string, io: Io): Promise<string> {
  const file = isUrl(found) ? found : given === undefined ? join(io.cwd, found) : found;
  const inferred = await loadInferred(file, { env: io.env, profile: null, fetchText });
  const { guesses, gaps } = inferred.inference;
  const resources = Object.keys(inferred.file.resources ?? {}).length;
  if (resources === 0) throw new UsageError(`${file}: describes no operation`);
  const gapText = gaps.length === 0 ? '' : `, ${plural(gaps.length, 'place')} to look at`;
  io.err(`${plural(resources, 'resource')} from ${found}, ${plural(guesses.length, 'guess', 'guesses')}${gapText}\n`);
  return writtenFile(inferred, isUrl(file) ? file : besides(out, resolve(file)));
}

/** The way to a document from the file that names it. */
function besides(out: string, file: string): string {
  const way = relative(dirname(out), file).replaceAll('\\', '/');
  return way.startsWith('.') ? way : `./${way}`;
}

async function fromQuestions({ ask, env }: Io): Promise<string> {
  if (ask === undefined) {
    throw new UsageError(
      'init asks its questions on a terminal; elsewhere name a document: idem-check init openapi.yaml',
    );
  }
  const url = await ask('The URL of a test system', 'http://127.0.0.1:8080');
  const create = await ask('The request that creates a record', 'POST /orders');
  const body = await ask('Its body, as JSON; {{marker}} where a text of ours may stand', '{"reference":"{{marker}}"}');
  const key = await ask('The header of the idempotency key (- for none)', 'Idempotency-Key');
  const path = create.split(/\s+/)[1] ?? '/orders';
  const read = await ask('The request that reads one (- for none)', `GET ${path}/{id}`);
  const list = await ask('The request that lists them (- for none)', `GET ${path}`);
  const remove = await ask('The request that deletes one (- for none)', `DELETE ${path}/{id}`);
  const name = (path.split('/').findLast(part => /^[A-Za-z]/.test(part)) ?? 'record').replace(/s$/, '');
  const is = (answer: string) => answer !== '' && answer !== '-';
  const text = stringify({
    version: 1,
    target: { url },
    ...(is(key) ? { contract: { key: { in: 'header', name: key } } } : {}),
    resources: {
      [name]: {
        create: { request: create, body: jsonOf(body) },
        ...(is(list) ? { list } : {}),
        ...(is(read) ? { read } : {}),
        ...(is(remove) ? { delete: remove } : {}),
      },
    },
  });
  specFromText(text, 'your answers', { env, profile: null });
  return `# yaml-language-server: $schema=https://unpkg.com/idem-check/schema/idem-check.schema.json\n${text}`;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new UsageError(`"${text}" is no JSON`);
  }
}
