import { UsageError } from '../core/errors.js';

/** Where the requests go. */
export interface Target {
  /** Scheme, host and port, as `URL.origin` writes them. */
  readonly origin: string;
  /** Path prefix without a trailing slash; empty for none. */
  readonly prefix: string;
  /** Without the brackets of an IPv6 address. */
  readonly hostname: string;
  readonly port: number;
  readonly isTls: boolean;
  /** `user:password@` of the URL as an Authorization value; it stands in no recorded URL. */
  readonly authorization: string | null;
}

/** Reads a target's or proxy's URL. Throws UsageError when it is none of http or https. */
export function targetOf(url: string, what = 'the target'): Target {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (parsed === null || !/^https?:$/.test(parsed.protocol)) {
    throw new UsageError(`${what}: "${withoutUserInfo(url)}" is not an http:// or https:// URL`);
  }
  const isTls = parsed.protocol === 'https:';
  return {
    origin: parsed.origin,
    prefix: parsed.pathname.replace(/\/+$/, ''),
    hostname: parsed.hostname.replace(/^\[|\]$/g, ''),
    port: Number(parsed.port || (isTls ? 443 : 80)),
    isTls,
    authorization: basicOf(parsed),
  };
}

/** `Basic` credentials (RFC 7617), the user and password as UTF-8. */
export function basic(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`, 'utf8').toString('base64')}`;
}

function basicOf({ username, password }: URL): string | null {
  return username === '' && password === '' ? null : basic(decoded(username), decoded(password));
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function withoutUserInfo(url: string): string {
  return url.replace(/\/\/[^/@]*@/, '//');
}
