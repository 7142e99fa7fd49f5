import type { Location } from './errors.js';
import type { HookRun } from './hook-run.js';
import type { Exchange } from './http.js';
import type { ReportContract } from './observed-contract.js';
import type { RacePower } from './race.js';
import type { OracleKind, OracleStrength, Reading } from './reading.js';
import type { Trait } from './trait.js';
import type { Args, Basis, Finding, Note, Severity, VerdictName } from './verdict.js';

/** What the run made of one case, before any prose. */
export interface Result {
  /** `operation#check`, or `operation#check:variant`. */
  readonly id: string;
  readonly check: string;
  readonly variant: string | null;
  readonly operation: string;
  readonly resource: string;
  readonly verdict: VerdictName;
  readonly severity: Severity;
  readonly basis: Basis;
  readonly oracleKind: OracleKind;
  /** Code of an `inconclusive`, sentence of a `not-applicable`, else `null`. */
  readonly reason: string | null;
  readonly reasonArgs: Args;
  readonly findings: readonly Finding[];
  readonly notes: readonly Note[];
  readonly exchanges: readonly number[];
  readonly readings: readonly Reading[];
  /** Hooks that were run; absent = none. */
  readonly hooks?: readonly HookRun[];
  /** What it shows of the contract the API keeps; absent = nothing. */
  readonly traits?: readonly Trait[];
  readonly location: Location | null;
  readonly durationMs: number;
}

/** A record the run created and could not delete. */
export interface Leftover {
  readonly resource: string;
  readonly id: string;
  readonly url: string;
}

/** All a run hands over to the report. */
export interface Outcome {
  readonly results: readonly Result[];
  readonly exchanges: readonly RecordedExchange[];
  readonly leftovers: readonly Leftover[];
  /** What stopped the run before its end, if anything did. */
  readonly stopped: 'interrupted' | 'budget' | null;
  /** Our own bugs, for stderr and exit 2: where in the run each struck, and its stack; no secrets. */
  readonly internalErrors: readonly string[];
}

/** An exchange with the result it belongs to (`preflight …`, `setup`, `clean-up` for the run's own). */
export type RecordedExchange = Exchange & {
  readonly result: string;
  /** Who sent it, where that is another caller than the target's own. */
  readonly identity?: string;
};

export type ChecklistVerdict = VerdictName | 'not-checked';

/** A finding as the JSON report carries it: with its sentence. */
export interface ReportFinding extends Finding {
  readonly message: string;
}

/** One result as the JSON report carries it (`schema/report.schema.json`). */
export interface ReportResult {
  readonly id: string;
  readonly check: string;
  readonly variant: string | null;
  readonly operation: string;
  readonly resource: string;
  readonly verdict: VerdictName;
  readonly severity: Severity;
  readonly basis: Basis;
  readonly oracle: OracleStrength;
  readonly oracleKind: OracleKind;
  readonly reason: string | null;
  readonly findings: readonly ReportFinding[];
  readonly notes: readonly string[];
  /** What it comes to; of several findings the sentences of all, the worst first. */
  readonly message: string;
  readonly expected: string;
  readonly observed: string;
  readonly why: string;
  readonly fix: string;
  readonly docs: string;
  readonly waived: { readonly reason: string; readonly until: string | null } | null;
  readonly race: RacePower | null;
  readonly readings: readonly Reading[];
  /** Hooks that were run; absent = none. */
  readonly hooks?: readonly HookRun[];
  readonly exchanges: readonly number[];
  readonly location: Location | null;
  readonly durationMs: number;
}

/** One exchange as the JSON report carries it, secrets masked. */
export interface ReportExchange {
  readonly n: number;
  readonly result: string;
  readonly step: string;
  readonly attempt: number;
  readonly round: number;
  readonly lane: number;
  /** Who sent it; absent for the target's own caller. */
  readonly identity?: string;
  readonly sync: string | null;
  readonly request: {
    readonly method: string;
    readonly url: string;
    readonly headers: readonly (readonly [string, string])[];
    readonly body: string | null;
    readonly bodyEncoding: 'utf8' | 'base64';
  };
  readonly response: {
    readonly status: number;
    readonly headers: readonly (readonly [string, string])[];
    readonly body: string;
    readonly bodyEncoding: 'utf8' | 'base64';
    readonly bodyBytes: number;
    readonly truncated: boolean;
  } | null;
  readonly lost: string | null;
  readonly lostDetail: string | null;
  readonly sentAtUs: number | null;
  readonly writtenAtUs: number | null;
  readonly firstByteAtUs: number | null;
  readonly endAtUs: number;
  readonly early?: boolean;
}

/** The JSON report: the record of a run, from which every other format is rendered. */
export interface Report {
  readonly schemaVersion: 1;
  readonly tool: { readonly name: 'idem-check'; readonly version: string };
  readonly target: string;
  readonly profile: string;
  readonly startedAt: string;
  readonly durationMs: number;
  readonly seed: number;
  readonly exitCode: number;
  readonly summary: {
    readonly pass: number;
    readonly fail: number;
    readonly warn: number;
    readonly inconclusive: number;
    readonly notApplicable: number;
    readonly waived: number;
    readonly requests: number;
  };
  readonly checklist: readonly {
    readonly item: string;
    readonly verdict: ChecklistVerdict;
    readonly checks: readonly string[];
  }[];
  readonly results: readonly ReportResult[];
  readonly exchanges: readonly ReportExchange[];
  /** The contract the API was seen to keep; absent where nobody asked for it. */
  readonly contract?: ReportContract;
  readonly leftovers: readonly Leftover[];
  /** Messages of our own bugs, secrets masked; absent = none. */
  readonly internalErrors?: readonly string[];
}
