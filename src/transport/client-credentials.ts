import { fetch as undiciFetch, type Dispatcher } from 'undici';
import type { Auth } from '../core/spec.js';
import { Trouble } from '../core/trouble.js';

type OAuth2 = Extract<Auth, { readonly kind: 'oauth2' }>;

/**
 * The client credentials grant (RFC 6749 section 4.4), the secret in Basic authentication. `lifeS` is `null` when the
 * server names none. Plain HTTP is spoken to loopback alone. Rejects with Trouble `setup-credentials`.
 */
export async function clientCredentials(
  auth: OAuth2,
  dispatcher: Dispatcher | null,
  timeoutMs: number,
): Promise<{ readonly token: string; readonly lifeS: number | null }> {
  // Loaded when it is needed: most runs never ask for a token.
  const oauth = await import('oauth4webapi');
  try {
    const url = new URL(auth.tokenUrl);
    const server = { issuer: url.origin, token_endpoint: url.href };
    const client = { client_id: auth.clientId };
    const response = await oauth.clientCredentialsGrantRequest(
      server,
      client,
      oauth.ClientSecretBasic(auth.clientSecret),
      new URLSearchParams(auth.scope === null ? {} : { scope: auth.scope }),
      {
        [oauth.allowInsecureRequests]: /^(127\.[\d.]+|localhost|\[::1\])$/.test(url.hostname),
        [oauth.customFetch]: (to, { method, headers, body }) =>
          post(to, { method, headers, body: bodyText(body), dispatcher, signal: AbortSignal.timeout(timeoutMs) }),
      },
    );
    const grant = await oauth.processClientCredentialsResponse(server, client, response);
    return { token: grant.access_token, lifeS: grant.expires_in ?? null };
  } catch (error) {
    throw new Trouble('setup-credentials', { detail: withoutSecret(detailOf(error), auth) });
  }
}

async function post(
  url: string,
  {
    dispatcher,
    ...init
  }: {
    readonly method: string;
    readonly headers: Record<string, string>;
    readonly body: string;
    readonly dispatcher: Dispatcher | null;
    readonly signal: AbortSignal;
  },
): Promise<Response> {
  const carrier = dispatcher === null ? {} : { dispatcher };
  const answer = await undiciFetch(url, { ...init, redirect: 'manual', ...carrier });
  const body = [204, 205, 304].includes(answer.status) ? null : await answer.text();
  return new Response(body, { status: answer.status, headers: [...answer.headers] });
}

function bodyText(body: unknown): string {
  return body instanceof URLSearchParams ? body.toString() : String(body ?? '');
}

/** The server's own words where it gave some (RFC 6749 section 5.2), else what went wrong on the way. */
function detailOf(error: unknown): string {
  if (!(error instanceof Error)) return 'the token request failed';
  if ('error' in error && typeof error.error === 'string') {
    const description =
      'error_description' in error && typeof error.error_description === 'string' ? error.error_description : '';
    return `the token endpoint answered ${error.error}${description === '' ? '' : `: ${description.slice(0, 200)}`}`;
  }
  const { cause } = error;
  const why = cause instanceof Error ? cause.message || ('code' in cause ? String(cause.code) : cause.name) : '';
  const status = cause instanceof Response ? `status ${cause.status}` : '';
  return ['the token request failed', error.message, why, status].filter(text => text !== '').join(': ');
}

/** The secret is masked also as it stands in a form or in Basic authentication. */
function withoutSecret(text: string, { clientId, clientSecret }: OAuth2): string {
  const encoded = new URLSearchParams({ s: clientSecret }).toString().slice(2);
  const id = new URLSearchParams({ s: clientId }).toString().slice(2);
  const forms = [clientSecret, encoded, btoa(`${id}:${encoded}`)].filter(form => form !== '');
  return forms.reduce((masked, form) => masked.replaceAll(form, '***'), text);
}
