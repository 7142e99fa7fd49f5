import { createHash } from 'node:crypto';
import { problem, type Reply } from './reply.js';

/** A request, read to its end. */
export interface Incoming {
  readonly method: string;
  /** Path and query as they came. */
  readonly target: string;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly headers: Headers;
  readonly body: string;
  /** Who calls: a tenant where they are told apart, else a short digest of the credential, empty without one. Part of each stored key, so that nobody meets another's answers. */
  readonly caller: string;
  /** Whether the client has closed its connection. */
  readonly isGone: () => boolean;
}

/** Preconditions of a request (RFC 9110 section 13.1), and which coding its answer may have. */
export interface Conditions {
  readonly ifMatch: string | null;
  readonly ifNoneMatch: string | null;
  /** Whether the client takes a compressed answer. A correct API sends none; a proxy before it may. */
  readonly takesGzip: boolean;
}

const MAX_BODY = 1_048_576;

/** Reads a request. */
export async function incoming(
  request: Request,
  params: Readonly<Record<string, string>>,
  isGone: () => boolean,
): Promise<Incoming> {
  const url = new URL(request.url);
  const credential = request.headers.get('authorization');
  return {
    method: request.method,
    target: `${url.pathname}${url.search}`,
    params,
    query: url.searchParams,
    headers: request.headers,
    body: request.body === null ? '' : await request.text(),
    caller: credential === null ? '' : digest(credential),
    isGone,
  };
}

/** Why a body cannot be taken at all, or `null`. */
export function unacceptable({ headers, body }: Incoming): Reply | null {
  if (body.length > MAX_BODY) return problem(413, 'too-large', 'The body is too large');
  const type = headers.get('content-type');
  if (body === '' || type === null || /^application\/([\w.-]+\+)?json\b/i.test(type)) return null;
  return problem(415, 'media-type', 'The body must be JSON');
}

/** The preconditions of a request. */
export function conditions({ headers }: Incoming): Conditions {
  return {
    ifMatch: headers.get('if-match'),
    ifNoneMatch: headers.get('if-none-match'),
    takesGzip: /\bgzip\b/i.test(headers.get('accept-encoding') ?? ''),
  };
}

/** What a key stands for: method, target and body. */
export function fingerprint({ method, target, body }: Incoming): string {
  return createHash('sha256').update(`${method}\n${target}\n${body}`).digest('base64url');
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 16);
}
