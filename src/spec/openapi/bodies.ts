import { isMembers, itemsOf, type Members } from '../data.js';
import { isKeyField } from './promises.js';
import type { ApiDocument, Node } from './document.js';
import type { ApiOperation, Content } from './operations.js';
import { isReadOnly, type Sampler } from './sample.js';
import { shapeOf, type Shape } from './shape.js';

/** What is sent in a body, in the native format. */
export interface Written {
  readonly body?: NonNullable<unknown>;
  readonly form?: Record<string, string | number | boolean>;
  readonly text?: string;
  readonly contentType?: string;
  readonly variant?: NonNullable<unknown>;
}

/** Fields that hold free text, the likeliest to be searchable first. */
const FREE_TEXT = [
  'reference',
  'external_id',
  'client_reference',
  'description',
  'name',
  'title',
  'note',
  'notes',
  'text',
  'comment',
  'label',
  'memo',
  'subject',
  'message',
  'content',
  'owner',
  'summary',
  'nickname',
];
/** Names that end like free text and refer to something that must exist. */
const NOT_FREE = /psp|original|parent|file|host|domain|country|currency|bank|plan/i;
/** As long as a marker is at most. */
const MARKER_LENGTH = 32;

/** The field of a create's body that can take the marker; one that the list can filter by before any other. */
export function markedField(document: ApiDocument, { body }: ApiOperation, filters: readonly string[]): string | null {
  const { properties } = shapeOf(document, body?.schema ?? null);
  const free = [...properties].filter(([, node]) => isFreeText(document, node)).map(([name]) => name);
  const ranked = free.map(name => ({ name, rank: rankOf(name) })).filter(({ rank }) => rank < FREE_TEXT.length);
  const sorted = ranked.toSorted((a, b) => a.rank - b.rank).map(({ name }) => name);
  return sorted.find(name => filters.includes(name)) ?? free.find(name => filters.includes(name)) ?? sorted[0] ?? null;
}

function isFreeText(document: ApiDocument, node: Node): boolean {
  const { type, words } = shapeOf(document, node);
  const most = words['maxLength'];
  const isBound = ['enum', 'const', 'format', 'pattern'].some(word => words[word] !== undefined);
  return (
    type === 'string' && !isBound && !isReadOnly(document, node) && !(typeof most === 'number' && most < MARKER_LENGTH)
  );
}

function rankOf(name: string): number {
  const plain = (text: string) => text.replaceAll(/[_-]/g, '').toLowerCase();
  const exact = FREE_TEXT.findIndex(free => plain(free) === plain(name));
  if (exact !== -1) return exact;
  // `merchantReference`, `eventDescription`; an exact name goes before it.
  if (NOT_FREE.test(name)) return FREE_TEXT.length;
  const tail = FREE_TEXT.findIndex(free => plain(name).endsWith(plain(free)));
  return tail === -1 ? FREE_TEXT.length : tail + 0.5;
}

/** The body of an operation from its example or schema, with the marker in one field and a variant beside it. */
export function bodyOf(
  document: ApiDocument,
  { body, parameters, method }: ApiOperation,
  marked: string | null,
  sampler: Sampler,
): Written {
  if (body === null) return {};
  const isForm = /urlencoded/i.test(body.mediaType);
  if (!isForm && !/json|\*\/\*/i.test(body.mediaType)) return textBody(body, sampler);
  const fields = isForm && body.schema === null ? oldForm(document, parameters, sampler) : sampler.body(body);
  const sample = literal(fields);
  const shape = shapeOf(document, body.schema);
  const whole = isMembers(sample)
    ? withMarker(withoutKeys(sample), shape, method === 'PATCH' && !Object.hasOwn(sample, marked ?? '') ? null : marked)
    : sample;
  if (whole === undefined || whole === null) return {};
  const variant = isMembers(whole) ? variantOf(document, shape, whole) : null;
  const beside = variant === null ? {} : { variant };
  if (isForm) return { form: flat(whole), ...beside };
  const type = /^application\/json\b|\*/i.test(body.mediaType) ? {} : { contentType: body.mediaType };
  return { body: whole, ...type, ...beside };
}

function textBody(body: Content, sampler: Sampler): Written {
  const sample = /^text\//i.test(body.mediaType) ? literal(sampler.body(body)) : undefined;
  return typeof sample === 'string' ? { text: sample, contentType: body.mediaType } : {};
}

function oldForm(document: ApiDocument, parameters: ApiOperation['parameters'], sampler: Sampler): unknown {
  const fields = parameters.filter(parameter => parameter.in === 'formData' && parameter.required === true);
  return Object.fromEntries(fields.map(({ name, node }) => [name, sampler.value(document.child(node) ?? node)]));
}

function flat(value: unknown): Record<string, string | number | boolean> {
  const entries = isMembers(value) ? Object.entries(value) : [];
  return Object.fromEntries(
    entries.flatMap(([name, item]): readonly (readonly [string, string | number | boolean])[] =>
      typeof item === 'string' || typeof item === 'number' || typeof item === 'boolean' ? [[name, item]] : [],
    ),
  );
}

function withMarker(
  sample: Readonly<Record<string, unknown>>,
  { properties }: Shape,
  marked: string | null,
): Record<string, unknown> {
  return marked !== null && properties.has(marked) ? { ...sample, [marked]: '{{marker}}' } : { ...sample };
}

/** The key goes in with each request and has no place in the sample. */
function withoutKeys(sample: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(sample).filter(([name]) => !isKeyField(name)));
}

/**
 * One field with another valid value: a number within its bounds before a free text before another word of an
 * enumeration, at the top before inside. `null` when no field can be changed safely.
 */
function variantOf(document: ApiDocument, shape: Shape, body: Members): Record<string, unknown> | null {
  for (const change of [otherNumber, otherText, otherWord]) {
    const found = changed(document, shape, body, change, 0);
    if (found !== null) return found;
  }
  return null;
}

type Change = (name: string, value: unknown, shape: Shape) => unknown;

function changed(
  document: ApiDocument,
  { properties }: Shape,
  body: Members,
  change: Change,
  depth: number,
): Record<string, unknown> | null {
  const fields = Object.entries(body).flatMap(([name, value]) => {
    const node = properties.get(name);
    return node === undefined ? [] : [{ name, value, shape: shapeOf(document, node) }];
  });
  for (const { name, value, shape } of fields) {
    const other = /(^|_)ids?$|Ids?$/.test(name) ? undefined : change(name, value, shape);
    if (other !== undefined) return { [name]: other };
  }
  for (const { name, value, shape } of depth < 2 ? fields : []) {
    const inner = isMembers(value) ? changed(document, shape, value, change, depth + 1) : null;
    if (inner !== null) return { [name]: inner };
  }
  return null;
}

function otherNumber(_: string, value: unknown, { words }: Shape): unknown {
  if (typeof value !== 'number' || words['enum'] !== undefined) return undefined;
  const by = typeof words['multipleOf'] === 'number' && words['multipleOf'] > 0 ? words['multipleOf'] : 1;
  const rounded = (sum: number) => Number(sum.toPrecision(15));
  const most = typeof words['maximum'] === 'number' ? words['maximum'] : Infinity;
  const least = typeof words['minimum'] === 'number' ? words['minimum'] : -Infinity;
  if (rounded(value + by) <= most) return rounded(value + by);
  return rounded(value - by) >= least ? rounded(value - by) : undefined;
}

/** Words that decide which other fields make sense. */
const KINDS = /type|category|kind|format|currency|country|method|mode|locale|language|brand|channel/i;

function otherWord(name: string, value: unknown, { words }: Shape): unknown {
  return KINDS.test(name) ? undefined : itemsOf(words['enum']).find(word => word !== value && word !== null);
}

function otherText(name: string, value: unknown, { type, words }: Shape): unknown {
  if (typeof value !== 'string' || type !== 'string' || value.includes('{{')) return undefined;
  const isBound = ['enum', 'const', 'format', 'pattern'].some(word => words[word] !== undefined);
  const most = typeof words['maxLength'] === 'number' ? words['maxLength'] : Infinity;
  const other = `${value} 2`;
  return isBound || other.length > most || rankOf(name) >= FREE_TEXT.length ? undefined : other;
}

/** Braces of an example are no template. */
export function literal(value: unknown): unknown {
  if (typeof value === 'string') return value.replaceAll('{{', '{ {');
  if (Array.isArray(value)) return value.map(literal);
  if (!isMembers(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, literal(item)]));
}
