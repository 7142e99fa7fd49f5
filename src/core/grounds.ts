import type { Preflight } from './preflight.js';
import type { Contract } from './contract.js';
import type { Location } from './errors.js';
import type { RecordedTraits } from './observed-contract.js';
import type { Documented, Payload, Role } from './operation.js';
import type { Place, VersionCarrier } from './resource.js';
import type { HookName, Waiver } from './spec.js';

/** What every judge knew of the run. */
export interface Surroundings {
  /** Longest wait the run allowed, milliseconds. */
  readonly maxWaitMs: number;
  /** The run's own requests carried a credential. */
  readonly isAuthenticated: boolean;
  /** Names of the other callers. */
  readonly identities: readonly string[];
  /** Hooks the spec has. */
  readonly hooks: readonly HookName[];
  /** The spec says where the API keeps its keys. */
  readonly hasStore: boolean;
}

/**
 * What the results of a report rest on beside its exchanges, so that it can be judged again without the spec and without
 * a network: of the spec only what the judges look at, as data. Holds no credential, no template and no command.
 */
export interface Grounds extends Surroundings {
  /** The gate of the run was strict: a warning that rests on a SHOULD stands in the results as a fail. */
  readonly strict: boolean;
  /** Every contract an operation has; operations name theirs by its place here, from 0. */
  readonly contracts: readonly Contract[];
  readonly resources: readonly GroundResource[];
  /** What the preflight learned, by the operation and resource of a result. */
  readonly preflights: readonly GroundPreflight[];
  readonly waivers: readonly Waiver[];
  /** The recorded contract that the observed one was held against; `null` = none was given. */
  readonly recorded: {
    readonly file: string;
    readonly traits: RecordedTraits;
    readonly operations: Readonly<Record<string, RecordedTraits>> | null;
  } | null;
}

export interface GroundPreflight {
  readonly resource: string;
  readonly operation: string;
  readonly preflight: Preflight;
}

/** A resource; its parents by name, outermost first. */
export interface GroundResource {
  readonly name: string;
  readonly parents: readonly string[];
  readonly id: { readonly chosenBy: 'client' | 'server'; readonly places: readonly Place[] };
  readonly version: VersionCarrier | null;
  /** JSONPaths. */
  readonly volatile: readonly string[];
  /** A command counts its records. */
  readonly isCounted: boolean;
  readonly gone:
    | { readonly statuses: readonly number[] }
    /** A JSONPath, and what stands there once the record is deleted. */
    | { readonly value: string; readonly equals: unknown };
  readonly operations: readonly GroundOperation[];
}

/** An operation; absent = nobody said, or no result is about it. */
export interface GroundOperation {
  /** `METHOD /template`. */
  readonly name: string;
  readonly role: Role;
  /** Place of its contract in `contracts`. */
  readonly contract: number;
  readonly payloads: readonly Payload[];
  readonly unique: readonly string[] | null;
  readonly marked: boolean;
  /** Of a list: where its records stand (JSONPath; `null` = the usual place), and whether it asks for a marker. */
  readonly list?: { readonly items: string | null; readonly filtered: boolean };
  /** Of an action: the operation that reads its number, and where that stands (JSONPath). */
  readonly effect?: { readonly read: string; readonly value: string };
  /** What it would send, filled with stand-ins. */
  readonly samples?: Readonly<Partial<Record<Payload, Sample>>>;
  readonly documented?: Documented;
  readonly operationId?: string;
  readonly location?: Location;
}

/** The shape of a request. */
export interface Sample {
  readonly contentType: string | null;
  readonly body: string | null;
}
