import type { Place } from '../../generated/spec.js';
import type { ApiDocument, Node } from './document.js';
import { successOf, type ApiOperation } from './operations.js';
import { shapeOf, type Shape } from './shape.js';

/** Where the answer of a create shows the id; `undefined` when nothing is documented (then `$.id`, else Location). */
export function idPlaceIn(
  document: ApiDocument,
  create: ApiOperation,
  name: string,
  parameter: string | null,
): Place | undefined {
  const success = successOf(create);
  const found = idIn(document, success?.content?.schema ?? null, name, parameter);
  if (found !== null) return found;
  return success?.headers.includes('location') === true ? { header: 'Location' } : undefined;
}

/** The id's JSONPath in a schema, at the top or inside one envelope. */
export function idIn(
  document: ApiDocument,
  schema: Node | null,
  name: string,
  parameter: string | null,
): string | null {
  const shape = shapeOf(document, schema);
  const direct = idFieldOf(shape, name, parameter);
  if (direct !== null) return `$${step(direct)}`;
  for (const [envelope, node] of shape.properties) {
    const inner = shapeOf(document, node);
    const field = inner.type === 'object' && inner.properties.size > 0 ? idFieldOf(inner, name, parameter) : null;
    if (field !== null) return `$${step(envelope)}${step(field)}`;
  }
  return null;
}

function idFieldOf({ properties }: Shape, name: string, parameter: string | null): string | null {
  const plain = (text: string) => text.replaceAll(/[_-]/g, '').toLowerCase();
  const names = [...properties.keys()];
  const wanted = [...(parameter === null ? [] : [parameter]), 'id', 'uuid', `${name}id`, `${name}uuid`].map(plain);
  const exact = wanted.flatMap(one => names.find(field => plain(field) === one) ?? [])[0];
  if (exact !== undefined) return exact;
  // `{paymentPspReference}` is the `pspReference` of the answer.
  const tail =
    parameter === null ? [] : names.filter(field => plain(field).length > 4 && plain(parameter).endsWith(plain(field)));
  return (
    tail.toSorted((a, b) => b.length - a.length)[0] ??
    names.find(field => /^(psp|payment)Reference$/i.test(field)) ??
    null
  );
}

const COUNTED = /^(balance|stock|credits?|points|available|inventory)$/i;

/** The JSONPath of a number in the answer of a read that an action may move, such as a balance; `null` when there is none. */
export function countedIn(document: ApiDocument, read: ApiOperation): string | null {
  const { properties } = shapeOf(document, successOf(read)?.content?.schema ?? null);
  const found = [...properties].find(
    ([name, node]) => COUNTED.test(name) && ['number', 'integer'].includes(shapeOf(document, node).type ?? ''),
  );
  return found === undefined ? null : `$${step(found[0])}`;
}

const USUAL_LISTS = ['items', 'data', 'results', 'records', 'content', 'values', 'entries'];

/** The JSONPath of the records in the answer of a list; `null` when it holds no list. */
export function itemsIn(document: ApiDocument, operation: ApiOperation): string | null {
  const shape = shapeOf(document, successOf(operation)?.content?.schema ?? null);
  if (shape.type === 'array') return '$';
  const lists = (of: Shape) =>
    [...of.properties].filter(([, node]) => shapeOf(document, node).type === 'array').map(([name]) => name);
  const found = lists(shape);
  const best = USUAL_LISTS.find(name => found.includes(name)) ?? found[0];
  if (best !== undefined) return `$${step(best)}`;
  for (const envelope of ['_embedded', 'data', 'response', 'result']) {
    const node = shape.properties.get(envelope);
    const inner = node === undefined ? undefined : lists(shapeOf(document, node))[0];
    if (inner !== undefined) return `$${step(envelope)}${step(inner)}`;
  }
  return null;
}

function step(name: string): string {
  return /^[A-Za-z_]\w*$/.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`;
}
