import type { Place } from '../../generated/spec.js';
import { member, membersOf, textMember } from '../data.js';
import type { ApiDocument, Node } from './document.js';
import { successOf, type ApiOperation } from './operations.js';
import { shapeOf, type Shape } from './shape.js';

/** Something found in an answer: where it stands there, why it is likely, and where the document says so. */
export interface Found<What> {
  readonly value: What;
  readonly reason: string;
  readonly node: Node;
}

/** Where the answer of a create shows the id; `null` when nothing is documented (then `$.id`, else Location). */
export function idPlaceIn(
  document: ApiDocument,
  create: ApiOperation,
  name: string,
  parameter: string | null,
): Found<Place> | null {
  const success = successOf(create);
  const linked = idByLink(document, create, parameter);
  if (linked !== null) return linked;
  const found = idIn(document, success?.content?.schema ?? null, name, parameter);
  if (found !== null) return { ...found, reason: `the answer of the create has it (${found.reason})` };
  if (success?.headers.includes('location') !== true) return null;
  return { value: { header: 'Location' }, reason: 'the answer of the create declares Location', node: success.node };
}

/** A link of the create's answer says which value goes into the parameter of the item (OpenAPI 3, Link Object). */
function idByLink(document: ApiDocument, create: ApiOperation, parameter: string | null): Found<Place> | null {
  for (const [link, node] of linksOf(document, create)) {
    for (const [name, expression] of membersOf(member(node.value, 'parameters'))) {
      if (parameter !== null && name.replace(/^path\./, '') !== parameter) continue;
      const place = typeof expression === 'string' ? placeOf(expression) : null;
      if (place !== null) return { value: place, reason: `the link "${link}" takes it from there`, node };
    }
  }
  return null;
}

/** Links of the answers of an operation, by name. */
export function linksOf(document: ApiDocument, operation: ApiOperation): readonly (readonly [string, Node])[] {
  if (document.version === 2) return [];
  return operation.responses
    .filter(({ status }) => status.startsWith('2'))
    .flatMap(({ node }) => document.children(document.child(node, 'links')));
}

/** A runtime expression that reads an answer, as a place; `null` for any other. */
function placeOf(expression: string): Place | null {
  const header = /^\$response\.header\.([\w-]+)$/.exec(expression)?.[1];
  if (header !== undefined) return { header };
  const pointer = /^\$response\.body#(\/.+)$/.exec(expression)?.[1];
  if (pointer === undefined) return null;
  const steps = pointer
    .split('/')
    .slice(1)
    .map(one => one.replaceAll('~1', '/').replaceAll('~0', '~'));
  return `$${steps.map(step).join('')}`;
}

/** The id's JSONPath in a schema, at the top or inside one envelope. */
export function idIn(
  document: ApiDocument,
  schema: Node | null,
  name: string,
  parameter: string | null,
): Found<string> | null {
  const shape = shapeOf(document, schema);
  const direct = idFieldOf(shape, name, parameter);
  if (direct !== null) return { ...direct, value: `$${step(direct.value)}` };
  for (const [envelope, node] of shape.properties) {
    const inner = shapeOf(document, node);
    const field = inner.type === 'object' && inner.properties.size > 0 ? idFieldOf(inner, name, parameter) : null;
    if (field !== null) return { ...field, value: `$${step(envelope)}${step(field.value)}` };
  }
  return null;
}

function idFieldOf({ properties }: Shape, name: string, parameter: string | null): Found<string> | null {
  const plain = (text: string) => text.replaceAll(/[_-]/g, '').toLowerCase();
  const fields = [...properties].map(([field, node]) => ({ field, node }));
  const wanted: readonly (readonly [string, string])[] = [
    ...(parameter === null ? [] : [[parameter, `the path asks for {${parameter}}`] as const]),
    ['id', 'a field called id'],
    ['uuid', 'a field called uuid'],
    ['uid', 'a field called uid'],
    [`${name}id`, 'a field called after the resource'],
    [`${name}uuid`, 'a field called after the resource'],
  ];
  for (const [one, reason] of wanted) {
    const found = fields.find(({ field }) => plain(field) === plain(one));
    if (found !== undefined) return { value: found.field, reason, node: found.node };
  }
  // `{paymentPspReference}` is the `pspReference` of the answer.
  const tail = fields
    .filter(({ field }) => parameter !== null && plain(field).length > 4 && plain(parameter).endsWith(plain(field)))
    .toSorted((a, b) => b.field.length - a.field.length)[0];
  if (tail !== undefined)
    return { value: tail.field, reason: `the path asks for {${parameter ?? ''}}`, node: tail.node };
  const psp = fields.find(({ field }) => /^(psp|payment)Reference$/i.test(field));
  return psp === undefined ? null : { value: psp.field, reason: 'a reference of the provider', node: psp.node };
}

const COUNTED = /^(balance|stock|credits?|points|available|inventory|quantity|on_?hand)$/i;

/** The JSONPath of a number in the answer of a read that an action may move, such as a balance; `null` when there is none. */
export function countedIn(document: ApiDocument, read: ApiOperation): Found<string> | null {
  const { at, properties } = recordIn(document, successOf(read)?.content?.schema ?? null);
  const found = [...properties].find(
    ([name, node]) => COUNTED.test(name) && ['number', 'integer'].includes(shapeOf(document, node).type ?? ''),
  );
  if (found === undefined) return null;
  return { value: `$${at}${step(found[0])}`, reason: 'a number of the item that an action may move', node: found[1] };
}

/** Members that a record may come in. */
export const WRAPPERS: ReadonlySet<string> = new Set(['data', 'attributes', 'item', 'result']);

/** The members of a record, below the wrappers it comes in (`{ "data": { "attributes": ... } }`), and where they stand. */
export function recordIn(
  document: ApiDocument,
  schema: Node | null,
): { readonly at: string } & Pick<Shape, 'properties'> {
  const { properties } = shapeOf(document, schema);
  for (const [name, node] of properties) {
    const inner = WRAPPERS.has(name) ? recordIn(document, node) : null;
    if (inner !== null && inner.properties.size > 0) return { ...inner, at: `${step(name)}${inner.at}` };
  }
  return { at: '', properties };
}

/** The members that a read of a record shows; `null` where no schema says. */
export function shownBy(document: ApiDocument, read: ApiOperation | null): ReadonlySet<string> | null {
  const { properties } = recordIn(document, (read === null ? null : successOf(read))?.content?.schema ?? null);
  return properties.size === 0 ? null : new Set(properties.keys());
}

const TIME_OF_CHANGE =
  /^(last_?)?(updated|modified|changed|accessed|seen)(_?(at|on|date|time|timestamp))?$|^etag$|^_?rev(ision)?$/i;

/** Fields of an item that move whenever it is touched: a time of update. */
export function volatileIn(document: ApiDocument, read: ApiOperation): readonly Found<string>[] {
  const { at, properties } = recordIn(document, successOf(read)?.content?.schema ?? null);
  return [...properties]
    .filter(([name, node]) => TIME_OF_CHANGE.test(name) && shapeOf(document, node).type !== 'object')
    .map(([name, node]) => ({ value: `$${at}${step(name)}`, reason: 'a time of change by its name', node }));
}

const USUAL_LISTS = ['items', 'data', 'results', 'records', 'content', 'values', 'entries'];
const ENVELOPES = ['_embedded', 'data', 'response', 'result'];

/** The JSONPath of the records in the answer of a list; `null` when it holds no list. */
export function itemsIn(document: ApiDocument, operation: ApiOperation): Found<string> | null {
  const schema = successOf(operation)?.content?.schema ?? null;
  const shape = shapeOf(document, schema);
  if (schema === null) return null;
  if (shape.type === 'array') return { value: '$', reason: 'its answer is an array', node: schema };
  const lists = (of: Shape) => [...of.properties].filter(([, node]) => shapeOf(document, node).type === 'array');
  const found = lists(shape);
  const usual = USUAL_LISTS.find(name => found.some(([own]) => own === name));
  const best = found.find(([own]) => own === usual) ?? found[0];
  if (best !== undefined)
    return { value: `$${step(best[0])}`, reason: 'its answer holds an array there', node: best[1] };
  for (const envelope of ENVELOPES) {
    const node = shape.properties.get(envelope);
    const inner = node === undefined ? undefined : lists(shapeOf(document, node))[0];
    if (inner !== undefined) {
      return {
        value: `$${step(envelope)}${step(inner[0])}`,
        reason: 'its answer holds an array there',
        node: inner[1],
      };
    }
  }
  return null;
}

/** Fields of the body the document says the API keeps unique: in the field's words, or in those of a refusal. */
export function uniqueIn(document: ApiDocument, create: ApiOperation): readonly Found<string>[] {
  const { at, properties } = recordIn(document, create.body?.schema ?? null);
  const refusals = create.responses.filter(
    ({ status, description }) =>
      /^(409|422|400)$/.test(status) && /exist|already|unique|taken|duplicate|in use/i.test(description),
  );
  return [...properties].flatMap(([name, node]) => {
    const said = textMember(node.value, 'description') ?? '';
    if (member(node.value, 'x-unique') === true)
      return [{ value: `$${at}${step(name)}`, reason: 'x-unique says so', node }];
    if (
      /^unique\b(?! id)|(must|has to|needs to) be unique|unique (across|within|per|among)|already (exists|taken)/i.test(
        said,
      )
    ) {
      return [{ value: `$${at}${step(name)}`, reason: 'its description says so', node }];
    }
    const words = new RegExp(`\\b${name.replaceAll(/[^\w]/g, '.').replaceAll('_', '[ _]')}\\b`, 'i');
    const refusal = refusals.find(({ description }) => words.test(description) && !/\bkey\b/i.test(description));
    return refusal === undefined
      ? []
      : [
          {
            value: `$${at}${step(name)}`,
            reason: `the ${refusal.status} says so ("${refusal.description}")`,
            node: refusal.node,
          },
        ];
  });
}

/** A member as a step of a JSONPath. */
export function step(name: string): string {
  return /^[A-Za-z_]\w*$/.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`;
}
