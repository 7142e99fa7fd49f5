import { generateSync } from 'json-schema-faker';
import { isMembers, itemsOf, member, type Members } from '../data.js';
import type { ApiDocument, Node } from './document.js';
import type { Content } from './operations.js';
import { shapeOf, type Shape } from './shape.js';

/** Levels a sample goes down; deeper, only what is not an object or a list is filled in. */
const DEEPEST = 6;

/** A body to send, and where it comes from. */
export interface Sample {
  readonly value: unknown;
  readonly reason: string;
  readonly node: Node;
}

/** Makes sample values from schemas; the same seed makes the same values. */
export interface Sampler {
  /** A value that fits a schema: its example, default or constant, else made up. */
  readonly value: (schema: Node | null, depth?: number) => unknown;
  /**
   * Bodies to choose from, the likeliest first: each example, then one made from the schema with what is required, then
   * the two together, then one for each alternative. Read-only members are left out.
   */
  readonly bodies: (content: Content) => Iterable<Sample>;
}

/** Examples and alternatives that are tried. */
const MOST_TRIED = 12;

export function createSampler(document: ApiDocument, seed: number): Sampler {
  const value = (schema: Node | null, depth = 0): unknown => {
    const shape = shapeOf(document, schema);
    const given = givenBy(shape);
    if (given !== undefined) return writable(document, shape, given);
    if (shape.type === 'object') return depth >= DEEPEST ? {} : objectOf(shape, depth);
    if (shape.type === 'array') return depth >= DEEPEST ? [] : listFor(shape, depth);
    return scalarOf(shape, seed);
  };
  const objectOf = (shape: Shape, depth: number): unknown =>
    Object.fromEntries(fieldsOf(document, shape, depth).map(([name, node]) => [name, value(node, depth + 1)]));
  const listFor = ({ items, words }: Shape, depth: number): unknown => {
    const least = Number(words['minItems'] ?? 0);
    return Array.from({ length: Math.min(Math.max(least, 1), 20) }, () => value(items, depth + 1));
  };
  function* bodies({ node, schema }: Content): Iterable<Sample> {
    const shape = shapeOf(document, schema);
    const examples = examplesOf(document, node).slice(0, MOST_TRIED);
    for (const example of examples) {
      yield { ...example, value: writable(document, shape, example.value) };
    }
    if (schema === null) return;
    const made = value(schema);
    yield { value: made, reason: 'made from its schema', node: schema };
    const [first] = examples;
    if (first !== undefined && isMembers(made) && isMembers(first.value)) {
      const both = { ...objectMembers(objectOf(shape, 0)), ...objectMembers(writable(document, shape, first.value)) };
      yield { value: both, reason: 'its example, completed from its schema', node: first.node };
    }
    if (shape.type === 'object') yield { value: objectOf(shape, 0), reason: 'made from its schema', node: schema };
    for (const one of alternativesOf(document, schema).slice(0, MOST_TRIED)) {
      const alternative = shapeOf(document, one);
      const own = alternative.type === 'object' ? objectOf(alternative, 0) : value(one);
      yield { value: own, reason: 'made from one of the alternatives of its schema', node: schema };
    }
  }
  return { value, bodies };
}

function objectMembers(value: unknown): Members {
  return isMembers(value) ? value : {};
}

/** The schema with each alternative but the first in the place of all of them. */
function alternativesOf(document: ApiDocument, schema: Node): readonly Node[] {
  const holder = [schema, ...document.items(document.child(schema, 'allOf'))];
  return (['oneOf', 'anyOf'] as const).flatMap(word => {
    const written = holder.map(one => member(one.value, word)).find(Array.isArray);
    return itemsOf(written)
      .slice(1)
      .map(one => ({
        ...schema,
        value: { ...objectMembers(schema.value), oneOf: undefined, anyOf: undefined, [word]: [one] },
      }));
  });
}

/** Every example of a media type or parameter, in the order written. */
function examplesOf(document: ApiDocument, node: Node): readonly Sample[] {
  const example = member(node.value, 'example');
  const own = { ...node, path: [...node.path, 'example'] };
  const one = example === undefined ? [] : [{ value: example, reason: 'its example', node: own }];
  const more = document.children(document.child(node, 'examples')).flatMap(([name, holder]) => {
    const value = member(holder.value, 'value') ?? (document.version === 2 ? holder.value : undefined);
    return value === undefined ? [] : [{ value, reason: `its example "${name}"`, node: holder }];
  });
  return [...one, ...more];
}

/** An `example` or the first of the `examples` of a media type or parameter; `undefined` when there is none. */
export function exampleOf(document: ApiDocument, node: Node): unknown {
  const example = member(node.value, 'example');
  if (example !== undefined) return example;
  const [first] = document.children(document.child(node, 'examples'));
  return first === undefined ? undefined : member(first[1].value, 'value');
}

/** Every required field; where nothing is, the first writable fields, so that there is something to send. */
function fieldsOf(
  document: ApiDocument,
  { properties, required }: Shape,
  depth: number,
): readonly (readonly [string, Node])[] {
  const fields = [...properties].filter(([, node]) => !isReadOnly(document, node));
  const wanted = fields.filter(([name]) => required.has(name));
  if (wanted.length > 0 || depth > 0) return wanted;
  return fields.filter(([, node]) => !['object', 'array'].includes(shapeOf(document, node).type ?? '')).slice(0, 4);
}

export function isReadOnly(document: ApiDocument, node: Node): boolean {
  return shapeOf(document, node).words['readOnly'] === true;
}

function givenBy({ words }: Shape): unknown {
  const examples = words['examples'];
  return (
    words['example'] ??
    (Array.isArray(examples) ? examples[0] : undefined) ??
    words['const'] ??
    words['default'] ??
    itemsOf(words['enum']).find(one => one !== null)
  );
}

/** An example without the members its schema says are read-only, at any depth. */
function writable(document: ApiDocument, { properties, items }: Shape, example: unknown, depth = 0): unknown {
  if (depth > DEEPEST) return example;
  if (Array.isArray(example)) {
    const inner = shapeOf(document, items);
    return items === null ? example : example.map(item => writable(document, inner, item, depth + 1));
  }
  if (!isMembers(example)) return example;
  const kept = Object.entries(example).flatMap(([name, value]) => {
    const node = properties.get(name);
    if (node === undefined) return [[name, value] as const];
    if (isReadOnly(document, node)) return [];
    return [[name, writable(document, shapeOf(document, node), value, depth + 1)] as const];
  });
  return Object.fromEntries(kept);
}

/** Words of a schema that tell which text or number fits. */
const TELLING = [
  'format',
  'pattern',
  'minLength',
  'maxLength',
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'multipleOf',
];

function scalarOf({ type, words }: Shape, seed: number): unknown {
  const telling: Members = Object.fromEntries(
    TELLING.flatMap(name => (words[name] === undefined ? [] : [[name, words[name]]])),
  );
  if (type === 'integer' || type === 'number') return numberOf(words);
  if (type === 'boolean') return true;
  return type === 'string' ? textOf(telling, seed) : 'sample';
}

function numberOf({ minimum, maximum, exclusiveMinimum, multipleOf }: Members): number {
  const above =
    typeof exclusiveMinimum === 'number'
      ? exclusiveMinimum + 1
      : exclusiveMinimum === true
        ? Number(minimum) + 1
        : -Infinity;
  const least = Math.max(typeof minimum === 'number' ? minimum : -Infinity, above);
  const wanted = Math.max(10, Number.isFinite(least) ? least : 0);
  const limited = typeof maximum === 'number' && wanted > maximum ? Math.max(maximum, least) : wanted;
  if (typeof multipleOf !== 'number' || multipleOf <= 0) return limited;
  return Number((Math.ceil(limited / multipleOf - 1e-9) * multipleOf).toPrecision(12));
}

const FORMATS: Readonly<Record<string, string>> = {
  date: '2030-01-15',
  'date-time': '2030-01-15T12:00:00Z',
  time: '12:00:00Z',
  email: 'sample@example.com',
  uuid: '7d3f6a52-4f0e-4c8e-9a66-0b1c6f3f2f11',
  uri: 'https://example.com/sample',
  url: 'https://example.com/sample',
  hostname: 'example.com',
  ipv4: '192.0.2.1',
  ipv6: '2001:db8::1',
  byte: 'c2FtcGxl',
  password: 'Sample-1234',
};

function textOf(telling: Members, seed: number): string {
  const format = telling['format'];
  if (typeof format === 'string' && FORMATS[format] !== undefined) return FORMATS[format];
  const least = typeof telling['minLength'] === 'number' ? telling['minLength'] : 0;
  const most = typeof telling['maxLength'] === 'number' ? telling['maxLength'] : Infinity;
  if (typeof telling['pattern'] !== 'string') return fitting(least, most);
  try {
    const made = generateSync({ type: 'string', ...telling }, { seed });
    return typeof made === 'string' ? made : fitting(least, most);
  } catch {
    return fitting(least, most);
  }
}

function fitting(least: number, most: number): string {
  return 'sample'.padEnd(Math.min(least, 1000), 'x').slice(0, Math.max(most, 0));
}
