import { itemsOf } from '../data.js';
import type { ApiDocument, Node } from './document.js';
import type { ApiOperation } from './operations.js';
import { recordIn } from './answers.js';
import { isReadOnly } from './sample.js';
import { shapeOf } from './shape.js';

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

/** The field of a create's body that takes the marker, and the query parameter of the list that asks for it. */
export interface Marked {
  readonly field: string;
  readonly node: Node;
  /** `null` = the list cannot be asked for it. */
  readonly filter: { readonly name: string; readonly node: Node } | null;
}

/** A field that can take the marker; one that the list can filter by before any other. */
export function markedField(document: ApiDocument, { body }: ApiOperation, list: ApiOperation | null): Marked | null {
  const { properties } = recordIn(document, body?.schema ?? null);
  const free = [...properties].filter(([, node]) => isFreeText(document, node));
  const ranked = free
    .map(([field, node]) => ({ field, node, rank: rankOf(field), filter: filterFor(field, list) }))
    .toSorted((a, b) => a.rank - b.rank);
  const named = ranked.filter(({ rank }) => rank < FREE_TEXT.length);
  const isFiltered = ({ filter }: { readonly filter: Marked['filter'] }) => filter !== null;
  const found = named.find(isFiltered) ?? ranked.find(isFiltered) ?? named[0];
  return found === undefined ? null : { field: found.field, node: found.node, filter: found.filter };
}

/** The query parameter of a list that asks for the value of a field: `external_id`, `externalId`, `filter[externalId]`. */
export function filterFor(field: string, list: ApiOperation | null): Marked['filter'] {
  const plain = (text: string) => text.replaceAll(/[_-]/g, '').toLowerCase();
  const inner = (name: string) => /^(?:filters?|where|query|q)(?:\[([^\]]+)\](?:\[eq\])?|\.(\w+))$/i.exec(name) ?? [];
  const found = (list?.parameters ?? [])
    .filter(parameter => parameter.in === 'query')
    .find(({ name }) => {
      const [, bracketed, dotted] = inner(name);
      const bare = bracketed ?? dotted ?? name.replace(/(\[eq\]|_eq|\.eq)$/i, '');
      return plain(bare) === plain(field);
    });
  return found === undefined ? null : { name: found.name, node: found.node };
}

function isFreeText(document: ApiDocument, node: Node): boolean {
  const { type, words } = shapeOf(document, node);
  const most = words['maxLength'];
  const isBound = ['enum', 'const', 'format', 'pattern'].some(word => words[word] !== undefined);
  // `publishers/1/books/2` is the name of a resource (AIP-122), and none to choose.
  const isName = [words['example'], ...itemsOf(words['examples'])].some(
    one => typeof one === 'string' && /^[a-z][\w-]*\/[^/\s]+(\/|$)/.test(one),
  );
  return (
    type === 'string' &&
    !isBound &&
    !isName &&
    !isReadOnly(document, node) &&
    !(typeof most === 'number' && most < MARKER_LENGTH)
  );
}

/** How likely a field of this name is free text: its place among the usual ones, or `Infinity`. */
export function rankOf(name: string): number {
  const plain = (text: string) => text.replaceAll(/[_-]/g, '').toLowerCase();
  const exact = FREE_TEXT.findIndex(free => plain(free) === plain(name));
  if (exact !== -1) return exact;
  // `merchantReference`, `eventDescription`; an exact name goes before it.
  if (NOT_FREE.test(name)) return Infinity;
  const tail = FREE_TEXT.findIndex(free => plain(name).endsWith(plain(free)));
  return tail === -1 ? Infinity : tail + 0.5;
}

/** Fields that APIs keep unique although nobody says so. */
const USUALLY_UNIQUE = /^(e-?mail(_?address)?|user_?name|login|handle|slug|sku)$/i;

/**
 * What goes into a field so that no two records have the same value in it: the marker, inside an address where it is
 * one, or a UUID. `null` for a field that takes neither.
 */
export function distinctValue(document: ApiDocument, name: string, node: Node, isUnique: boolean): string | null {
  if (!isUnique && !isUsuallyUnique(name)) return null;
  const { type, words } = shapeOf(document, node);
  const most = typeof words['maxLength'] === 'number' ? words['maxLength'] : Infinity;
  if ((type !== 'string' && type !== null) || words['enum'] !== undefined || words['pattern'] !== undefined)
    return null;
  if (words['format'] === 'uuid') return '{{uuid}}';
  if (words['format'] === 'email' || /mail/i.test(name)) return most < 48 ? null : '{{marker}}@example.com';
  return words['format'] === undefined && most >= MARKER_LENGTH ? '{{marker}}' : null;
}

/** Whether APIs keep a field of this name unique although nobody says so. */
export function isUsuallyUnique(name: string): boolean {
  return USUALLY_UNIQUE.test(name);
}
