import { compile, type JSONPathQuery, jsonpath, type JSONValue } from 'json-p3';
import { isSafeNumber, parse } from 'lossless-json';
import type { Response } from '../core/http.js';
import type { Selector } from '../core/resource.js';

/**
 * Compiles a JSONPath (RFC 9535). Throws RangeError with one sentence, without a location, when it is none. The only file
 * that knows which library evaluates it.
 */
export function createSelector(text: string): Selector {
  const query = compiled(text);
  const select = (value: unknown): readonly unknown[] => (isJson(value) ? valuesIn(query, value) : []);
  return {
    text,
    in: select,
    all: response => {
      const document = jsonOf(response);
      return document === undefined ? [] : select(document);
    },
    place: (document, value) => placeAt(document, namesOf(query), value),
  };
}

/** Where a JSONPath points in a value: for each node the names and indexes that lead to it. */
export function locationsIn(text: string, value: unknown): readonly (readonly (string | number)[])[] {
  if (!isJson(value)) return [];
  try {
    return compiled(text).query(value).locations();
  } catch {
    return [];
  }
}

/** The name of the last step of a JSONPath, when it ends in a single name. */
export function lastNameOf(text: string): string | null {
  const selector = compiled(text).segments.at(-1)?.selectors;
  const [only] = selector?.length === 1 ? selector : [];
  return only instanceof jsonpath.selectors.NameSelector ? only.name : null;
}

/**
 * A response's body as JSON, `undefined` when it is none or only part of it was kept. A number that a double cannot hold
 * exactly comes as the text it was written as, so that long ids keep their digits.
 */
export function jsonOf(response: Response): unknown {
  if (response.truncated || response.bodyEncoding !== 'utf8') return undefined;
  try {
    return parse(response.body, null, {
      parseNumber: digits => (isSafeNumber(digits) ? Number(digits) : digits),
      onDuplicateKey: ({ newValue }) => newValue,
    });
  } catch {
    // No JSON, or nested so deeply that the parser's stack ends: either way there is nothing to select from.
    return undefined;
  }
}

function compiled(text: string): JSONPathQuery {
  try {
    return compile(text);
  } catch (error) {
    if (!text.startsWith('$')) throw new RangeError('it has to begin with "$"');
    const [, detail = ''] = /^(.*?)(?: \('.*':\d+\))?$/s.exec(error instanceof Error ? error.message : '') ?? [];
    throw new RangeError(detail === '' || detail.includes('backup') ? 'it ends too early' : detail);
  }
}

function valuesIn(query: JSONPathQuery, value: JSONValue): readonly unknown[] {
  try {
    return query.query(value).values();
  } catch {
    return [];
  }
}

function isJson(value: unknown): value is JSONValue {
  return value !== undefined && typeof value !== 'function' && typeof value !== 'bigint' && typeof value !== 'symbol';
}

/** The steps of a path that names exactly one place by names and indexes, else `null`. */
function namesOf(query: JSONPathQuery): readonly (string | number)[] | null {
  if (!query.singularQuery()) return null;
  return query.segments.flatMap(({ selectors }) =>
    selectors.flatMap((selector): readonly (string | number)[] => {
      if (selector instanceof jsonpath.selectors.NameSelector) return [selector.name];
      return selector instanceof jsonpath.selectors.IndexSelector ? [selector.index] : [];
    }),
  );
}

function placeAt(document: Record<string, unknown>, steps: readonly (string | number)[] | null, value: unknown): void {
  const [first, ...rest] = steps ?? [];
  if (typeof first !== 'string') return;
  document[first] = rest.length === 0 ? value : placed(document[first], rest, value);
}

function placed(at: unknown, steps: readonly (string | number)[], value: unknown): unknown {
  const [first, ...rest] = steps;
  if (first === undefined) return value;
  if (typeof first === 'number') {
    const list: unknown[] = Array.isArray(at) ? [...at] : [];
    const index = Math.max(first, 0);
    list[index] = placed(list[index], rest, value);
    return list;
  }
  const before = typeof at === 'object' && at !== null && !Array.isArray(at) ? at : {};
  return { ...before, [first]: placed(Object.entries(before).find(([name]) => name === first)?.[1], rest, value) };
}
