/** Every choice a correct API is free to make. Whatever is chosen, the API stays correct. */
export interface Choices {
  /**
   * Who may call: anyone, or those with a token, each tenant with records and keys of its own. With `tenant-header` a user
   * belongs to several tenants, and says in X-Tenant for which one each request is.
   */
  readonly callers: 'anyone' | 'tenants' | 'tenant-header';
  /** What a request meets whose key is still being worked on: a refusal, or a wait for the answer. */
  readonly inflight: 'reject' | 'wait';
  readonly inflightStatus: 409 | 425 | 423 | 429;
  /** Status of a key that comes again with another payload. */
  readonly mismatchStatus: 422 | 409 | 400;
  /** Whether a replay keeps the status of the original or says 200. */
  readonly replayStatus: 'same' | 200;
  /** Name of the header that marks a replay (its value is `true`); `null` = replays are not marked. */
  readonly replayMarker: string | null;
  /** Whether there are idempotency keys; without, a header of that name is as good as none. */
  readonly keyed: boolean;
  /** Whether creating without a key is refused. */
  readonly keyRequired: boolean;
  readonly missingStatus: 400;
  readonly keyIn: 'header' | 'body';
  /** Seconds a key protects, counted from the answer. */
  readonly ttlSeconds: number;
  /** What a key is refused with whose lifetime is over; `null` = it may be used anew. */
  readonly expiredStatus: 410 | null;
  /** What a DELETE of something that is not there answers. */
  readonly deleteMissing: 404 | 410 | 204;
  /** A deleted order stays readable, marked as deleted, and leaves the list (Google AIP-164). */
  readonly softDelete: boolean;
  /**
   * With `weak`, If-Match never matches (RFC 9110 section 8.8.3.2, strong comparison). `volatileFields` makes `strong`
   * weak: a strong tag may not stand over bytes that differ.
   */
  readonly etag: 'strong' | 'weak' | 'none';
  /** PUT and PATCH of an existing order without If-Match are refused with 428. Takes effect with strong tags alone. */
  readonly preconditionRequired: boolean;
  /** What becomes of the note of an order that a PUT leaves out; where it is kept, a PATCH to null takes it away. */
  readonly putOmitted: 'reset' | 'kept';
  /** The answers to PUT and PATCH: the representation, or 204. */
  readonly writeAnswer: 'representation' | 'empty';
  /** Whether there are list endpoints. */
  readonly list: boolean;
  /** The most records on a page of a list; `null` = what the client asks for, fifty where it does not. */
  readonly pageSize: null | 2 | 10 | 50;
  /**
   * How the next page of a list is found: by a `Link` header; by that, and the id to go on after as `next`; by an address in
   * `next`; by a token in `meta.next` that goes into `cursor`; by page numbers, with `total_pages`; by offsets, with `total`;
   * or by the id of the last record in `starting_after`, while it says `has_more`.
   */
  readonly nextBy: 'link' | 'link-and-after' | 'url' | 'cursor' | 'page' | 'offset' | 'last-id';
  /** What a list makes of the field it is asked for: it shows the records with that value, or passes over it. */
  readonly listFilter: 'honoured' | 'ignored';
  /** What a list shows of its records. */
  readonly listShows: 'all' | 'ids';
  readonly listOrder: 'oldest-first' | 'newest-first';
  /** A list shows so many records, the first in its order, and says nothing of the rest; 0 = it shows all. */
  readonly listCapped: number;
  /** Every so-manieth read of a list is answered with 503; 0 = none. */
  readonly listFailsEvery: number;
  /** Orders that were there before. */
  readonly standing: number;
  /** Milliseconds before a new record can be read or listed. */
  readonly lagMs: number;
  /** Every representation carries `servedAt` and `requestId`. */
  readonly volatileFields: boolean;
  /** Milliseconds a write takes, so that concurrent ones overlap. */
  readonly workMs: number;
  /**
   * The answer to a create: the representation; 201 with no more than its Location; 202 with a job, while the record
   * comes up at the Location (after `lagMs`); 202 with an operation (Operation-Location) that leads to the record when it
   * is done; or 202 with the record, whose `state` is pending, and active when it is done (both after `finishMs`).
   */
  readonly createAnswer: 'representation' | 'empty' | 'accepted' | 'operation' | 'pending';
  /** Status of a create that is answered with the representation; with 200 it says nothing of where that is. */
  readonly createStatus: 201 | 200;
  /** Milliseconds until a create that was accepted is done. */
  readonly finishMs: number;
  /** Whether the replay of a create that began an operation shows that one, or one more that ends in the same record. */
  readonly replayedOperation: 'same' | 'new';
  /** Which refusals and errors are stored under a key and given again; what passes by itself (401, 429, 502, 503, 504) never is. */
  readonly errorsStored: 'none' | '4xx-only' | 'all';
  /** There is a shop as well: products, purchases, wallets, payments, baskets, articles, and what can be done to them. */
  readonly shop: boolean;
  /** Every so-manieth request is answered with 503 before anything happens; 0 = none. */
  readonly unavailableEvery: number;
  /**
   * Every so-manieth keyed operation fails with `upstreamStatus`, for what stands behind the API: nothing was done, and the
   * key is free. 0 = none.
   */
  readonly upstreamFailsEvery: number;
  readonly upstreamStatus: 429 | 502 | 503;
  /** Every so-manieth keyed answer is late, and its client gets 504; it was done, and the key has the answer. 0 = none. */
  readonly timeoutEvery: number;
  /** Requests taken in a second; more are answered with 429 and Retry-After. 0 = any number. */
  readonly rateLimit: number;
  /** Answers are compressed for clients that accept it, under a tag of their own. */
  readonly gzip: boolean;
  /** Every answer closes its connection. */
  readonly closes: boolean;
  /** Another client makes an order and an account every so many milliseconds; 0 = nobody else is there. */
  readonly bystanderEveryMs: number;
  /** That client also buys of every product of the shop, and pays into every account. */
  readonly sharedNumbers: boolean;
  /**
   * Every representation carries a number that counts all writes of the server, as `modifiedIndex` (etcd v2): as it was when
   * the record was last written, or as it is now. A strong tag may not stand over the latter, which makes it weak.
   */
  readonly revision: 'none' | 'of-record' | 'of-server';
}

/** The choices of the reference API when nobody asks for others. */
export const DEFAULT_CHOICES: Choices = {
  callers: 'anyone',
  inflight: 'reject',
  inflightStatus: 409,
  mismatchStatus: 422,
  replayStatus: 'same',
  replayMarker: 'idempotent-replayed',
  keyed: true,
  keyRequired: true,
  missingStatus: 400,
  keyIn: 'header',
  ttlSeconds: 86_400,
  expiredStatus: null,
  deleteMissing: 404,
  softDelete: false,
  etag: 'strong',
  preconditionRequired: true,
  putOmitted: 'reset',
  writeAnswer: 'representation',
  list: true,
  pageSize: null,
  nextBy: 'link-and-after',
  listFilter: 'honoured',
  listShows: 'all',
  listOrder: 'oldest-first',
  listCapped: 0,
  listFailsEvery: 0,
  standing: 0,
  lagMs: 0,
  volatileFields: false,
  workMs: 5,
  createAnswer: 'representation',
  createStatus: 201,
  finishMs: 300,
  replayedOperation: 'same',
  errorsStored: 'none',
  shop: false,
  unavailableEvery: 0,
  upstreamFailsEvery: 0,
  upstreamStatus: 503,
  timeoutEvery: 0,
  rateLimit: 0,
  gzip: false,
  closes: false,
  bystanderEveryMs: 0,
  sharedNumbers: false,
  revision: 'none',
};

/** The variant with every choice made, contradictions settled; a version that is no tag says nothing of bytes. */
export function settled(chosen: Partial<Choices>, isTagged = true): Choices {
  const variant = { ...DEFAULT_CHOICES, ...chosen };
  const isRestless = variant.volatileFields || variant.revision === 'of-server';
  const etag = isTagged && isRestless && variant.etag === 'strong' ? 'weak' : variant.etag;
  return { ...variant, etag, preconditionRequired: variant.preconditionRequired && etag === 'strong' };
}

/** Whether callers are told apart. */
export function isGuarded({ callers }: Choices): boolean {
  return callers !== 'anyone';
}
