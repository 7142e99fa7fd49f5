import { isMembers, itemsOf, type Members } from '../data.js';
import type { ApiDocument } from './document.js';
import { shapeOf, type Shape } from './shape.js';

/** Names whose boolean decides whether anything happens at all. */
const SWITCH = /dry|test|live|sandbox|simulat|validate|confirm|force|async|capture/i;
/** What says of which kind a record is; some servers never look at it. */
const KINDS = /^@?(type|kind)$/i;
const IDS = /(^|_)ids?$|Ids?$/;

const DEEPEST = 3;

/**
 * Changes after which a body should be refused, each merged over it, the surest first: a text for a number or a boolean, a
 * word outside its enumeration, a text that is no date, a number out of its bounds, an object for a text; at the top
 * before inside. Ids, kinds, switches and what a template fills stay as they are.
 */
export function* wrongsOf(document: ApiDocument, shape: Shape, body: Members): Iterable<Members> {
  for (const wrong of [otherType, otherWord, noDate, outOfRange, noText])
    yield* changed(document, shape, body, wrong, 0);
}

type Wrong = (value: unknown, shape: Shape) => unknown;

function* changed(
  document: ApiDocument,
  { properties }: Shape,
  body: Members,
  wrong: Wrong,
  depth: number,
): Iterable<Members> {
  const fields = Object.entries(body).flatMap(([name, value]) => {
    const node = properties.get(name);
    return node === undefined || isFilled(value) ? [] : [{ name, value, shape: shapeOf(document, node) }];
  });
  for (const { name, value, shape } of fields) {
    const other = [IDS, SWITCH, KINDS].some(kept => kept.test(name)) ? undefined : wrong(value, shape);
    if (other !== undefined) yield { [name]: other };
  }
  for (const { name, value, shape } of depth < DEEPEST ? fields : []) {
    if (!isMembers(value)) continue;
    for (const inner of changed(document, shape, value, wrong, depth + 1)) yield { [name]: inner };
  }
}

function isFilled(value: unknown): boolean {
  return typeof value === 'string' && value.includes('{{');
}

function otherType(value: unknown): unknown {
  return typeof value === 'number' || typeof value === 'boolean' ? `no ${typeof value}` : undefined;
}

function otherWord(value: unknown, { words }: Shape): unknown {
  return typeof value === 'string' && itemsOf(words['enum']).length > 0 ? 'none of these' : undefined;
}

function noDate(value: unknown, { words }: Shape): unknown {
  return typeof value === 'string' && /^date(-time)?$/.test(String(words['format'])) ? 'no date' : undefined;
}

function outOfRange(value: unknown, { words: { minimum, maximum } }: Shape): unknown {
  if (typeof value !== 'number') return undefined;
  if (typeof minimum === 'number') return minimum - 1;
  return typeof maximum === 'number' ? maximum + 1 : undefined;
}

function noText(value: unknown, { type }: Shape): unknown {
  return typeof value === 'string' && type === 'string' ? { no: 'text' } : undefined;
}
