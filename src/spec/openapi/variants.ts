import { isMembers, itemsOf, type Members } from '../data.js';
import type { ApiDocument } from './document.js';
import { rankOf } from './marking.js';
import { shapeOf, type Shape } from './shape.js';

/** Words that decide which other fields make sense. */
const KINDS = /type|category|kind|format|currency|country|method|mode|locale|language|brand|channel/i;
/** Names whose boolean decides whether anything happens at all. */
const SWITCH = /dry|test|live|sandbox|simulat|validate|confirm|force|async|capture/i;
const IDS = /(^|_)ids?$|Ids?$|reference$/;

/**
 * Changes that make a body a different one, each merged over it, the safest first: a number within its bounds before a
 * free text, a date, another word of an enumeration, a boolean, a currency; at the top before inside.
 */
export function* variantsOf(document: ApiDocument, shape: Shape, body: Members): Iterable<Members> {
  for (const change of [otherNumber, otherText, otherDate, otherWord, otherBoolean, otherCurrency]) {
    yield* changed(document, shape, body, change, 0);
  }
}

type Change = (name: string, value: unknown, shape: Shape) => unknown;

function* changed(
  document: ApiDocument,
  { properties }: Shape,
  body: Members,
  change: Change,
  depth: number,
): Iterable<Members> {
  const fields = Object.entries(body).flatMap(([name, value]) => {
    const node = properties.get(name);
    return node === undefined ? [] : [{ name, value, shape: shapeOf(document, node) }];
  });
  for (const { name, value, shape } of fields) {
    const other = IDS.test(name) ? undefined : change(name, value, shape);
    if (other !== undefined) yield { [name]: other };
  }
  for (const { name, value, shape } of depth < 3 ? fields : []) {
    if (isMembers(value)) {
      for (const inner of changed(document, shape, value, change, depth + 1)) yield { [name]: inner };
    }
    const [first, ...rest] = itemsOf(value);
    if (isMembers(first)) {
      // Lists are replaced whole, so that the changed item stands among the others as they were.
      for (const inner of changed(document, shapeOf(document, shape.items), first, change, depth + 1)) {
        yield { [name]: [{ ...first, ...inner }, ...rest] };
      }
    }
  }
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

function otherWord(name: string, value: unknown, { words }: Shape): unknown {
  return KINDS.test(name) ? undefined : itemsOf(words['enum']).find(word => word !== value && word !== null);
}

function otherBoolean(name: string, value: unknown): unknown {
  return typeof value === 'boolean' && !SWITCH.test(name) ? !value : undefined;
}

function otherText(name: string, value: unknown, { type, words }: Shape): unknown {
  if (typeof value !== 'string' || type !== 'string' || value.includes('{{')) return undefined;
  const isBound = ['enum', 'const', 'format', 'pattern'].some(word => words[word] !== undefined);
  const most = typeof words['maxLength'] === 'number' ? words['maxLength'] : Infinity;
  const other = `${value} 2`;
  return isBound || other.length > most || !Number.isFinite(rankOf(name)) ? undefined : other;
}

/** Any API that takes a currency as text takes these two. */
function otherCurrency(name: string, value: unknown, { words }: Shape): unknown {
  if (!/currency/i.test(name) || typeof value !== 'string' || !/^[A-Z]{3}$/.test(value)) return undefined;
  if (words['enum'] !== undefined || words['const'] !== undefined) return undefined;
  return value === 'EUR' ? 'USD' : 'EUR';
}

/** The day after, at the same time of day. */
function otherDate(_: string, value: unknown, { words }: Shape): unknown {
  if (typeof value !== 'string' || !/^date(-time)?$/.test(String(words['format']))) return undefined;
  const day = value.slice(0, 10);
  const next = new Date(`${day}T00:00:00Z`);
  if (Number.isNaN(next.getTime())) return undefined;
  next.setUTCDate(next.getUTCDate() + 1);
  return `${next.toISOString().slice(0, 10)}${value.slice(10)}`;
}
