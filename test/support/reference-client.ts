import { createReferenceApp } from '../../src/reference/app.js';
import type { Flaw } from '../../src/reference/flaw.js';
import { createMemoryStore } from '../../src/reference/stores/memory.js';
import type { Choices } from '../../src/reference/choices.js';
import { countingIds, createReferenceClock } from './reference-clock.js';

/** What a test looks at in an answer. */
export interface Seen {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly json: Readonly<Record<string, unknown>>;
  readonly id: string;
  readonly etag: string | null;
}

type HeaderMap = Readonly<Record<string, string>>;

/** A body every order of these tests has. */
export const ORDER = { amount: 99.99, reference: 'ref', tags: ['retail'] };

/** The reference API in this process, and shorthands to call it. */
export function referenceClient({
  flaw = null,
  choices = {},
}: { readonly flaw?: Flaw | null; readonly choices?: Partial<Choices> } = {}) {
  const clock = createReferenceClock();
  const ids = countingIds();
  const store = createMemoryStore({ clock, ids });
  const app = createReferenceApp({ clock, ids, store, flaw, choices });
  let keys = 0;

  const send = async (method: string, path: string, body?: unknown, headers: HeaderMap = {}): Promise<Seen> => {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const init = body === undefined ? {} : { body: text };
    const type: HeaderMap = body === undefined ? {} : { 'content-type': 'application/json' };
    return seen(
      await app.fetch(new Request(`http://reference${path}`, { method, headers: { ...type, ...headers }, ...init })),
    );
  };
  /** An order whose client goes away while it is worked on. */
  const hungUp = async (body: unknown, key: string) => {
    const client = new AbortController();
    const headers = { 'content-type': 'application/json', 'idempotency-key': key };
    const { signal } = client;
    const init = { method: 'POST', body: JSON.stringify(body), headers, signal };
    const ended = app.fetch(new Request('http://reference/orders', init));
    await clock.sleep(0);
    client.abort();
    return { ended };
  };
  const newKey = () => `key-${++keys}`;
  const ifMatch = (tag: string | null | undefined): HeaderMap => (typeof tag === 'string' ? { 'if-match': tag } : {});

  return {
    clock,
    inspect: store.inspect,
    send,
    newKey,
    order: (body: unknown = ORDER, key: string | null = newKey(), headers: HeaderMap = {}) =>
      send('POST', '/orders', body, key === null ? headers : { ...headers, 'idempotency-key': key }),
    /** An order whose client goes away before the answer; ends when the API is done with it, too. */
    abandoned: async (body: unknown, key: string) => (await hungUp(body, key)).ended,
    hungUp,
    account: (owner: string, key = newKey()) => send('POST', '/accounts', { owner }, { 'idempotency-key': key }),
    deposit: (id: string, amount: number, key = newKey()) =>
      send('POST', `/accounts/${id}/deposits`, { amount }, { 'idempotency-key': key }),
    label: (id: string, body: unknown, headers: HeaderMap = {}) => send('PUT', `/labels/${id}`, body, headers),
    get: (id: string, headers: HeaderMap = {}) => send('GET', `/orders/${id}`, undefined, headers),
    head: (id: string) => send('HEAD', `/orders/${id}`),
    put: (id: string, body: unknown, tag?: string | null) => send('PUT', `/orders/${id}`, body, ifMatch(tag)),
    patch: (id: string, body: unknown, tag?: string | null) => send('PATCH', `/orders/${id}`, body, ifMatch(tag)),
    remove: (id: string, tag?: string | null) => send('DELETE', `/orders/${id}`, undefined, ifMatch(tag)),
    count: async (path = '/orders?reference=ref') => {
      const { json } = await send('GET', path);
      return Array.isArray(json['items']) ? json['items'].length : -1;
    },
  };
}

export type ReferenceClient = ReturnType<typeof referenceClient>;

async function seen(response: Response): Promise<Seen> {
  const text = await response.text();
  const json = asObject(text);
  return {
    status: response.status,
    headers: response.headers,
    text,
    json,
    id: typeof json['id'] === 'string' ? json['id'] : '',
    etag: response.headers.get('etag'),
  };
}

function asObject(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
