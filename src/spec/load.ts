import { isUtf8 } from 'node:buffer';
import { readFileSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { SpecError } from '../core/errors.js';
import type { RecordedContract } from '../core/observed-contract.js';
import type { Spec } from '../core/spec.js';
import { isMembers, type Members } from './data.js';
import { inferText, interpret, type LoadOptions, type Ports } from './interpret.js';
import { fetchReferences, type Fetched } from './openapi/fetch-references.js';
import type { Inferred } from './openapi/infer.js';
import { isUrl } from './openapi/resolve.js';
import { readRecorded } from './recorded/read.js';

export type { LoadOptions } from './interpret.js';

/** A larger file is a mistake, not a spec. */
const MOST_BYTES = 10 * 1024 * 1024;

/**
 * Reads an idem-check file or an OpenAPI document. Throws SpecError with every mistake in it. This module and `find` are
 * the only ones here that read files.
 */
export async function loadSpec(file: string, options: LoadOptions): Promise<Spec> {
  const { text, ports } = await opened(file, options);
  return interpret(text, file, options, ports);
}

/** What an OpenAPI document alone says, in the native format. Throws SpecError as `loadSpec` does. */
export async function loadInferred(file: string, options: LoadOptions): Promise<Inferred> {
  const { text, ports } = await opened(file, options);
  return inferText(text, file, options, ports);
}

/** The same from its text; `file` is named in messages, and documents it refers to are read beside it. */
export async function loadSpecText(text: string, file: string, options: LoadOptions): Promise<Spec> {
  const { ports } = await openedText(text, file, options);
  return interpret(text, file, options, ports);
}

interface Opened {
  readonly text: string;
  readonly ports: Ports;
}

async function opened(file: string, options: LoadOptions): Promise<Opened> {
  return openedText(isUrl(file) ? null : await textOf(file), file, options);
}

/** A text with everything on the web that it refers to; `null` = its own text lies there too. */
async function openedText(text: string | null, file: string, { fetchText }: LoadOptions): Promise<Opened> {
  const address = text === null ? file : addressIn(text);
  if (address === null || fetchText === undefined) {
    if (text === null) throw refusal(file, 'is an address, and nothing is fetched here; download it and name the file');
    return { text, ports: { schema, read } };
  }
  const fetched = await fetchReferences(address, fetchText);
  const readAny = (name: string) => (isUrl(name) ? fetchedText(name, fetched) : read(name));
  return { text: text ?? readAny(new URL(file).href), ports: { schema, read: readAny } };
}

/** The address of the document an idem-check file points to, where it lies on the web. */
function addressIn(text: string): string | null {
  const found = /^\s*["']?openapi["']?\s*:\s*["']?(https?:\/\/[^"'\s,#]+)/im.exec(text)?.[1];
  return found !== undefined && URL.canParse(found) ? found : null;
}

function fetchedText(url: string, fetched: ReadonlyMap<string, Fetched>): string {
  const found = fetched.get(url);
  if (found === undefined) throw refusal(url, 'was not fetched');
  if ('trouble' in found) throw refusal(url, found.trouble);
  return found.text;
}

/**
 * A spec from the text of an idem-check file or an OpenAPI document; `file` is named in messages, and documents it refers
 * to are read beside it. Throws SpecError with every mistake in it.
 */
export function specFromText(text: string, file: string, options: LoadOptions): Spec {
  return interpret(text, file, options, { schema, read });
}

/** Reads the contract an earlier run recorded. Throws SpecError with every mistake in it. */
export async function loadRecorded(file: string): Promise<RecordedContract> {
  return recordedFromText(await textOf(file), file);
}

/** The same from its text; `file` is named in messages. */
export function recordedFromText(text: string, file: string): RecordedContract {
  return readRecorded(text, file, recordedSchema());
}

/** The schema of contract files, with the definitions it has from that of specs in it. */
function recordedSchema(): Members {
  const published = readFileSync(new URL('../../schema/contract.schema.json', import.meta.url), 'utf8');
  const own: unknown = JSON.parse(published.replaceAll('idem-check.schema.json#/', '#/'));
  const spec: unknown = schema();
  const definitionsOf = (document: unknown) => (isMembers(document) ? document['definitions'] : {});
  return {
    ...(own as Members),
    definitions: { ...(definitionsOf(spec) as Members), ...(definitionsOf(own) as Members) },
  };
}

/** The schema that is published with the package, two levels above both `src/spec` and `dist/spec`. */
function schema(): unknown {
  return JSON.parse(readFileSync(new URL('../../schema/idem-check.schema.json', import.meta.url), 'utf8'));
}

function read(file: string): string {
  try {
    return decoded(readFileSync(file), file);
  } catch (error) {
    throw explained(error, file);
  }
}

async function textOf(file: string): Promise<string> {
  try {
    const handle = await open(file, 'r');
    try {
      return decoded(await bytesOf(handle, file), file);
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw explained(error, file);
  }
}

/** At most so many bytes of a file, however long it is or says it is. */
async function bytesOf(handle: FileHandle, file: string): Promise<Buffer> {
  const found = await handle.stat();
  if (found.isDirectory()) throw refusal(file, 'is a directory; name a file in it');
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of handle.createReadStream({ autoClose: false })) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > MOST_BYTES) throw refusal(file, `is larger than ${MOST_BYTES / 1024 / 1024} MB`);
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}

function decoded(bytes: Buffer, file: string): string {
  if (bytes.length > MOST_BYTES) throw refusal(file, `is larger than ${MOST_BYTES / 1024 / 1024} MB`);
  if (isUtf8(bytes)) return bytes.toString('utf8');
  throw refusal(file, 'is not UTF-8 text');
}

const TROUBLES: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  EISDIR: 'is a directory; name a file in it',
  EACCES: 'may not be read',
  EPERM: 'may not be read',
  ENAMETOOLONG: 'the name is too long for a file',
  ELOOP: 'is a symbolic link that leads to itself',
};

function explained(error: unknown, file: string): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (error instanceof SpecError || code === '') return error;
  return refusal(file, TROUBLES[code] ?? `could not be read (${code})`);
}

function refusal(file: string, text: string): SpecError {
  return new SpecError([{ location: { file, line: 1, column: 1 }, path: '', text }]);
}
