import { ANONYMOUS, GARBAGE } from '../core/callers.js';
import type { HeaderLine } from '../core/http.js';
import type { Auth, Caller, Spec } from '../core/spec.js';
import type { Callers, Credentials } from '../core/transport.js';
import { isCookie, isSecretHeader } from '../report/sensitive.js';
import { createCredentials, type CredentialPorts } from '../transport/credentials.js';
import { noting } from './secrets.js';

/** Stands in for a credential, and opens nothing. */
const WORTHLESS = 'idem-check-worthless';

/** Name of the caller that `--identity` describes. */
const OTHER = 'other';

/** The spec with the header lines of the flags: those of `--header` for the run's own caller, of `--identity` for `other`. */
export function withFlagCallers(spec: Spec, own: readonly HeaderLine[], other: readonly HeaderLine[]): Spec {
  const caller = { ...spec.caller, headers: [...spec.caller.headers, ...own] };
  if (other.length === 0) return { ...spec, caller };
  const before = spec.identities[OTHER] ?? { headers: [], auth: null };
  return { ...spec, caller, identities: { ...spec.identities, [OTHER]: overridden(before, other) } };
}

/** Header lines take the place of those of their names, and of a way to authenticate that uses one of these. */
function overridden({ headers, auth }: Caller, lines: readonly HeaderLine[]): Caller {
  const isTaken = (name: string) => lines.some(([taken]) => taken.toLowerCase() === name.toLowerCase());
  const used = auth === null ? null : headerOf(auth);
  return {
    headers: [...headers.filter(([name]) => !isTaken(name)), ...lines],
    auth: used !== null && isTaken(used) ? null : auth,
  };
}

/** Whether the run's own requests carry a credential: so that a request without one is another caller's. */
export function isAuthenticated({ caller, url }: Pick<Spec, 'caller' | 'url'>): boolean {
  return caller.auth !== null || caller.headers.some(([name]) => isCredential(name)) || hasUser(url);
}

/** Who requests can go out as: the run's own caller, those of the spec, and the two built-in ones. */
export function createCallers(
  spec: Spec,
  url: string,
  ports: CredentialPorts,
  /** Gathers the secrets that are handed out. */
  obtained: Set<string>,
): Callers {
  const own = noting(createCredentials(spec.caller.auth, ports), obtained);
  const foreign = ({ auth, headers }: Caller) => createCredentials(auth, { ...ports, headers });
  const others = new Map<string, Credentials>([
    ...Object.entries(spec.identities).map(([name, one]) => [name, noting(foreign(one), obtained)] as const),
    [ANONYMOUS, foreign(anonymous(spec))],
    [GARBAGE, foreign(garbage(spec, hasUser(url)))],
  ]);
  const used = spec.caller.auth === null ? null : headerOf(spec.caller.auth)?.toLowerCase();
  const replaces = (name: string) => isCredential(name) || name.toLowerCase() === used;
  return async identity => {
    if (identity === undefined) return own();
    const credentials = others.get(identity);
    if (credentials === undefined) throw new RangeError(`no caller is called ${identity}`);
    return { ...(await credentials()), replaces };
  };
}

function anonymous({ caller }: Spec): Caller {
  return { headers: caller.headers.filter(([name]) => !isCredential(name)), auth: null };
}

/** Each credential stays where it is and is worth nothing. */
function garbage({ caller: { auth, headers } }: Spec, hasUserInUrl: boolean): Caller {
  const basic: Auth = { kind: 'basic', username: WORTHLESS, password: WORTHLESS };
  return {
    headers: headers.map(([name, value]) => [name, isCredential(name) ? worthless(name, value) : value]),
    auth: auth === null ? (hasUserInUrl ? basic : null) : worthlessAuth(auth),
  };
}

function worthlessAuth(auth: Auth): Auth {
  switch (auth.kind) {
    case 'basic':
      return { ...auth, username: WORTHLESS, password: WORTHLESS };
    case 'apiKey':
      return { ...auth, value: WORTHLESS };
    case 'command':
      return { kind: 'apiKey', in: 'header', name: auth.header, value: `Bearer ${WORTHLESS}` };
    case 'bearer':
    case 'oauth2':
      return { kind: 'bearer', token: WORTHLESS };
  }
}

/** Keeps the scheme of an Authorization and the names of cookies. */
function worthless(name: string, value: string): string {
  if (isCookie(name)) return value.replaceAll(/=[^;]*/g, `=${WORTHLESS}`);
  const scheme = /^(\S+)\s+\S/.exec(value)?.[1];
  return scheme === undefined ? WORTHLESS : `${scheme} ${WORTHLESS}`;
}

function headerOf(auth: Auth): string | null {
  switch (auth.kind) {
    case 'apiKey':
      return auth.in === 'header' ? auth.name : null;
    case 'command':
      return auth.header;
    case 'bearer':
    case 'basic':
    case 'oauth2':
      return 'Authorization';
  }
}

function isCredential(name: string): boolean {
  return isSecretHeader(name) || isCookie(name);
}

function hasUser(url: string | null): boolean {
  if (url === null || !URL.canParse(url)) return false;
  const { username, password } = new URL(url);
  return username !== '' || password !== '';
}
