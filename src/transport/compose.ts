import type { HeaderLine, Request, SentRequest } from '../core/http.js';
import type { Credential } from '../core/transport.js';

/** What is added to every request, unless the request says otherwise. */
export interface Defaults {
  /** The target: origin and path prefix. */
  readonly url: string;
  readonly headers: readonly HeaderLine[];
  readonly userAgent: string;
}

/** The request as it goes out: absolute URL, default headers, credential. */
export function compose(request: Request, { url, headers, userAgent }: Defaults, credential: Credential): SentRequest {
  const defaults: readonly HeaderLine[] = [
    ['user-agent', userAgent],
    ['accept', 'application/json, */*;q=0.5'],
    ['accept-encoding', 'identity'],
    ['cache-control', 'no-cache'],
    ...headers,
    ...credential.headers,
  ];
  return {
    method: request.method,
    url: addressOf(url, request.path, credential.query),
    headers: [...lastOfEach(defaults, request.headers), ...request.headers],
    body: request.body,
  };
}

/** Of several defaults of one name the last counts, and none that the request sets itself. */
function lastOfEach(defaults: readonly HeaderLine[], own: readonly HeaderLine[]): readonly HeaderLine[] {
  const taken = new Set(own.map(([name]) => name.toLowerCase()));
  const kept = new Map<string, HeaderLine>();
  for (const line of defaults) {
    const name = line[0].toLowerCase();
    if (!taken.has(name)) kept.set(name, line);
  }
  return [...kept.values()];
}

/** The target's prefix joined with a path; a path that is an absolute URL of the same origin stands for itself. */
function addressOf(base: string, path: string, query: Credential['query']): string {
  const isAbsolute = /^https?:\/\//i.test(path);
  const joined = isAbsolute
    ? path
    : `${base.replace(/\/+$/, '')}${path.startsWith('/') || path.startsWith('?') ? '' : '/'}${path}`;
  const url = new URL(joined);
  for (const [name, value] of query) url.searchParams.append(name, value);
  return url.href;
}
