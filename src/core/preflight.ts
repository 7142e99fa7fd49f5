import type { OracleKind } from './reading.js';
import type { ReasonCode } from './reasons.js';

/**
 * What the preflight learned about one creating operation before any check judged it: the operation works alone, its
 * effect becomes visible, the oracle counts to two.
 */
export interface Preflight {
  readonly operation: string;
  /** `null` when the operation can be judged, else why not. */
  readonly trouble: { readonly reason: ReasonCode; readonly args: Readonly<Record<string, string | number>> } | null;
  readonly oracle: OracleKind;
  /**
   * Two different operations were seen as two effects by this oracle (for `identity`: as two ids; for `view`: see
   * docs/effects.md).
   */
  readonly countsToTwo: boolean;
  /** The list does not show the marker its records are made with: they are told from others by being new. */
  readonly omitsMarker?: boolean;
  /** Of a create: what it does beside its own record is counted too, where nothing else acts below its parents. */
  readonly seesBeside?: boolean;
  /** Of a DELETE, PUT or PATCH: what one moves on the parents of its resource is known, so that a repeat can be held against it. */
  readonly seesElsewhere?: boolean;
  /** Operations of the resource, by name, that come before this one: without them its state does not permit it. */
  readonly readyBy?: readonly string[];
  /** Status with which a second, different one on the same resource was refused: the state permits it once. */
  readonly secondRefused?: number;
  /** Of a create: its record has an id at once, and is finished later (202). */
  readonly finishesLater?: boolean;
  /** Milliseconds until a new record became visible. */
  readonly lagMs: number;
  /** Milliseconds every later reading waits: three times the lag, at least the floor. */
  readonly settleMs: number;
  /** Latency of the operation, milliseconds. */
  readonly p50Ms: number;
  readonly p95Ms: number;
  /** Paths (`$.a.b`) of response fields that differ between two equal operations. */
  readonly volatile: readonly string[];
}
