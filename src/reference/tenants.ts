import type { Choices } from './choices.js';

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

/** Tokens of users who belong to every tenant: whether they may change anything. */
const USERS: Readonly<Record<string, boolean>> = { user: true, 'user-reader': false };

/** Where such a user says for which tenant a request is. */
export const TENANT_HEADER = 'x-tenant';

/** Every tenant, once. */
export const TENANTS: readonly string[] = [...new Set(Object.values(TOKENS).map(({ tenant }) => tenant))];

/** Who calls; `null` without a token, with an unknown one, or for no tenant. */
export function callerOf(headers: Headers, callers: Choices['callers']): Caller | null {
  const token = /^Bearer (.+)$/i.exec(headers.get('authorization') ?? '')?.[1];
  if (token === undefined) return null;
  if (callers !== 'tenant-header') return Object.hasOwn(TOKENS, token) ? (TOKENS[token] ?? null) : null;
  const tenant = headers.get(TENANT_HEADER);
  const mayWrite = Object.hasOwn(USERS, token) ? USERS[token] : undefined;
  return mayWrite === undefined || tenant === null || !TENANTS.includes(tenant) ? null : { tenant, mayWrite };
}
