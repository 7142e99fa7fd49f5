import { isSafeNumber, parse } from 'lossless-json';
import { isSuccess, type Answered, type Exchange } from '../../core/http.js';
import type { Listing, Resource } from '../../core/resource.js';

/** One page of a list as it was answered. */
export interface Page {
  readonly exchange: Answered;
  /** Its body; `undefined` where it is no JSON. */
  readonly body: unknown;
  readonly items: readonly unknown[];
}

/** A page that was read in full, or why it was not. */
export function pageOf({ items }: Pick<Listing, 'items'>, exchange: Exchange): Page | string {
  if (!isSuccess(exchange)) return `answered with ${exchange.response?.status ?? exchange.lost}`;
  const { response } = exchange;
  if (response.truncated) return 'longer than what is kept of an answer';
  const body = parsed(response.body);
  if (body === undefined && response.body.trim() !== '') return 'answered with a body that is no JSON';
  return { exchange, body, items: items === null ? arrayIn(body) : items.all(response).flatMap(listed) };
}

function listed(found: unknown): readonly unknown[] {
  return Array.isArray(found) ? found : found === null || found === undefined ? [] : [found];
}

function arrayIn(body: unknown): readonly unknown[] {
  if (Array.isArray(body)) return body;
  return isMembers(body) ? (Object.values(body).find(value => Array.isArray(value)) ?? []) : [];
}

/** The id of a list item: where the spec says it stands, else a member that is usual; `null` without any. */
export function shownIdOf(item: unknown, resource: Resource): string | null {
  const body = JSON.stringify(item) ?? '';
  const own = resource.id.of({ status: 200, headers: [], body, bodyEncoding: 'utf8', bodyBytes: 0, truncated: false });
  if (own !== null) return own;
  const id = isMembers(item) ? (item['id'] ?? item['uuid'] ?? item['_id']) : undefined;
  return typeof id === 'string' || typeof id === 'number' ? String(id) : null;
}

/** What tells an item apart: its id, else its whole text. */
export function nameOf(item: unknown, resource: Resource): string {
  return shownIdOf(item, resource) ?? JSON.stringify(item) ?? '';
}

/** Whether an item is the record of an id: a short number counts only where an id stands. */
export function isRecordOf(item: unknown, id: string, resource: Resource): boolean {
  if (shownIdOf(item, resource) === id) return true;
  return leavesIn(item).some(({ name, text }) => {
    if (text.endsWith(`/${id}`)) return true;
    return text === id && (id.length >= 8 || /(^|[_a-z])(id|ID|Id|key|ref|code|name|number)$/.test(name));
  });
}

/** Every scalar of a value as text, with the name of the member it stands in. */
export function leavesIn(value: unknown, name = ''): readonly { readonly name: string; readonly text: string }[] {
  if (Array.isArray(value)) return value.flatMap(item => leavesIn(item, name));
  if (isMembers(value)) return Object.entries(value).flatMap(([inner, one]) => leavesIn(one, inner));
  return value === null || value === undefined ? [] : [{ name, text: String(value) }];
}

/** Whether a value is a JSON object. */
export function isMembers(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A JSON text, with numbers that a double cannot hold as the text they are written as; `undefined` when it is none. */
export function parsed(text: string): unknown {
  try {
    return parse(text, null, { parseNumber: digits => (isSafeNumber(digits) ? Number(digits) : digits) });
  } catch {
    return undefined;
  }
}
