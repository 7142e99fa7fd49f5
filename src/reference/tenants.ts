/** Whose token a request carries. */
export interface Caller {
  /** Whose records it works on. */
  readonly tenant: string;
  /** A reader may look, and change nothing. */
  readonly mayWrite: boolean;
}

/** Tokens of the API that tells callers apart, as `Authorization: Bearer <token>`. */
export const TOKENS: Readonly<Record<string, Caller>> = {
  'tenant-a': { tenant: 'a', mayWrite: true },
  'tenant-a-reader': { tenant: 'a', mayWrite: false },
  'tenant-b': { tenant: 'b', mayWrite: true },
};

/** Every tenant, once. */
export const TENANTS: readonly string[] = [...new Set(Object.values(TOKENS).map(({ tenant }) => tenant))];

/** Who calls; `null` without a token or with an unknown one. */
export function callerOf(authorization: string | null): Caller | null {
  const token = /^Bearer (.+)$/i.exec(authorization ?? '')?.[1];
  return token === undefined || !Object.hasOwn(TOKENS, token) ? null : (TOKENS[token] ?? null);
}
