import type { HeaderLine, Request, SentRequest } from '../core/http.js';
import type { Credential } from '../core/transport.js';
import type { Target } from './target.js';

/** What is added to every request, unless the request says otherwise. */
export interface Defaults {
  /** The target: origin and path prefix. */
  readonly url: string;
  readonly headers: readonly HeaderLine[];
  readonly userAgent: string;
}

/** A request as it goes out, or the reason why it must not. */
export interface Composed {
  readonly sent: SentRequest;
  readonly refusal: string | null;
  /** Goes out byte for byte. */
  readonly isVerbatim: boolean;
}

/** Characters that may not stand in a request target (RFC 9112 section 3.2), or that common servers refuse there. */
const UNSAFE = /[^\x21-\x7e]|["#<>\\^`{|}]/gu;

/**
 * The request as it goes out: absolute URL, default headers, credential. A request's own header takes the place of
 * the credential's of that name, that of the target's, that of a default; repeated lines of one source all go out. A
 * credential of another caller takes the place of all the target's own has. `connection` is left to the transport. Nothing of the path is normalised.
 */
export function compose(
  request: Request,
  target: Target,
  { headers, userAgent }: Pick<Defaults, 'headers' | 'userAgent'>,
  credential: Credential,
): Composed {
  const { method, body } = request;
  const { replaces } = credential;
  const place = placeOf(target, request.path);
  const path = place === null ? '/' : withQuery(place, credential.query);
  const lines = layered([
    [
      ['user-agent', userAgent],
      ['accept', 'application/json, */*;q=0.5'],
      ['accept-encoding', 'identity'],
      ['cache-control', 'no-cache'],
    ],
    target.authorization === null || replaces !== undefined ? [] : [['authorization', target.authorization]],
    replaces === undefined ? headers : [],
    credential.headers,
    replaces === undefined ? request.headers : request.headers.filter(([name]) => !replaces(name)),
  ]);
  const sent = { method, url: place === null ? request.path : `${target.origin}${path}`, headers: lines, body };
  return {
    sent,
    isVerbatim: request.verbatim === true,
    refusal: place === null ? `${request.path} is not on ${target.origin}` : wrongLength(sent),
  };
}

/** Where a path leads on the target: below its prefix, or as an absolute URL of the same origin; `null` = elsewhere. */
function placeOf({ origin, prefix }: Target, path: string): string | null {
  const authority = /^https?:\/\/[^/?#]*/i.exec(path)?.[0];
  if (authority === undefined) {
    return rooted(`${prefix}${/^[/?]|^$/.test(path) ? '' : '/'}${path}`).replaceAll(UNSAFE, percentEncoded);
  }
  if (!URL.canParse(authority) || new URL(authority).origin !== origin) return null;
  return rooted(path.slice(authority.length).replace(/#.*/s, '')).replaceAll(UNSAFE, percentEncoded);
}

function rooted(path: string): string {
  return path.startsWith('/') ? path : `/${path}`;
}

function withQuery(path: string, query: Credential['query']): string {
  return query.reduce((url, [name, value]) => {
    const pair = `${percentEncodedAll(name)}=${percentEncodedAll(value)}`;
    return `${url}${url.includes('?') ? '&' : '?'}${pair}`;
  }, path);
}

function percentEncodedAll(text: string): string {
  return text.replaceAll(/[^A-Za-z0-9._~-]/gu, percentEncoded);
}

function percentEncoded(character: string): string {
  return [...Buffer.from(character, 'utf8')]
    .map(byte => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`)
    .join('');
}

/** Lines of a source stand unless a later source has the name too. */
function layered(sources: readonly (readonly HeaderLine[])[]): readonly HeaderLine[] {
  const names = sources.map(lines => new Set(lines.map(([name]) => name.toLowerCase())));
  return sources.flatMap((lines, at) =>
    lines.filter(([name]) => {
      const wanted = name.toLowerCase();
      return wanted !== 'connection' && !names.slice(at + 1).some(later => later.has(wanted));
    }),
  );
}

function wrongLength({ headers, body }: SentRequest): string | null {
  const length = String(Buffer.byteLength(body ?? ''));
  const stated = headers.find(([name, value]) => name.toLowerCase() === 'content-length' && value !== length);
  return stated === undefined ? null : `content-length is ${stated[1]}, and the body has ${length} bytes`;
}
