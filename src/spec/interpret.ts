import { isAbsolute } from 'node:path';
import { SpecError, UsageError } from '../core/errors.js';
import type { Spec } from '../core/spec.js';
import type { SpecFile } from '../generated/spec.js';
import { compileSpec } from './compile/spec.js';
import { isMembers, type Members } from './data.js';
import type { Draft } from './draft.js';
import { withEnvironment, type Environment } from './environment.js';
import { createMistakes, type Mistakes } from './mistakes.js';
import { complete, writtenNames } from './openapi/complete.js';
import { isApiDocument, openDocument } from './openapi/document.js';
import type { FetchText } from './openapi/fetch-references.js';
import { infer, type Inferred } from './openapi/infer.js';
import { isUrl, resolved } from './openapi/resolve.js';
import { ietfStrict } from './profiles/ietf-strict.js';
import { ietf } from './profiles/ietf.js';
import type { Profile } from './profiles/profile.js';
import { checkFile } from './rules/check-file.js';
import { createRules } from './rules/rule-book.js';
import { readSource, type Source } from './source.js';
import { didYouMean } from './suggest.js';
import { validate } from './validate.js';

const PROFILES: readonly Profile[] = [ietf, ietfStrict];

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
  const fromFlag = options.profile === null ? null : profileByFlag(options.profile);
  const source = readSource(text, file);
  if (!isMembers(source.value)) {
    throw new SpecError([
      { location: source.locate([]), path: '', text: 'is no spec: it holds no object; start with "version: 1"' },
    ]);
  }
  if (isApiDocument(source.value)) {
    const draft: Draft = { ...inferredFrom(source, options, ports), kind: 'openapi', source };
    return compileSpec({ draft, profile: fromFlag ?? ietf, isChosen: fromFlag !== null });
  }
  return native(source, source.value, options, ports, fromFlag);
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

function native(source: Source, value: Members, options: LoadOptions, ports: Ports, fromFlag: Profile | null): Spec {
  const mistakes = createMistakes(source);
  const schema = ports.schema();
  if (!isMembers(schema)) throw new TypeError('the schema of spec files is no object');
  const filled = withEnvironment(value, options.env, mistakes);
  const written = validate(isMembers(filled) ? filled : {}, source.value, schema, mistakes);
  const draft = draftOf(source, written, options, ports, mistakes);
  checkFile(draft.file, createRules(source.value, mistakes));
  const named = written.profile === undefined ? null : profileCalled(written.profile);
  if (named === undefined) mistakes.add(['profile'], unknownProfile(written.profile ?? ''));
  mistakes.throwIfAny();
  const profile = fromFlag ?? named ?? null;
  return compileSpec({ draft, profile: profile ?? ietf, isChosen: profile !== null });
}

/** What is written, completed from the document it points to. */
function draftOf(source: Source, written: SpecFile, options: LoadOptions, ports: Ports, mistakes: Mistakes): Draft {
  const plain: Draft = { file: written, kind: 'native', source, notes: new Map(), others: new Map(), inference: null };
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

function profileCalled(name: string): Profile | undefined {
  return PROFILES.find(profile => profile.name === name);
}

function profileByFlag(name: string): Profile {
  const profile = profileCalled(name);
  if (profile === undefined) throw new UsageError(`--profile: ${unknownProfile(name)}`);
  return profile;
}

function unknownProfile(name: string): string {
  const names = PROFILES.map(profile => profile.name);
  const near = didYouMean(name, names);
  return `there is no profile "${name}"${near === '' ? `; known: ${names.join(', ')}` : near}`;
}

function hasMember(value: unknown, name: string): boolean {
  return isMembers(value) && Object.hasOwn(value, name);
}
