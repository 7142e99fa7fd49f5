import type { Dispatcher } from 'undici';
import type { HeaderLine } from '../core/http.js';
import type { Auth } from '../core/spec.js';
import type { Clock, Credential, Credentials, RunCommand } from '../core/transport.js';
import { Trouble } from '../core/trouble.js';
import { clientCredentials } from './client-credentials.js';
import { basic } from './target.js';

/** A token is renewed when this share of its life is over. */
const RENEW_AT = 0.8;
/** Life of a token that names none, seconds. */
const DEFAULT_LIFE_S = 300;
const DEFAULT_TIMEOUT_MS = 30_000;

/** What obtaining a credential needs. */
export interface CredentialPorts {
  readonly clock: Pick<Clock, 'nowUs'>;
  readonly runCommand: RunCommand;
  /** Header lines the caller sends beside its credential. */
  readonly headers?: readonly HeaderLine[];
  /** What carries the request for a token; undici's own when absent. */
  readonly dispatcher?: Dispatcher | null;
  /** For the request for a token. */
  readonly timeoutMs?: number;
}

/** What was obtained, and how long it is good for, seconds. */
interface Obtained {
  readonly credential: Credential;
  readonly lifeS: number;
}

/**
 * The credential of a caller. One that ages is obtained when first asked for, and again when most of its life is over
 * or when obtaining it failed; who asks meanwhile waits for the same. Rejects with Trouble `setup-credentials`, whose
 * detail holds no secret.
 */
export function createCredentials(auth: Auth | null, ports: CredentialPorts): Credentials {
  const { clock, headers = [] } = ports;
  let current: Promise<Obtained> | null = null;
  let staleUs = Infinity;
  const renew = (): Promise<Obtained> => {
    staleUs = Infinity;
    const obtaining = obtain(auth, ports);
    current = obtaining;
    obtaining.then(
      ({ lifeS }) => (staleUs = clock.nowUs() + RENEW_AT * lifeS * 1e6),
      () => (current = null),
    );
    return obtaining;
  };
  return async () => {
    const { credential } = await (current === null || clock.nowUs() >= staleUs ? renew() : current);
    return { ...credential, headers: [...besides(headers, credential.headers), ...credential.headers] };
  };
}

async function obtain(auth: Auth | null, ports: CredentialPorts): Promise<Obtained> {
  if (auth === null) return forEver({ headers: [], query: [] });
  switch (auth.kind) {
    case 'bearer':
      return forEver(inHeader('Authorization', `Bearer ${auth.token}`));
    case 'basic':
      return forEver(inHeader('Authorization', basic(auth.username, auth.password)));
    case 'apiKey':
      return forEver(
        auth.in === 'header' ? inHeader(auth.name, auth.value) : { headers: [], query: [[auth.name, auth.value]] },
      );
    case 'command':
      return { credential: inHeader(auth.header, await printed(auth.command, ports)), lifeS: DEFAULT_LIFE_S };
    case 'oauth2': {
      const { dispatcher = null, timeoutMs = DEFAULT_TIMEOUT_MS } = ports;
      const { token, lifeS } = await clientCredentials(auth, dispatcher, timeoutMs);
      return { credential: inHeader('Authorization', `Bearer ${token}`), lifeS: lifeS ?? DEFAULT_LIFE_S };
    }
  }
}

/** What a command prints, which must be able to stand in a header. */
async function printed(command: string, { runCommand }: CredentialPorts): Promise<string> {
  const { stdout, trouble } = await runCommand(command);
  const value = stdout.trim();
  if (trouble !== null) throw new Trouble('setup-credentials', { detail: trouble });
  if (value === '') throw new Trouble('setup-credentials', { detail: 'the command printed nothing' });
  if (/[^\t\x20-\x7e\x80-\xff]/.test(value)) {
    throw new Trouble('setup-credentials', { detail: 'the command printed what cannot stand in a header' });
  }
  return value;
}

function forEver(credential: Credential): Obtained {
  return { credential, lifeS: Infinity };
}

function inHeader(name: string, value: string): Credential {
  return { headers: [[name, value]], query: [] };
}

function besides(lines: readonly HeaderLine[], taken: readonly HeaderLine[]): readonly HeaderLine[] {
  const names = new Set(taken.map(([name]) => name.toLowerCase()));
  return lines.filter(([name]) => !names.has(name.toLowerCase()));
}
