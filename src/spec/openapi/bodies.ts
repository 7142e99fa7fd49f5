import { derivedVariant, merged } from '../compile/payloads.js';
import { isMembers, type Members } from '../data.js';
import { WRAPPERS } from './answers.js';
import type { ApiDocument, Node } from './document.js';
import { keyOf } from './keys.js';
import { distinctValue } from './marking.js';
import { MULTIPART_TYPE, multipartText } from './multipart.js';
import type { ApiOperation, Content } from './operations.js';
import type { Sample, Sampler } from './sample.js';
import { otherOf, widened, type Pair } from './second.js';
import { shapeOf, type Shape } from './shape.js';
import type { Judge, MakeJudge } from './valid.js';
import { variantsOf } from './variants.js';
import { wrongsOf } from './wrong.js';
import { xmlText } from './xml.js';

/** What is sent in a body, in the native format. */
export interface Written {
  readonly body?: NonNullable<unknown>;
  readonly form?: Record<string, string | number | boolean>;
  readonly text?: string;
  readonly contentType?: string;
  readonly variant?: NonNullable<unknown>;
  readonly faults?: { readonly invalid: NonNullable<unknown> };
}

/** A body, and how it was come by. */
export interface Made {
  readonly written: Written;
  readonly from: { readonly reason: string; readonly node: Node } | null;
  /** Why no body, or none that fits, could be made; `null` when all is well. */
  readonly trouble: string | null;
  /** Whether a second, different payload that fits was found. */
  readonly hasVariant: boolean;
}

/** What bodies are made with. */
export interface Workshop {
  readonly document: ApiDocument;
  readonly sampler: Sampler;
  readonly judge: MakeJudge;
}

/** What goes into a body beside its sample. */
export interface Wanted {
  /** The field that takes the marker. */
  readonly marked: string | null;
  /** Fields the API keeps unique. */
  readonly unique: ReadonlySet<string>;
  /** Puts ids in that are known when it is sent. */
  readonly fill: (body: Members) => Members;
  /** A second body is to differ in two members, which a read shows where it is documented; absent = one is enough. */
  readonly wide?: { readonly shown: ReadonlySet<string> | null };
}

const NOTHING: Made = { written: {}, from: null, trouble: null, hasVariant: false };

/** The body of an operation from its examples or schema, with the marker in one field and a variant beside it. */
export function bodyOf(workshop: Workshop, operation: ApiOperation, wanted: Wanted): Made {
  const { body, mediaTypes } = operation;
  if (body === null) return NOTHING;
  const isForm = /urlencoded/i.test(body.mediaType);
  const render = rendererOf(workshop.document, body);
  if (!isForm && render === null && !/json|\*\/\*/i.test(body.mediaType)) {
    return textBody(body, mediaTypes, workshop.sampler);
  }
  const key = keyOf(workshop.document, operation);
  const keyField = key?.key.in === 'body' ? (key.key.name ?? null) : null;
  if (isForm && body.schema === null) {
    const fields = literal(oldForm(workshop, operation, keyField));
    return made({ value: fields, reason: 'made from its parameters', node: body.node }, body, null, operation, isForm);
  }
  const whole = structured(workshop, operation, body, { ...wanted, keyField }, isForm);
  return render === null ? whole : rendered(whole, body, render);
}

/** Makes a text of a value, and says what in it could not be made. */
type Render = (value: unknown) => { readonly text: string; readonly trouble: string | null };

/** How a body is written that is neither JSON nor an urlencoded form; `null` = nobody here can. */
function rendererOf(document: ApiDocument, body: Content): Render | null {
  if (/^multipart\/form-data\b/i.test(body.mediaType)) return value => multipartText(document, body, value);
  if (!/[/+]xml\b/i.test(body.mediaType)) return null;
  return value => ({ text: xmlText(document, body.schema, value), trouble: null });
}

/** A structured body as the text its media type wants. */
function rendered({ written, from, trouble, hasVariant }: Made, { mediaType }: Content, render: Render): Made {
  const { body, variant, faults } = written;
  if (!isMembers(body))
    return { ...NOTHING, trouble: trouble ?? `a body of type ${mediaType} is made of an object only` };
  const main = render(body);
  const beside = isMembers(variant) ? { variant: render(merged(body, variant)).text } : {};
  const refused = faults === undefined ? {} : { faults: { invalid: render(merged(body, faults.invalid)).text } };
  const contentType = /^multipart/i.test(mediaType) ? MULTIPART_TYPE : mediaType;
  return {
    written: { text: main.text, contentType, ...beside, ...refused },
    from,
    trouble: trouble ?? main.trouble,
    hasVariant,
  };
}

function structured(
  workshop: Workshop,
  operation: ApiOperation,
  body: Content,
  wanted: Wanted & { readonly keyField: string | null },
  isForm: boolean,
): Made {
  const { document, sampler, judge } = workshop;
  const shape = shapeOf(document, body.schema);
  const isPartial = operation.method === 'PATCH' && !/json-patch/i.test(body.mediaType);
  let first: { readonly sample: Sample; readonly trouble: string } | null = null;
  for (const candidate of sampler.bodies(body)) {
    const plain = dressed(document, literal(candidate.value), shape, wanted, operation);
    const value = isMembers(plain) ? wanted.fill(plain) : plain;
    if (value === undefined || value === null) continue;
    const sample = { ...candidate, value };
    const fits = judge(body.schema, withKey(value, wanted.keyField), isPartial);
    const trouble = fits(withKey(value, wanted.keyField));
    if (trouble === null) {
      if (!isMembers(value)) return made(sample, body, null, operation, isForm);
      const one = variantFor(document, shape, value, wanted.keyField, fits);
      // What a document gives as an example of a change stays that; a PUT compares the states that two bodies leave.
      const inBoth = operation.method === 'PUT' || candidate.node === body.schema;
      const pair = widePair(workshop, body, { body: value, variant: one }, { ...wanted, inBoth, isPartial });
      const variant = pair.variant;
      const whole = made({ ...sample, value: pair.body }, body, variant, operation, isForm);
      const invalid = invalidFor(document, shape, pair.body, variant, wanted.keyField, fits);
      return invalid === null ? whole : { ...whole, written: { ...whole.written, faults: { invalid } } };
    }
    first ??= { sample, trouble };
  }
  if (first === null) return { ...NOTHING, trouble: 'its schema says nothing a body could be made from' };
  const { value } = first.sample;
  const [variant] = isMembers(value) ? variantsOf(document, shape, value) : [];
  const trouble = `${first.sample.reason} does not fit the schema: ${first.trouble}`;
  return { ...made(first.sample, body, variant ?? null, operation, isForm), trouble };
}

function made(
  { value, reason, node }: Sample,
  { mediaType, schema }: Content,
  variant: Members | null,
  { mediaTypes }: ApiOperation,
  isForm: boolean,
): Made {
  const whole = value ?? {};
  // Without a schema nothing says what else would fit, and the first number may be as good as any.
  const hasNone = schema !== null && isMembers(whole) && derivedVariant(whole) !== undefined;
  const beside = variant !== null ? { variant } : hasNone ? { variant: false } : {};
  const found = { from: { reason, node }, trouble: null, hasVariant: variant !== null };
  if (isForm) return { ...found, written: { form: flat(whole), ...beside } };
  const type = /^application\/json\b|\*/i.test(mediaType) || mediaTypes.length === 0 ? {} : { contentType: mediaType };
  return { ...found, written: { body: whole, ...type, ...beside } };
}

/** The first change after which the body still fits. */
function variantFor(
  document: ApiDocument,
  shape: Shape,
  body: Members,
  keyField: string | null,
  fits: Judge,
): Members | null {
  for (const variant of variantsOf(document, shape, body)) {
    if (fits(withKey(merged(body, variant), keyField)) === null) return variant;
  }
  return null;
}

/** A body and its variant, which differ in two members where that is wanted and the schema has two. */
function widePair(
  { document, sampler, judge }: Workshop,
  { schema }: Content,
  { body, variant }: { readonly body: Members; readonly variant: Members | null },
  {
    wide,
    unique,
    keyField,
    inBoth,
    isPartial,
  }: Wanted & { readonly keyField: string | null; readonly inBoth: boolean; readonly isPartial: boolean },
): { readonly body: Members; readonly variant: Members | null } {
  if (wide === undefined || schema === null) return { body, variant };
  const fits = (pair: Pair): boolean => {
    const whole = withKey(pair.body, keyField);
    const judged = judge(schema, whole, isPartial);
    return judged(whole) === null && judged(withKey(otherOf(pair), keyField)) === null;
  };
  const kept = new Set([...unique, ...(keyField === null ? [] : [keyField])]);
  const apart = { shown: wide.shown, kept, inBoth, fits };
  return widened(document, sampler, shapeOf(document, schema), body, variant, apart) ?? { body, variant };
}

/**
 * The first change after which the body does not fit any more, with another one that is valid beside it where that is of
 * another member: whatever of a refused request is kept shows by it.
 */
function invalidFor(
  document: ApiDocument,
  shape: Shape,
  body: Members,
  variant: Members | null,
  keyField: string | null,
  fits: Judge,
): Members | null {
  for (const wrong of wrongsOf(document, shape, body)) {
    const both = variant === null ? wrong : (merged(variant, wrong) as Members);
    if (fits(withKey(merged(body, both), keyField)) !== null) return both;
  }
  return null;
}

/** The key goes in with each request; for the schema it has to be there. */
function withKey(value: unknown, keyField: string | null): unknown {
  return keyField === null || !isMembers(value) ? value : { ...value, [keyField]: '{{uuid}}' };
}

/** A sample with the marker where it belongs, unlike values where they must be, and without the key. */
function dressed(
  document: ApiDocument,
  sample: unknown,
  { properties }: Shape,
  { marked, unique, keyField }: Omit<Wanted, 'fill'> & { readonly keyField: string | null },
  operation: ApiOperation,
): unknown {
  if (!isMembers(sample)) return sample;
  const wrapper = Object.entries(sample).find(([name, value]) => WRAPPERS.has(name) && isMembers(value));
  if (wrapper !== undefined) {
    const [name, value] = wrapper;
    const inner = shapeOf(document, properties.get(name) ?? null);
    return { ...sample, [name]: dressed(document, value, inner, { marked, unique, keyField }, operation) };
  }
  const { method } = operation;
  const fields = Object.entries(sample)
    .filter(([name]) => name !== keyField)
    .map(([name, value]) => {
      const node = properties.get(name);
      // What is changed in one record stays as it was said to be.
      const isFree = node !== undefined && method !== 'PATCH' && typeof value === 'string';
      const distinct = isFree ? distinctValue(document, name, node, unique.has(name)) : null;
      return [name, distinct ?? value] as const;
    });
  const isMarked = marked !== null && properties.has(marked) && (method !== 'PATCH' || Object.hasOwn(sample, marked));
  return { ...Object.fromEntries(fields), ...(isMarked ? { [marked]: '{{marker}}' } : {}) };
}

function textBody(body: Content, mediaTypes: readonly string[], sampler: Sampler): Made {
  const [first] = /^text\//i.test(body.mediaType) ? sampler.bodies(body) : [];
  const sample = literal(first?.value);
  if (first === undefined || typeof sample !== 'string') {
    const types = mediaTypes.length === 0 ? body.mediaType : mediaTypes.join(', ');
    return { ...NOTHING, trouble: `bodies of type ${types} are not made up` };
  }
  return { ...NOTHING, written: { text: sample, contentType: body.mediaType }, from: first };
}

function oldForm({ document, sampler }: Workshop, { parameters }: ApiOperation, keyField: string | null): unknown {
  const fields = parameters.filter(
    parameter => parameter.in === 'formData' && parameter.required === true && parameter.name !== keyField,
  );
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

/** Braces of an example are no template. */
export function literal(value: unknown): unknown {
  if (typeof value === 'string') return value.replaceAll('{{', '{ {');
  if (Array.isArray(value)) return value.map(literal);
  if (!isMembers(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, literal(item)]));
}

/** The members of a record, below the wrappers its body comes in. */
export function innermost(body: Members): Members {
  const [, inner] = Object.entries(body).find(([name, value]) => WRAPPERS.has(name) && isMembers(value)) ?? [];
  return isMembers(inner) ? innermost(inner) : body;
}
