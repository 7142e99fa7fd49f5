import type { Method } from '../core/http.js';

export const METHODS = [
  'GET',
  'HEAD',
  'OPTIONS',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
] as const satisfies readonly Method[];

/** `METHOD /path?query` taken apart. */
export interface RequestLine {
  readonly method: Method;
  /** With its query. */
  readonly target: string;
  /** Without it. */
  readonly path: string;
}

/** Method and path of a request line, or what is wrong with it as a sentence. */
export function readRequestLine(text: string): RequestLine | string {
  const [, word = '', target = ''] = /^\s*(\S+)(?:\s+(.*?))?\s*$/s.exec(text) ?? [];
  const method = METHODS.find(one => one === word);
  if (method === undefined) {
    const right = METHODS.find(one => one === word.toUpperCase());
    if (right !== undefined) return `write the method in capitals: ${right}`;
    if (word.startsWith('/')) return 'lacks a method; write it as in "GET /orders/{id}"';
    return `"${word}" is no method; write one of ${METHODS.join(', ')} and a path, as in "GET /orders/{id}"`;
  }
  if (target === '') return `lacks a path; write it as in "${method} /orders/{id}"`;
  if (/^https?:\/\//i.test(target))
    return 'must not name a host; write the path below the URL of the target, as in "GET /orders/{id}"';
  if (!target.startsWith('/')) return `the path must begin with "/"`;
  const bare = target.replaceAll(/\{\{[^{}]*\}\}|\{[^{}]*\}/g, '');
  if (/\s/.test(bare)) return 'the path must not hold spaces; write %20';
  if (bare.includes('#')) return 'the path must not hold "#"';
  if (/[{}]/.test(bare)) return 'a "{" or "}" of the path has no partner';
  return { method, target, path: target.split('?')[0] ?? target };
}

/** The same, for a line that was looked at before. Throws TypeError on one that does not hold up. */
export function requestLine(text: string): RequestLine {
  const line = readRequestLine(text);
  if (typeof line === 'string') throw new TypeError(`"${text}" got past the mistakes: ${line}`);
  return line;
}

/** What two spellings of one operation have in common: method, and path with nameless parameters. */
export function operationKey(method: string, path: string): string {
  const plain = (path.split('?')[0] ?? path).replaceAll(/\{\{[^{}]*\}\}|\{[^{}]*\}/g, '{}').replace(/(.)\/+$/, '$1');
  return `${method.toUpperCase()} ${plain}`;
}
