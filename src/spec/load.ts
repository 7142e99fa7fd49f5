import { isUtf8 } from 'node:buffer';
import { readFile, stat } from 'node:fs/promises';
import { SpecError } from '../core/errors.js';
import type { Spec } from '../core/spec.js';
import { isMembers } from './data.js';
import { withEnvironment, type Environment } from './environment.js';
import { createMistakes } from './mistakes.js';
import { buildSpec } from './native/build.js';
import { checkSemantics } from './native/semantics.js';
import { validate } from './native/validate.js';
import { ietfStrict } from './profiles/ietf-strict.js';
import { ietf } from './profiles/ietf.js';
import type { Profile } from './profiles/profile.js';
import { readSource } from './source.js';
import { didYouMean } from './suggest.js';

/** A larger file is a mistake, not a spec. */
const MOST_BYTES = 10 * 1024 * 1024;

const PROFILES: readonly Profile[] = [ietf, ietfStrict];

export interface LoadOptions {
  readonly env: Environment;
  /** `--profile`; it wins over the file's. */
  readonly profile: string | null;
}

/** Reads a spec file. Throws SpecError with every mistake in it. */
export async function loadSpec(file: string, options: LoadOptions): Promise<Spec> {
  return specFromText(await textOf(file), file, options);
}

/** A spec from its text; `file` is named in messages. Throws SpecError with every mistake in it. */
export function specFromText(text: string, file: string, options: LoadOptions): Spec {
  const source = readSource(text, file);
  const mistakes = createMistakes(source);
  if (!isMembers(source.value)) {
    mistakes.add([], 'is no spec: it holds a single value; start with "version: 1"');
    mistakes.throwIfAny();
  }
  const filled = withEnvironment(source.value, options.env, mistakes);
  if (validate(filled, mistakes)) {
    checkSemantics(filled, mistakes);
    const wanted = options.profile ?? filled.profile;
    const profile = PROFILES.find(({ name }) => name === (wanted ?? 'ietf'));
    if (profile === undefined) {
      const names = PROFILES.map(({ name }) => name);
      mistakes.add(
        ['profile'],
        `no profile is called "${wanted}"${didYouMean(String(wanted), names)} Known: ${names.join(', ')}`,
      );
    }
    mistakes.throwIfAny();
    if (profile !== undefined) {
      return buildSpec(filled, source, {
        profile,
        isChosen: wanted !== undefined,
        documented: new Map(),
        kind: 'native',
      });
    }
  }
  mistakes.throwIfAny();
  throw new SpecError([{ location: source.locate([]), path: '', text: 'could not be understood' }]);
}

async function textOf(file: string): Promise<string> {
  const bytes = await bytesOf(file);
  if (!isUtf8(bytes)) throw at(file, 'is not UTF-8 text');
  const text = bytes.toString('utf8').replace(/^\uFEFF/, '');
  if (text.trim() === '') throw at(file, 'the file is empty');
  return text;
}

async function bytesOf(file: string): Promise<Buffer> {
  try {
    const { size, isDirectory } = await describe(file);
    if (isDirectory) throw at(file, 'is a directory; name a file in it');
    if (size > MOST_BYTES) throw at(file, `is larger than ${MOST_BYTES / 1024 / 1024} MB`);
    return await readFile(file);
  } catch (error) {
    if (error instanceof SpecError) throw error;
    const code = error instanceof Error && 'code' in error ? error.code : null;
    if (code === 'ENOENT') throw at(file, 'there is no such file');
    if (code === 'EACCES' || code === 'EPERM') throw at(file, 'may not be read');
    throw error;
  }
}

async function describe(file: string): Promise<{ readonly size: number; readonly isDirectory: boolean }> {
  const found = await stat(file);
  return { size: found.size, isDirectory: found.isDirectory() };
}

function at(file: string, text: string): SpecError {
  return new SpecError([{ location: { file, line: 1, column: 1 }, path: '', text }]);
}
