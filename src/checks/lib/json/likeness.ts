import type { Preflight } from '../../../core/preflight.js';
import { isAnswered, type Exchange, type Response } from '../../../core/http.js';
import type { Resource } from '../../../core/resource.js';
import { differences, jsonOf, type Difference } from './json.js';

/**
 * How like two bodies are: to the byte; as JSON; as JSON but for fields that vary anyway; not at all; or `unreadable`:
 * different, and no JSON that is held completely, so that nothing can be left out of the comparison.
 */
export type Likeness = 'bytes' | 'json' | 'volatile' | 'other' | 'unreadable';

/** How like two bodies are, leaving out the paths that vary between any two answers. */
export function likeness(first: Response, second: Response, ignored: readonly string[]): Likeness {
  if (sameBytes(first, second)) return 'bytes';
  if (first.truncated || second.truncated) return 'unreadable';
  if (first.body === '' || second.body === '') return 'other';
  const [before, after] = [jsonOf(first), jsonOf(second)];
  if (before === undefined && after === undefined) return 'unreadable';
  if (before === undefined || after === undefined) return 'other';
  if (differences(before, after).length === 0) return 'json';
  return differences(before, after, ignored).length === 0 ? 'volatile' : 'other';
}

/** The fields in which two JSON bodies differ; empty where either is none. */
export function changedFields(first: Response, second: Response, ignored: readonly string[]): readonly Difference[] {
  const [before, after] = [jsonOf(first), jsonOf(second)];
  return before === undefined || after === undefined ? [] : differences(before, after, ignored);
}

/** The paths that vary between any two answers: as learned from the control, and as the user says. */
export function ignoredPaths(
  { volatile }: Pick<Preflight, 'volatile'>,
  resource: Pick<Resource, 'volatile'>,
): string[] {
  return [...volatile, ...resource.volatile.map(({ text }) => text)];
}

/** Whether at least two answers came, and all are the same in status and body. */
export function isConsistent(exchanges: readonly (Exchange | undefined)[], ignored: readonly string[]): boolean {
  const answers = exchanges.flatMap(exchange =>
    exchange !== undefined && isAnswered(exchange) ? [exchange.response] : [],
  );
  const [first, ...others] = answers;
  if (first === undefined || others.length === 0) return false;
  return others.every(
    other => other.status === first.status && ['bytes', 'json', 'volatile'].includes(likeness(first, other, ignored)),
  );
}

function sameBytes(first: Response, second: Response): boolean {
  return (
    first.body === second.body && first.bodyEncoding === second.bodyEncoding && first.bodyBytes === second.bodyBytes
  );
}
