import type { HeaderLine } from '../core/http.js';
import type { Auth, Caller, Spec } from '../core/spec.js';

/** Headers whose values are no secret, although the user gave them. */
const PLAIN = /^(accept|content-type|user-agent|x-tenant|x-request-id|accept-language|prefer|host)$/i;

/** Every configured credential of a run, so that none reaches an output. */
export function secretsOf(spec: Spec, own: readonly HeaderLine[]): readonly string[] {
  const callers: readonly Caller[] = [spec.caller, ...Object.values(spec.identities), { headers: own, auth: null }];
  return callers.flatMap(({ headers, auth }) => [
    ...headers.filter(([name]) => !PLAIN.test(name)).flatMap(([, value]) => [value, ...value.split(/\s+/).slice(1)]),
    ...(auth === null ? [] : valuesOf(auth)),
  ]);
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
