import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import type { SpecFile } from '../generated/spec.js';
import { at, isMembers, member, type Members } from './data.js';
import type { Mistakes } from './mistakes.js';
import { pathText } from './mistakes.js';
import type { Path } from './source.js';
import { didYouMean } from './suggest.js';

/** Rounds of leaving out what does not fit; each brings the rest closer to the schema. */
const MOST_ROUNDS = 50;

/**
 * Holds a document against the published schema. Every mistake goes to the list; what comes back is the document without
 * what does not fit, so that the rest can be looked at as well. `raw` is the document before variables were filled in:
 * messages quote from it, because what comes from the environment may be a secret.
 */
export function validate(document: Members, raw: unknown, schema: Members, mistakes: Mistakes): SpecFile {
  return validateAs<SpecFile>(document, raw, schema, mistakes) ?? { version: 1 };
}

/** The same for a document of another schema of ours; `null` when nothing of it fits. */
export function validateAs<T extends object>(
  document: Members,
  raw: unknown,
  schema: Members,
  mistakes: Mistakes,
): T | null {
  const fits = compileSchema<T>(schema);
  const clean: Record<string, unknown> = structuredClone(document);
  const stoodIn = new Set<string>();
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const candidate: unknown = clean;
    if (fits(candidate)) return candidate;
    const problems = fits.errors ?? [];
    if (round === 0) for (const problem of problems) tell(problem, raw, mistakes);
    for (const problem of problems) if (!standIn(clean, problem, stoodIn)) leaveOut(clean, problem);
  }
  return null;
}

/** The schema is our own and a test holds it to its meta-schema, so that no run has to. */
function compileSchema<T>(schema: Members): ValidateFunction<T> {
  const options = { allErrors: true, verbose: true, strict: true, allowUnionTypes: true, validateSchema: false };
  return new Ajv({ ...options, code: { optimize: false } }).compile<T>(schema);
}

function tell(problem: ErrorObject, raw: unknown, mistakes: Mistakes): void {
  const path = pathOf(problem, raw);
  const isKey = problem.keyword === 'additionalProperties' || problem.keyword === 'required';
  mistakes.add(path, textOf(problem, at(raw, path), path), isKey ? 'key' : 'value');
  mistakes.close(problem.keyword === 'required' ? [...path, String(problem.params['missingProperty'])] : path);
}

/** The path of what is wrong; the pointer's steps are told apart by what they lead into. */
function pathOf({ instancePath, keyword, params }: ErrorObject, raw: unknown): Path {
  let held = raw;
  const path = instancePath
    .split('/')
    .slice(1)
    .map(step => step.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map(step => {
      const isIndex = Array.isArray(held);
      held = at(held, [step]);
      return isIndex ? Number(step) : step;
    });
  const extra: unknown = keyword === 'additionalProperties' ? params['additionalProperty'] : undefined;
  return typeof extra === 'string' ? [...path, extra] : path;
}

function textOf({ keyword, params, parentSchema, message }: ErrorObject, written: unknown, path: Path): string {
  switch (keyword) {
    case 'additionalProperties': {
      const known = Object.keys(asMembers(parentSchema?.['properties'])).filter(name => !name.startsWith('$'));
      const near = didYouMean(String(path.at(-1)), known);
      return `unknown key${near === '' && known.length > 0 ? `; known here: ${known.join(', ')}` : near}`;
    }
    case 'required': {
      const name = String(params['missingProperty']);
      return name === 'version' ? 'needs "version": write version: 1' : `needs "${name}"`;
    }
    case 'enum': {
      const words = Array.isArray(parentSchema?.['enum']) ? parentSchema['enum'].map(String) : [];
      return `${shown(written)} is not one of ${words.join(', ')}${didYouMean(String(written), words)}`;
    }
    case 'const':
      return pathText(path) === 'version'
        ? `must be 1, not ${shown(written)}: this release reads version 1 of the format`
        : `must be ${JSON.stringify(params['allowedValue'])}, not ${shown(written)}`;
    case 'type':
      return `must be ${typeNames(params['type'])}, not ${typeof written === 'number' ? 'the number ' : ''}${shown(written)}`;
    case 'minimum':
    case 'maximum':
      return statusLimits(parentSchema) ? `${shown(written)} is no HTTP status (100 to 599)` : `must not be below 0`;
    case 'minLength':
      return 'must not be empty';
    case 'minProperties':
      return 'is empty; name at least one';
    default:
      return message ?? 'does not fit the format';
  }
}

function statusLimits(schema: unknown): boolean {
  return member(schema, 'minimum') === 100;
}

const TYPES: Readonly<Record<string, readonly string[]>> = {
  string: ['text'],
  object: ['an object'],
  array: ['a list'],
  boolean: ['true', 'false'],
  integer: ['a whole number'],
  number: ['a number'],
  null: ['null'],
};

function typeNames(type: unknown): string {
  const names = (Array.isArray(type) ? type : [type]).flatMap(name => TYPES[String(name)] ?? [String(name)]);
  return names.length < 3 ? names.join(' or ') : `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;
}

/** A value for a message: short, on one line. */
export function shown(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (value === undefined || value === null) return 'nothing';
  if (typeof value === 'object') return 'an object';
  if (typeof value !== 'string') return String(value);
  return JSON.stringify(value.length > 60 ? `${value.slice(0, 57)}...` : value);
}

function asMembers(value: unknown): Members {
  return isMembers(value) ? value : {};
}

/**
 * Puts something in the place of a missing member, once, so that what stands beside it is looked at too; its own place is
 * closed to further messages. The version is put right.
 */
function standIn(document: Record<string, unknown>, problem: ErrorObject, stoodIn: Set<string>): boolean {
  const path = pathOf(problem, document);
  if (path.length === 0 || path[0] === 'version') {
    document['version'] = 1;
    return true;
  }
  if (problem.keyword !== 'required') return false;
  const name = String(problem.params['missingProperty']);
  const place = pathText([...path, name]);
  const holder = at(document, path);
  if (stoodIn.has(place) || typeof holder !== 'object' || holder === null) return false;
  stoodIn.add(place);
  return Reflect.set(holder, name, 'missing');
}

/** Takes out what a problem points at. Of a list the whole, so that what is left keeps its place. */
function leaveOut(document: Record<string, unknown>, problem: ErrorObject): void {
  const whole = pathOf(problem, document);
  const isItem = Array.isArray(at(document, whole.slice(0, -1)));
  const path = isItem ? whole.slice(0, -1) : whole;
  const holder = at(document, path.slice(0, -1));
  const last = path.at(-1);
  if (typeof holder === 'object' && holder !== null && last !== undefined) Reflect.deleteProperty(holder, last);
}
