import { operationsOf } from '../core/resource.js';
import type { Auth, Caller, Spec } from '../core/spec.js';
import { createRedaction, type Redaction } from '../report/redact.js';
import type { Credentials } from '../core/transport.js';

/** Headers whose values are no secret, although the user gave them. */
const PLAIN = /^(accept|content-type|user-agent|x-tenant|x-request-id|accept-language|prefer|host)$/i;

/** What masks the secrets of a run: those of every caller of the spec, and those obtained on the way. */
export function redactionOf(spec: Spec, url: string, obtained: Iterable<string> = []): Redaction {
  return createRedaction({
    values: [...secretsOf(spec, url), ...obtained],
    names: secretNamesOf(spec),
    headers: headerNames(spec),
    fields: spec.redact,
    visible: keyNames(spec),
  });
}

/** Every configured credential of a run, so that none reaches an output. */
function secretsOf(spec: Spec, url: string): readonly string[] {
  const callers: readonly Caller[] = [spec.caller, ...Object.values(spec.identities)];
  const { username, password } = new URL(url);
  const userInfo = [password, `${username}:${password}`]
    .map(decodeURIComponent)
    .filter(text => password !== '' && text !== '');
  return [
    ...userInfo,
    ...storeSecrets(spec),
    ...callers.flatMap(({ headers, auth }) => [
      ...headers.filter(([name]) => !PLAIN.test(name)).flatMap(([, value]) => [value, ...value.split(/\s+/).slice(1)]),
      ...(auth === null ? [] : valuesOf(auth)),
    ]),
  ];
}

/** The password in the address of a store. */
function storeSecrets({ store }: Spec): readonly string[] {
  if (store?.kind !== 'redis' || !URL.canParse(store.url)) return [];
  const { password } = new URL(store.url);
  return password === '' ? [] : [password, decodeURIComponent(password)];
}

/** Names under which credentials travel, so that even one too short to be masked by value is masked in its place. */
function secretNamesOf(spec: Spec): readonly string[] {
  return [spec.caller, ...Object.values(spec.identities)].flatMap(({ auth }) => {
    if (auth?.kind === 'apiKey') return [auth.name];
    return auth?.kind === 'command' ? [auth.header] : [];
  });
}

/** The headers that a caller is given, but for those that say nothing secret. */
function headerNames(spec: Spec): readonly string[] {
  const callers: readonly Caller[] = [spec.caller, ...Object.values(spec.identities)];
  return callers.flatMap(({ headers }) => headers.map(([name]) => name)).filter(name => !PLAIN.test(name));
}

/** Credentials that notes what it hands out, such as tokens nobody configured. */
export function noting(credentials: Credentials, obtained: Set<string>): Credentials {
  return async () => {
    const credential = await credentials();
    const headers = credential.headers.filter(([name]) => !PLAIN.test(name));
    for (const [, value] of [...headers, ...credential.query]) {
      for (const part of [value, ...value.split(/\s+/).slice(1)]) obtained.add(part);
    }
    return credential;
  };
}

function valuesOf(auth: Auth): readonly string[] {
  switch (auth.kind) {
    case 'bearer':
      return [auth.token];
    case 'basic':
      return [auth.password, `${auth.username}:${auth.password}`];
    case 'apiKey':
      return [auth.value];
    case 'oauth2':
      return [auth.clientSecret];
    case 'command':
      return [];
  }
}

/** Where idempotency keys travel: they stay visible. */
function keyNames(spec: Spec): readonly string[] {
  const operations = spec.resources.flatMap(operationsOf);
  return [...new Set(operations.flatMap(({ contract }) => contract.key?.name ?? []))];
}
