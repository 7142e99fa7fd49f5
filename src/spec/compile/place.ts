import { header, type Response } from '../../core/http.js';
import type { Identity, Place } from '../../core/resource.js';
import type { Value } from '../../core/scope.js';
import type { Capture } from '../../generated/spec.js';
import { createSelector } from '../selector.js';
import { fillText } from '../template.js';

/** Where an id is looked for when nobody says: the body's `id`, else the last segment of Location. */
const USUAL: readonly Place[] = ['$.id', { header: 'Location' }];

/**
 * The value at a place of a response; `undefined` when nothing is there, or no single text, number or boolean. From a
 * Location the value comes percent-decoded, as a path puts it back encoded.
 */
export function readPlace(place: Place): (response: Response) => Value | undefined {
  if (typeof place === 'string') {
    const selector = createSelector(place);
    return response => scalar(selector.all(response)[0]);
  }
  const isAddress = /^(content-)?location$/i.test(place.header);
  const pattern = place.pattern === undefined ? null : new RegExp(place.pattern);
  return response => {
    const line = header(response, place.header);
    if (line === null) return undefined;
    const found = pattern === null ? (isAddress ? lastSegment(line) : line) : pattern.exec(line)?.[1];
    return found === undefined || !isAddress ? found : decoded(found);
  };
}

function scalar(value: unknown): Value | undefined {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : undefined;
}

function lastSegment(address: string): string | undefined {
  const segment = address.split(/[?#]/)[0]?.replace(/\/+$/, '').split('/').at(-1);
  return segment === '' ? undefined : segment;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** How the id of a resource is known: a place of the create response, or a template the client fills. */
export function compileIdentity(written: Place | undefined): Identity {
  if (typeof written === 'string' && written.includes('{{')) {
    return {
      chosenBy: 'client',
      places: [],
      of: () => null,
      from: scope => fillText(written, scope),
      place: response => response,
    };
  }
  return identityAt(written === undefined ? USUAL : [written]);
}

/** An id that the create response shows at one of some places. */
export function identityAt(places: readonly Place[]): Identity {
  const read = firstOf(places.map(readPlace));
  return {
    chosenBy: 'server',
    places,
    of: response => {
      const found = read(response);
      return found === undefined ? null : String(found);
    },
    from: null,
    place: (response, id) => withId(response, id, places[0] ?? '$.id'),
  };
}

function firstOf(
  reads: readonly ((response: Response) => Value | undefined)[],
): (response: Response) => Value | undefined {
  return response => reads.reduce<Value | undefined>((found, read) => found ?? read(response), undefined);
}

/** The id with the type it has in the body, so that `{{id}}` puts a number back as a number. */
export function idCapture(written: Place | undefined): (response: Response) => Readonly<Record<string, Value>> {
  if (typeof written === 'object' || written?.includes('{{') === true) return () => ({});
  const read = readPlace(written ?? '$.id');
  return response => {
    const id = read(response);
    return id === undefined ? {} : { id };
  };
}

/** What an operation captures from its answer; a value that is not there is left out. */
export function captureOf(written: Capture | undefined): (response: Response) => Readonly<Record<string, Value>> {
  const reads = Object.entries(written ?? {}).map(([name, place]) => [name, readPlace(place)] as const);
  return response =>
    Object.fromEntries(
      reads.flatMap(([name, read]) => {
        const value = read(response);
        return value === undefined ? [] : [[name, value] as const];
      }),
    );
}

function withId(response: Response, id: string, place: Place): Response {
  if (typeof place === 'object') {
    return { ...response, headers: [...response.headers, [place.header, lineFor(id, place)]] };
  }
  const document: Record<string, unknown> = {};
  createSelector(place).place(document, id);
  return { ...response, body: JSON.stringify(document) };
}

/** A header line from which the place reads the id: the pattern itself with its group replaced, where that works. */
function lineFor(id: string, place: Exclude<Place, string>): string {
  const literal = (place.pattern ?? '')
    .replace(/\((?!\?)(?:[^()\\]|\\.)*\)/, id)
    .replaceAll(/^\^|\$$|\\(?=[^\w])/g, '');
  const lines = [literal, `/stand-in/${encodeURIComponent(id)}`, id];
  return lines.find(line => readPlace(place)({ ...EMPTY, headers: [[place.header, line]] }) === id) ?? id;
}

const EMPTY: Response = { status: 201, headers: [], body: '', bodyEncoding: 'utf8', bodyBytes: 0, truncated: false };
