/** How effects were counted. `filter` is a list that asks for the marker. */
export type OracleKind = 'list' | 'filter' | 'identity' | 'number' | 'command' | 'store' | 'none';

/** `direct` counts records, `identity` compares ids, `weak` only responses. */
export type OracleStrength = 'direct' | 'identity' | 'weak' | 'none';

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
  /** The exchanges it took. */
  readonly exchanges: readonly number[];
}

/** How strong the evidence of an oracle is. */
export function strengthOf(kind: OracleKind): OracleStrength {
  switch (kind) {
    case 'list':
    case 'filter':
    case 'number':
    case 'command':
    case 'store':
      return 'direct';
    case 'identity':
      return 'identity';
    case 'none':
      return 'none';
  }
}
