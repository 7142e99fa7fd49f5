import { isAbsolute } from 'node:path';
import { SpecError } from '../core/errors.js';
import type { Spec } from '../core/spec.js';
import type { SpecFile } from '../generated/spec.js';
import type { Context } from './compile/operation.js';
import { compileSpec } from './compile/spec.js';
import type { Layer } from './contract.js';
import { isMembers, type Members } from './data.js';
import type { Draft } from './draft.js';
import { withEnvironment, type Environment } from './environment.js';
import { createMistakes, type Mistakes } from './mistakes.js';
import { complete, writtenNames } from './openapi/complete.js';
import { isApiDocument, openDocument } from './openapi/document.js';
import type { FetchText } from './openapi/fetch-references.js';
import { infer, type Inferred } from './openapi/infer.js';
import { isUrl, resolved } from './openapi/resolve.js';
import { asGuess, nearestProfile, type Signs } from './profiles/nearest.js';
import { ietf } from './profiles/ietf.js';
import { AUTO, profileByFlag, profileCalled, unknownProfile } from './profiles/registry.js';
import { checkFile } from './rules/check-file.js';
import { createRules } from './rules/rule-book.js';
import { readSource, type Source } from './source.js';
import { validate } from './validate.js';

export interface LoadOptions {
  readonly env: Environment;
  /** `--profile`; it wins over the file's. `null` = not given. */
  readonly profile: string | null;
  /** What sample bodies are made from. The same seed gives the same bodies. */
  readonly seed?: number;
  /** Gets the text at an address; left out, documents on the web are not read. */
  readonly fetchText?: FetchText;
}

/** What interpreting a text needs from outside. */
export interface Ports {
  readonly schema: () => unknown;
  /** The text of a file. Throws SpecError when it cannot be read. */
  readonly read: (file: string) => string;
}

/** A spec from its text: an idem-check file, or an OpenAPI document. Throws SpecError with every mistake in it. */
export function interpret(text: string, file: string, options: LoadOptions, ports: Ports): Spec {
  // A name nobody knows is told before the file is read.
  if (options.profile !== null && options.profile !== AUTO) profileByFlag(options.profile);
  const source = readSource(text, file);
  if (!isMembers(source.value)) {
    throw new SpecError([
      { location: source.locate([]), path: '', text: 'is no spec: it holds no object; start with "version: 1"' },
    ]);
  }
  if (isApiDocument(source.value)) {
    const draft: Draft = { ...inferredFrom(source, options, ports), kind: 'openapi', source };
    return compileSpec({ draft, ...chosen(options.profile, draft) });
  }
  return native(source, source.value, options, ports);
}

/** What an OpenAPI document alone says. Throws SpecError with every mistake in it, and for a text that is none. */
export function inferText(text: string, file: string, options: LoadOptions, ports: Ports): Inferred {
  const source = readSource(text, file);
  if (isApiDocument(source.value)) return inferredFrom(source, options, ports);
  throw new SpecError([
    {
      location: source.locate([]),
      path: '',
      text: 'is no OpenAPI document: it has neither "openapi" nor "swagger" with the version of the format',
    },
  ]);
}

function native(source: Source, value: Members, options: LoadOptions, ports: Ports): Spec {
  const mistakes = createMistakes(source);
  const schema = ports.schema();
  if (!isMembers(schema)) throw new TypeError('the schema of spec files is no object');
  const filled = withEnvironment(value, options.env, mistakes);
  const written = validate(isMembers(filled) ? filled : {}, source.value, schema, mistakes);
  const draft = draftOf(source, written, options, ports, mistakes);
  checkFile(draft.file, createRules(source.value, mistakes));
  const named = written.profile ?? null;
  if (named !== null && named !== AUTO && profileCalled(named) === undefined) {
    mistakes.add(['profile'], unknownProfile(named));
  }
  mistakes.throwIfAny();
  return compileSpec({ draft, ...chosen(options.profile ?? named, draft) });
}

/** The profile of a name. One that was guessed is no promise, and says why it was taken. */
function chosen(name: string | null, draft: Draft): Pick<Context, 'profile' | 'isChosen' | 'profileReason'> {
  if (name === null) return { profile: ietf, isChosen: false, profileReason: null };
  if (name !== AUTO) return { profile: profileByFlag(name), isChosen: true, profileReason: null };
  const { profile, why } = nearestProfile(traitsOf(draft));
  return { profile: asGuess(profile), isChosen: false, profileReason: why };
}

function traitsOf({ file, notes, about }: Draft): Signs {
  const layers: readonly Layer[] = [{ contract: file.contract }, ...[...notes.values()].map(({ layer }) => layer)];
  const keys = layers.flatMap(({ key, contract }) => {
    const said = key ?? contract?.key;
    if (typeof said !== 'object') return [];
    return [{ in: said.in ?? 'header', name: said.name ?? ietf.key.name, form: said.form ?? 'raw' } as const];
  });
  return { texts: [...about, ...(file.target?.url === undefined ? [] : [file.target.url])], keys };
}

/** What is written, completed from the document it points to. */
function draftOf(source: Source, written: SpecFile, options: LoadOptions, ports: Ports, mistakes: Mistakes): Draft {
  const plain: Draft = {
    file: written,
    kind: 'native',
    source,
    notes: new Map(),
    others: new Map(),
    about: [],
    inference: null,
  };
  if (written.openapi === undefined) {
    if (!hasMember(source.value, 'resources') && !hasMember(source.value, 'openapi')) {
      mistakes.add([], 'needs "resources", or "openapi" with a document they can be inferred from');
    }
    return plain;
  }
  const names = writtenNames(written);
  const inferred = documentOf(
    written.openapi,
    source,
    other => inferredFrom(other, options, ports, names),
    { ...ports, canFetch: options.fetchText !== undefined },
    mistakes,
  );
  return inferred === null ? plain : { ...plain, ...complete(written, inferred) };
}

function documentOf(
  place: string,
  source: Source,
  inferredIn: (document: Source) => Inferred,
  ports: Ports & { readonly canFetch: boolean },
  mistakes: Mistakes,
): Inferred | null {
  if (isUrl(place) && !ports.canFetch) {
    mistakes.add(['openapi'], 'remote documents are not read; download it and name the file');
    return null;
  }
  const file = isAbsolute(place) ? place : resolved(source.file, place);
  const text = readBeside(file, place, ports, mistakes);
  if (text === null) return null;
  try {
    const other = readSource(text, file);
    if (isApiDocument(other.value)) return inferredIn(other);
    mistakes.add(['openapi'], `${place} is no OpenAPI document: it has neither "openapi" nor "swagger"`);
  } catch (error) {
    if (!(error instanceof SpecError)) throw error;
    mistakes.addAll(error.mistakes);
  }
  return null;
}

/** The text of a document; a file that cannot be read is a mistake of the one that names it. */
function readBeside(file: string, place: string, ports: Ports, mistakes: Mistakes): string | null {
  try {
    return ports.read(file);
  } catch (error) {
    if (!(error instanceof SpecError)) throw error;
    for (const { text } of error.mistakes) mistakes.add(['openapi'], `${place}: ${text}`);
    return null;
  }
}

function inferredFrom(
  source: Source,
  { seed = 1 }: LoadOptions,
  ports: Ports,
  names: ReadonlyMap<string, string> = new Map(),
): Inferred {
  return infer(openDocument(source, ports.read), seed, names);
}

function hasMember(value: unknown, name: string): boolean {
  return isMembers(value) && Object.hasOwn(value, name);
}
