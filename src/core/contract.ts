/** Where an idempotency key travels, and in which form. */
export interface KeyCarrier {
  readonly in: 'header' | 'body' | 'query';
  readonly name: string;
  /** `null` = nobody said. */
  readonly required: boolean | null;
  /** `sf-string`: a quoted Structured Field string (draft-ietf-httpapi-idempotency-key-header-07 section 2.1). */
  readonly form: 'raw' | 'sf-string';
}

/** What a repeat under a finished key is answered with; `unknown` = nobody promised anything. */
export type ReplayMode = 'unknown' | 'same' | 'current-state' | 'conflict-with-id' | 'conflict';

/**
 * What an operation promises about retries and versions: profile, document, file, resource and operation merged,
 * the most specific winning. `null` always means "nobody said", and what nobody said never fails.
 */
export interface Contract {
  readonly profile: string;
  /** The user named the profile (file or flag), so that what it says is a promise and not a default. */
  readonly profileChosen: boolean;
  /** `null` = the operation takes no idempotency key. */
  readonly key: KeyCarrier | null;
  /** Seconds a key protects. `unknown` = undeclared, `never` = keys do not expire. */
  readonly ttl: number | 'unknown' | 'never';
  /** Policy for an undeclared TTL, in seconds: gone at or before `fail` fails, before `warn` warns. */
  readonly ttlFloor: { readonly fail: number; readonly warn: number };
  /** Statuses a request is refused with when its key's lifetime is over; absent = it is carried out anew. */
  readonly expired?: readonly number[];
  readonly inflight: { readonly statuses: readonly number[]; readonly mayWait: boolean };
  /** `promised`: the user, the file or the document says that a changed payload is refused. */
  readonly mismatch: {
    readonly statuses: readonly number[];
    readonly action: 'reject' | 'replay-original' | 'execute' | null;
    readonly promised: boolean;
  };
  readonly missing: { readonly statuses: readonly number[] };
  readonly replayMode: ReplayMode;
  readonly replayStatuses: readonly number[];
  /** Which refusals and errors are stored under a key and given again; `null` = nobody said. */
  readonly errorsStored: 'all' | 'after-execution' | '4xx-only' | 'success-only' | 'none' | null;
  /** A header that marks a replay, and its value when it has a fixed one. */
  readonly marker: { readonly header: string; readonly value: string | null } | null;
  /** Whose a key is: one caller's, or that of everybody in an account; `null` = nobody said. */
  readonly scope: 'principal' | 'account' | null;
  /** Statuses a DELETE of something absent may have; `null` = the usual 2xx, 404, 410. */
  readonly deleteMissing: readonly number[] | null;
  readonly etag: {
    /** Statuses of a write with an outdated version. */
    readonly mismatch: readonly number[];
    /** Statuses of a write without a version, or `permitted`; `null` = nobody said. */
    readonly missing: readonly number[] | 'permitted' | null;
    readonly comparison: 'strong' | 'weak';
  };
  /** Seconds after which a key still in flight counts as stuck. */
  readonly inflightTimeout: number;
  /** A header that tells when the request was first sent (an HTTP-date), the same in every retry; `null` = none. */
  readonly firstSentHeader: string | null;
  /** Codes in the body of a 200 that refuse another payload, where elsewhere a status does; `null` = there are none. */
  readonly mismatchCodes: readonly string[] | null;
}
