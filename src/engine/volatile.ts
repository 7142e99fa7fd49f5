import { isSuccess, type Answered, type Exchange } from '../core/http.js';
import type { Scope } from '../core/scope.js';

/**
 * Paths (`$.a.b`, `[*]` for any index) of fields that differ between answers to equal operations: ids, timestamps,
 * request ids. A field whose values come from the requests themselves is not volatile.
 */
export function volatilePaths(answers: readonly Answered[]): readonly string[] {
  const [first, ...others] = answers.map(({ request, response }) => ({
    sent: request.body ?? '',
    leaves: leavesOf(parsed(response.body)),
  }));
  if (first === undefined) return [];
  const paths = new Set<string>();
  for (const other of others) {
    for (const path of new Set([...first.leaves.keys(), ...other.leaves.keys()])) {
      const [mine, theirs] = [first.leaves.get(path), other.leaves.get(path)];
      if (mine === theirs) continue;
      const isSent = wasSent(first.sent, mine) && wasSent(other.sent, theirs);
      if (!isSent) paths.add(path);
    }
  }
  return [...paths];
}

/** An answer with all that is known of its scope told as sent, so that ids and markers of twins are not volatile. */
export function answerIn(scope: Scope, exchange: Exchange): readonly Answered[] {
  if (!isSuccess(exchange)) return [];
  const known = JSON.stringify({ values: scope.values, marker: scope.marker, uuid: scope.uuid, int: scope.int });
  return [{ ...exchange, request: { ...exchange.request, body: `${exchange.request.body ?? ''} ${known}` } }];
}

function wasSent(sent: string, value: string | undefined): boolean {
  return value !== undefined && value !== '""' && sent.includes(value);
}

function leavesOf(value: unknown, path = '$', into = new Map<string, string>()): ReadonlyMap<string, string> {
  if (Array.isArray(value)) value.forEach(item => leavesOf(item, `${path}[*]`, into));
  else if (typeof value === 'object' && value !== null) {
    for (const [name, inner] of Object.entries(value)) leavesOf(inner, `${path}.${name}`, into);
  } else if (value !== undefined) into.set(path, `${into.get(path) ?? ''}${JSON.stringify(value)}`);
  return into;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
