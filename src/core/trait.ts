/** How long a key was seen to last, seconds: it held at `atLeast` and was gone at `below`; `null` = none was seen to end. */
export interface Lifetime {
  readonly atLeast: number;
  readonly below: number | null;
}

/**
 * What was seen of a trait: words and statuses that answer it (`409`, `waits`), each of them seen; of a recorded one,
 * each of them right. The lifetime of keys is an interval.
 */
export type TraitValue = readonly (string | number)[] | Lifetime;

/**
 * The traits of a contract that show in the answers of an API, with the words they have beside statuses. In this order
 * they are told.
 */
export const TRAITS = {
  /** Where the key travels: `header Idempotency-Key`. */
  key: [],
  /** A request without a key. */
  missing: ['accepted'],
  /** A request that meets its twin in flight. */
  inflight: ['waits'],
  /** A key that comes again with another payload. */
  mismatch: ['replays', 'executes'],
  /** The same JSON in other bytes under one key. */
  rewrittenJson: ['same', 'executes'],
  /** What a repeat is answered with, seen after what was made had been changed. */
  replayMode: ['same', 'current-state', 'conflict', 'conflict-with-id'],
  /** The status of a repeat: that of the first answer, or another. */
  replayStatus: ['same'],
  /** The header that marks a repeat: `Name`, or `Name: value` where it is always the same. */
  marker: ['none'],
  /** The key of a request that was refused. */
  refusals: ['freed', 'kept', 'stored'],
  /** The key of a request that failed with a 5xx. */
  errors: ['freed', 'stored'],
  /** How long keys last. */
  lifetime: [],
  /** A key whose lifetime is over. */
  expired: ['executed'],
  /** Whose a key is. */
  scope: ['principal', 'account'],
  /** A key that was used on another operation. */
  endpoints: ['separate', 'shared'],
  /** A key that was used on another path of the operation. */
  paths: ['separate', 'shared'],
  /** A write under a version that is no longer the current one. */
  outdatedWrite: ['applied'],
  /** A write that says no version. */
  unversionedWrite: ['permitted'],
  /** A DELETE of what is gone already. */
  deleteMissing: [],
} as const satisfies Record<string, readonly string[]>;

export type TraitName = keyof typeof TRAITS;

export const TRAIT_NAMES = Object.keys(TRAITS) as readonly TraitName[];

/** A trait that a check saw, with the numbers of the exchanges that show it. */
export interface Trait {
  readonly name: TraitName;
  readonly value: TraitValue;
  readonly exchanges: readonly number[];
}

/** Traits by name; what is absent is unknown. */
export type Traits = Readonly<Partial<Record<TraitName, TraitValue>>>;

export function isLifetime(value: TraitValue): value is Lifetime {
  return 'atLeast' in value;
}

/** A trait shown by exchanges. */
export function seen(
  name: TraitName,
  value: TraitValue | string | number,
  proof: readonly { readonly n: number }[],
): Trait {
  const whole = typeof value === 'object' ? value : [value];
  return { name, value: whole, exchanges: proof.map(({ n }) => n) };
}
