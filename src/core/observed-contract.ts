import type { Location } from './errors.js';
import type { TraitName, Traits, TraitValue } from './trait.js';

/** A trait in the report: the value for scripts, the words for people. */
export interface DescribedTrait {
  readonly name: TraitName;
  readonly value: TraitValue;
  /** `a request that meets its first one in flight is refused with 409`. */
  readonly says: string;
}

/** A profile or a library whose contract the observed one is like. */
export interface Resemblance {
  readonly name: string;
  readonly kind: 'profile' | 'library';
  readonly agrees: readonly TraitName[];
  readonly contradicts: readonly TraitName[];
}

/** How the contract was seen to differ from the one recorded in a file. */
export interface Drift {
  readonly file: string;
  readonly drifts: readonly {
    readonly operation: string;
    readonly name: TraitName;
    readonly recorded: TraitValue;
    readonly now: TraitValue;
    /** The result that carries it. */
    readonly result: string;
  }[];
  /** Recorded traits that were seen again, and are as recorded. */
  readonly held: number;
  /** Recorded, and not seen in this run. */
  readonly unseen: readonly { readonly operation: string; readonly names: readonly TraitName[] }[];
  /** Seen, and not recorded. */
  readonly unrecorded: readonly { readonly operation: string; readonly names: readonly TraitName[] }[];
}

/** The contract an API was seen to keep. What is absent was not seen. */
export interface ReportContract {
  /** What holds on every operation on which it was seen. */
  readonly traits: readonly (DescribedTrait & { readonly operations: readonly string[] })[];
  readonly operations: readonly {
    readonly operation: string;
    readonly traits: readonly (DescribedTrait & { readonly exchanges: readonly number[] })[];
  }[];
  /** The nearest; several that are equally near; empty where nothing is near. */
  readonly resembles: readonly Resemblance[];
  /** `null` = it was held against no file. */
  readonly drift: Drift | null;
}

/** Traits of a file, each with its place. */
export type RecordedTraits = Readonly<
  Partial<Record<TraitName, { readonly value: TraitValue; readonly location: Location }>>
>;

/** The contract of an earlier run, from its file. */
export interface RecordedContract {
  readonly file: string;
  /** What holds for every operation, where there is no list of operations. */
  readonly traits: RecordedTraits;
  /** `null` = the file lists none. */
  readonly operations: ReadonlyMap<string, RecordedTraits> | null;
}

/** Names what an observed contract is like. */
export type Resembling = (traits: Traits) => readonly Resemblance[];
