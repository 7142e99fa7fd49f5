import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import ajvFormats from 'ajv-formats';
import type { Scope } from '../../core/scope.js';
import { isMembers, itemsOf, member, type Members } from '../data.js';
import { fillJson } from '../template.js';
import type { ApiDocument, Node } from './document.js';

/** Tells what is wrong with a body, or `null` when it fits. */
export type Judge = (value: unknown) => string | null;

/** Deeper, anything is taken for valid: a sample does not go there. */
const DEEPEST = 24;

/** Words that are taken over as they are. */
const PLAIN = [
  'enum',
  'const',
  'format',
  'minLength',
  'maxLength',
  'minimum',
  'maximum',
  'multipleOf',
  'minItems',
  'maxItems',
  'uniqueItems',
  'minProperties',
  'maxProperties',
] as const;

/** A value of each kind a template may be filled with, as long as those of a run. */
const SCOPE: Scope = {
  marker: 'ic-0123456789abcdef0123',
  uuid: '7d3f6a52-4f0e-4c8e-9a66-0b1c6f3f2f11',
  int: 1_234_567,
  now: '2030-01-15T12:00:00.000Z',
  values: {},
};

/** Makes a judge of bodies like a given one. `isPartial`: a body that changes some members need not have the required ones. */
export type MakeJudge = (schema: Node | null, like: unknown, isPartial?: boolean) => Judge;

/** Makes judges of request bodies by the schemas of a document. */
export function createValidator(document: ApiDocument): MakeJudge {
  const ajv = new Ajv({
    strict: false,
    validateSchema: false,
    logger: false,
    unicodeRegExp: false,
    addUsedSchema: false,
  });
  ajvFormats.default(ajv);
  return (schema, like, isPartial = false) => {
    if (schema === null) return () => null;
    const filled = filledIn(like);
    const validate = compiled(ajv, pruned({ document, isPartial }, schema, filled, 0));
    if (validate === null) return () => null;
    return value => (validate(filledIn(value)) === true ? null : described(validate.errors?.[0]));
  };
}

/** A text with what only an answer gives, such as an id: nothing is known of it but that it is there. */
const LATER = /\{\{(?!\s*(?:marker|uuid|int|now)\s*\}\})[^{}]+\}\}/;

function isLater(value: unknown): boolean {
  return typeof value === 'string' && LATER.test(value);
}

function filledIn(value: unknown): unknown {
  if (isLater(value)) return value;
  if (Array.isArray(value)) return value.map(filledIn);
  if (!isMembers(value)) return fillJson(value, SCOPE);
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, filledIn(item)]));
}

function compiled(ajv: Ajv, schema: object): ValidateFunction | null {
  try {
    return ajv.compile(schema);
  } catch {
    // A schema that cannot be compiled judges nobody.
    return null;
  }
}

function described(error: ErrorObject | undefined): string {
  if (error === undefined) return 'does not fit its schema';
  const place = error.instancePath === '' ? 'the body' : error.instancePath.slice(1).replaceAll('/', '.');
  const allowed = itemsOf(member(error.params, 'allowedValues'));
  return `${place} ${error.message ?? 'does not fit'}${allowed.length === 0 ? '' : ` (${allowed.slice(0, 5).join(', ')})`}`;
}

/**
 * The part of a schema that a value touches, as JSON Schema: only the members it has are followed, so that a schema of
 * megabytes, or one that holds itself, stays as small as the sample. What is read-only is not required of a request.
 */
function pruned(setting: Setting, schema: Node, value: unknown, depth: number): Members {
  const { document } = setting;
  const { value: written } = schema;
  if (!isMembers(written) || depth > DEEPEST || isLater(value)) return {};
  const inner = (node: Node | null, of: unknown) => (node === null ? {} : pruned(setting, node, of, depth + 1));
  const partsOf = (word: string) => document.items(document.child(schema, word)).map(node => inner(node, value));
  // Alternatives that overlap once they are pruned would refuse what the whole schema takes: one that fits is enough.
  const either = ['oneOf', 'anyOf'].map(partsOf).flatMap(parts => (parts.length === 0 ? [] : [{ anyOf: parts }]));
  const all = [...partsOf('allOf'), ...either];
  const plain = PLAIN.flatMap(word => (written[word] === undefined ? [] : [[word, written[word]] as const]));
  return {
    ...Object.fromEntries(plain),
    ...typeWord(written),
    ...bounds(written),
    ...patternWord(written),
    ...(all.length === 0 ? {} : { allOf: all }),
    ...(isMembers(value) ? objectWords(setting, schema, written, value, inner) : {}),
    ...(Array.isArray(value) && document.child(schema, 'items') !== null
      ? { items: inner(document.child(schema, 'items'), longest(value)) }
      : {}),
  };
}

interface Setting {
  readonly document: ApiDocument;
  readonly isPartial: boolean;
}

type Inner = (node: Node | null, of: unknown) => Members;

function objectWords(
  { document, isPartial }: Setting,
  schema: Node,
  written: Members,
  value: Members,
  inner: Inner,
): Members {
  const holder = document.child(schema, 'properties');
  const known = isMembers(holder?.value) ? Object.keys(holder.value) : [];
  const properties = known.map(name => {
    const node = Object.hasOwn(value, name) ? document.child(holder, name) : null;
    return [name, node === null ? {} : inner(node, value[name])] as const;
  });
  const required = itemsOf(written['required']).filter(
    name => !isPartial && typeof name === 'string' && !isReadOnly(document, holder, name),
  );
  const others = written['patternProperties'] === undefined ? written['additionalProperties'] : undefined;
  const beyond = isMembers(others)
    ? inner(
        document.child(schema, 'additionalProperties'),
        Object.entries(value).find(([name]) => !known.includes(name))?.[1],
      )
    : others;
  return {
    properties: Object.fromEntries(properties),
    required,
    ...(beyond === undefined ? {} : { additionalProperties: beyond }),
  };
}

function isReadOnly(document: ApiDocument, holder: Node | null, name: string): boolean {
  const node = holder === null ? null : document.child(holder, name);
  return member(node?.value, 'readOnly') === true;
}

/** Of a list the item with the most members: what it has, the others have at most. */
function longest(items: readonly unknown[]): unknown {
  const sizes = items.filter(isMembers).toSorted((a, b) => Object.keys(b).length - Object.keys(a).length);
  return sizes[0] ?? items[0];
}

/** `nullable` of OpenAPI 3.0 as a type. */
function typeWord(written: Members): Members {
  const type = written['type'];
  if (typeof type !== 'string' && !Array.isArray(type)) return {};
  if (type === 'file') return {};
  return { type: written['nullable'] === true ? [...(Array.isArray(type) ? type : [type]), 'null'] : type };
}

/** The boolean bounds of OpenAPI 3.0 and Swagger 2.0 as numbers. */
function bounds({ exclusiveMinimum, exclusiveMaximum, minimum, maximum }: Members): Members {
  const low = exclusiveMinimum === true ? minimum : exclusiveMinimum;
  const high = exclusiveMaximum === true ? maximum : exclusiveMaximum;
  return {
    ...(typeof low === 'number' ? { exclusiveMinimum: low } : {}),
    ...(typeof high === 'number' ? { exclusiveMaximum: high } : {}),
  };
}

function patternWord({ pattern }: Members): Members {
  if (typeof pattern !== 'string') return {};
  try {
    return { pattern: new RegExp(pattern).source };
  } catch {
    return {};
  }
}
