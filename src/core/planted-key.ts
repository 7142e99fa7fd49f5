import type { Reading } from './reading.js';
import type { Scope } from './scope.js';

/** A key that was used once, kept to be used again in a later run. Holds no secret: ids, a marker, digests, times. */
export interface PlantedKey {
  readonly id: string;
  /** `METHOD /template` and the name of the resource. */
  readonly operation: string;
  readonly resource: string;
  readonly key: string;
  /** What the request is built from again; of its values only ids. */
  readonly scope: Scope;
  /** Digest of the request, so that another one is never sent in its place. */
  readonly request: string;
  /** Id of the record that was made; `null` for an action. */
  readonly record: string | null;
  /** Whether a read of the record shows the marker. */
  readonly showsMarker: boolean;
  /** The count before it. */
  readonly before: Pick<Reading, 'kind' | 'count' | 'value'>;
  /** By our clock, ISO 8601, UTC: when it was answered. */
  readonly plantedAt: string;
  /** By the target's clock (Date), where it has one. */
  readonly serverDate: string | null;
  /** The age at which it is to be used again, seconds. */
  readonly due: number;
  /** Digest of the target's URL and of what the user calls the environment. */
  readonly environment: string;
  /** When a run began to use it again; one that did not get to say what came of it was killed. */
  readonly claimedAt: string | null;
}

/** What an earlier run saw of a key of some age. */
export interface SeenKey {
  readonly operation: string;
  readonly resource: string;
  readonly state: 'held' | 'gone';
  /** Seconds. */
  readonly age: number;
  readonly at: string;
}

/** The state file of late retries. */
export interface LateState {
  readonly version: 1;
  readonly planted: readonly PlantedKey[];
  readonly seen: readonly SeenKey[];
}
