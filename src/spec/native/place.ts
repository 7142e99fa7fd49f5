import { header, type Response } from '../../core/http.js';
import type { Identity } from '../../core/resource.js';
import type { Scope, Value } from '../../core/scope.js';
import { createSelector } from '../selector.js';
import { fillText } from '../template.js';

/** A JSONPath, or a header with a pattern. */
export type WrittenPlace = string | { readonly header: string; readonly pattern?: string };

/** Reads a place of a response as text; `null` when nothing is there. An id may be `0` or the empty string. */
export function readPlace(place: WrittenPlace): (response: Response) => string | null {
  if (typeof place === 'string') {
    const selector = createSelector(place);
    return response => {
      const [found] = selector.all(response);
      return found === undefined || found === null || typeof found === 'object' ? null : String(found);
    };
  }
  const pattern = place.pattern === undefined ? null : new RegExp(place.pattern);
  return response => {
    const line = header(response, place.header);
    if (line === null) return null;
    if (pattern === null) return place.header.toLowerCase() === 'location' ? lastSegment(line) : line;
    return pattern.exec(line)?.[1] ?? null;
  };
}

/** How the id of a resource is known; without a word about it `$.id`, else the last segment of Location. */
export function compileIdentity(written: WrittenPlace | undefined): Identity {
  if (typeof written === 'string' && written.includes('{{')) {
    return {
      chosenBy: 'client',
      of: () => null,
      from: (scope: Scope) => fillText(written, scope),
      place: response => response,
    };
  }
  const reads = (written === undefined ? (['$.id', { header: 'Location' }] as const) : [written]).map(readPlace);
  return {
    chosenBy: 'server',
    of: response => reads.reduce<string | null>((found, read) => found ?? read(response), null),
    from: null,
    place: (response, id) => placed(response, id, written),
  };
}

/** Compiles what an operation captures from its answer. */
export function compileCapture(
  written: Readonly<Record<string, WrittenPlace>> | undefined,
): (response: Response) => Readonly<Record<string, Value>> {
  const reads = Object.entries(written ?? {}).map(([name, place]) => [name, readPlace(place)] as const);
  return response =>
    Object.fromEntries(
      reads.flatMap(([name, read]) => {
        const value = read(response);
        return value === null ? [] : [[name, value] as const];
      }),
    );
}

function placed(response: Response, id: string, written: WrittenPlace | undefined): Response {
  if (typeof written === 'object') {
    return { ...response, headers: [...response.headers, [written.header, `/stand-in/${id}`]] };
  }
  const document: Record<string, unknown> = {};
  createSelector(written ?? '$.id').place(document, id);
  return { ...response, body: JSON.stringify(document) };
}

function lastSegment(location: string): string | null {
  const segment = location.split(/[?#]/)[0]?.replace(/\/+$/, '').split('/').at(-1) ?? '';
  return segment === '' ? null : decoded(segment);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
