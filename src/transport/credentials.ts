import type { Auth } from '../core/spec.js';
import type { Clock, Credential, Credentials, RunCommand } from '../core/transport.js';
import { Trouble } from '../core/trouble.js';

/** A token is renewed when this share of its life is over. */
const RENEW_AT = 0.8;
/** Life of a token whose server names none, seconds. */
const DEFAULT_LIFE_S = 300;

/** The credential of a caller. One that ages is obtained when first asked for, and again when most of its life is over. */
export function createCredentials(
  auth: Auth | null,
  { clock, runCommand }: { readonly clock: Clock; readonly runCommand: RunCommand },
): Credentials {
  let current: Promise<Credential> | null = null;
  let staleUs = Infinity;
  const obtain = async (): Promise<Credential> => {
    if (auth === null) return { headers: [], query: [] };
    switch (auth.kind) {
      case 'bearer':
        return { headers: [['Authorization', `Bearer ${auth.token}`]], query: [] };
      case 'basic': {
        const pair = Buffer.from(`${auth.username}:${auth.password}`, 'utf8').toString('base64');
        return { headers: [['Authorization', `Basic ${pair}`]], query: [] };
      }
      case 'apiKey':
        return auth.in === 'header'
          ? { headers: [[auth.name, auth.value]], query: [] }
          : { headers: [], query: [[auth.name, auth.value]] };
      case 'command': {
        const { stdout, trouble } = await runCommand(auth.command);
        if (trouble !== null) throw new Trouble('setup-credentials', { detail: trouble });
        staleUs = clock.nowUs() + RENEW_AT * DEFAULT_LIFE_S * 1e6;
        return { headers: [[auth.header, stdout.trim()]], query: [] };
      }
      case 'oauth2': {
        const { token, lifeS } = await clientCredentials(auth);
        staleUs = clock.nowUs() + RENEW_AT * lifeS * 1e6;
        return { headers: [['Authorization', `Bearer ${token}`]], query: [] };
      }
    }
  };
  return () => {
    if (current === null || clock.nowUs() >= staleUs) current = obtain();
    return current;
  };
}

/** The client credentials grant (RFC 6749 section 4.4). */
async function clientCredentials(
  auth: Extract<Auth, { readonly kind: 'oauth2' }>,
): Promise<{ readonly token: string; readonly lifeS: number }> {
  const oauth = await import('oauth4webapi');
  const url = new URL(auth.tokenUrl);
  const isLocal = /^(127\.|localhost$|\[::1\]$)/.test(url.hostname);
  const server = { issuer: url.origin, token_endpoint: url.href };
  const client = { client_id: auth.clientId };
  const parameters = new URLSearchParams(auth.scope === null ? {} : { scope: auth.scope });
  try {
    const response = await oauth.clientCredentialsGrantRequest(
      server,
      client,
      oauth.ClientSecretBasic(auth.clientSecret),
      parameters,
      { [oauth.allowInsecureRequests]: isLocal, signal: AbortSignal.timeout(30_000) },
    );
    const grant = await oauth.processClientCredentialsResponse(server, client, response);
    return { token: grant.access_token, lifeS: grant.expires_in ?? DEFAULT_LIFE_S };
  } catch (error) {
    const detail =
      error instanceof Error ? error.message.replaceAll(auth.clientSecret, '***') : 'the token request failed';
    throw new Trouble('setup-credentials', { detail });
  }
}
