import type { Value } from './scope.js';

/**
 * How effects were counted. `filter` is a list that asks for the marker, `view` what the API's own reads show to have
 * moved.
 */
export type OracleKind = 'list' | 'filter' | 'identity' | 'number' | 'view' | 'command' | 'store' | 'none';

/** `direct` counts records, `identity` compares ids, `weak` only responses. */
export type OracleStrength = 'direct' | 'identity' | 'weak' | 'none';

/**
 * What one read showed: the JSON text of each scalar member by its path (`$.a.b`), of each array what tells its items
 * apart. `members` is `null` where the read says that nothing is there (404, 410).
 */
export interface WorldRead {
  readonly name: string;
  /** What it was addressed with, beside the values of the scope. */
  readonly at: Readonly<Record<string, Value>>;
  readonly members: Readonly<Record<string, string | readonly string[]>> | null;
}

/** What a set of reads showed at one moment; plain data, so that a later look can be held against it. */
export type World = readonly WorldRead[];

/** What an oracle saw at one moment. */
export interface Reading {
  readonly step: string;
  readonly attempt: number;
  readonly round: number;
  readonly kind: OracleKind;
  /** Effects of the scope's requests; `null` when they could not be counted, and `trouble` says why. */
  readonly count: number | null;
  /** Ids of the records counted, where records were seen. */
  readonly ids: readonly string[];
  /** The number read, for a number effect. */
  readonly value: number | null;
  readonly trouble: string | null;
  /**
   * What a list lacks that is to be counted in: pages that were not read, or records known to exist. A count is then the
   * least there are, and what is not shown may be there. Absent = nothing.
   */
  readonly lacks?: 'pages' | 'records';
  /** What a list showed in all, before anything was done: a later reading is held against it. */
  readonly listed?: readonly string[];
  /** The records of a list do not carry the marker they were made with. */
  readonly omitsMarker?: boolean;
  /** What moved since the reading it counts from, in words; of a view alone. */
  readonly moved?: readonly string[];
  /** What a later reading is held against; of a view alone. */
  readonly world?: World;
  /** The exchanges it took. */
  readonly exchanges: readonly number[];
}

/** How strong the evidence of an oracle is. */
export function strengthOf(kind: OracleKind): OracleStrength {
  switch (kind) {
    case 'list':
    case 'filter':
    case 'number':
    case 'view':
    case 'command':
    case 'store':
      return 'direct';
    case 'identity':
      return 'identity';
    case 'none':
      return 'none';
  }
}
