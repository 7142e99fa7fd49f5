import type { Preflight } from './preflight.js';
import type { Evidence } from './evidence.js';
import type { Exchange } from './http.js';
import type { Operation } from './operation.js';
import type { Result } from './report.js';
import type { Outgoing, Resource } from './resource.js';
import type { Scope } from './scope.js';
import type { HookName } from './spec.js';
import type { Probe } from './step.js';
import type { Trait } from './trait.js';
import type { Basis, Severity, Verdict } from './verdict.js';

/** Families of the catalogue, each a folder. */
export type Group =
  'keys' | 'duplicates' | 'put' | 'patch' | 'conditional' | 'delete' | 'safe' | 'lifetime' | 'scope' | 'docs';

/** What a check says of itself; the catalogue, its page and every report are made from it. */
export interface CheckMeta {
  /** Never changes once released. */
  readonly id: string;
  readonly group: Group;
  /** The claim, as one sentence. */
  readonly title: string;
  readonly severity: Severity;
  readonly basis: Basis;
  readonly refs: readonly string[];
  /** What is sent, as a person would tell it. */
  readonly sends: string;
  /** When it passes, warns, fails and stays open. */
  readonly judges: string;
  /** What must hold, for "expected:" beside a finding. */
  readonly expected: string;
  readonly why: string;
  readonly fix: string;
  /** What keeps it from crying wolf. */
  readonly guards: readonly string[];
  /** Finding codes and their sentences. */
  readonly messages: Readonly<Record<string, string>>;
  /** Note codes and their sentences. */
  readonly notes: Readonly<Record<string, string>>;
  /** `alone`: nothing else may touch the resource meanwhile. */
  readonly isolation: 'shared' | 'alone';
  /** Its retries come late: it begins before the others, so that its waits elapse beside them. */
  readonly isLate: boolean;
  /** `null` is the check itself; a name adds `:name` to the result's id. */
  readonly variants: readonly (string | null)[];
}

/** An operation with its resource: what a check is asked to judge. */
export interface Subject {
  readonly operation: Operation;
  readonly resource: Resource;
  /** Every resource of the spec. */
  readonly resources: readonly Resource[];
  /** Names of other callers, for the scoping checks. */
  readonly identities: readonly string[];
  /** The target's own caller has a credential, so that one without differs from it. */
  readonly isAuthenticated: boolean;
  /** What of the target's surroundings the user lets the run move. */
  readonly hooks: ReadonlySet<HookName>;
  /** The spec says where the API keeps its keys. */
  readonly hasStore?: boolean;
}

/** What a probe may use that is not in its target. Handed in, so that a probe stays deterministic. */
export interface Tools {
  readonly preflight: Preflight;
  /** A new scope: new marker, uuid and int, no values. */
  readonly fresh: () => Scope;
  /** A new idempotency key. */
  readonly key: () => string;
  /** How often and how wide a race is run. */
  readonly race: { readonly rounds: number; readonly widths: readonly number[] };
  /** Longest wait for a late retry, milliseconds. */
  readonly maxWaitMs: number;
  /** How long a key in flight is watched, milliseconds. */
  readonly patienceMs: number;
  /** For a case that stands by: the keyed requests of its operation that the run saw turned away, the latest first. */
  readonly turnedAway?: readonly Outgoing[];
}

/** Why a check does not apply to an operation. */
export interface Skip {
  readonly skip: string;
}

/** What a whole run saw of one operation: its exchanges, and what the other checks made of them. */
export interface Observed {
  readonly exchanges: readonly Exchange[];
  readonly results: readonly Result[];
}

/** A check bound to one operation: what to do, and what to make of what came back. */
export interface Scenario {
  /** The hooks its probe runs: a case with any has the whole run to itself. */
  readonly hooks: readonly HookName[];
  readonly probe: (tools: Tools) => Probe;
  readonly judge: (evidence: Evidence) => Verdict;
  /** Why it does not apply after all, by what the preflight learned; `null` = it does. Absent = it always does. */
  readonly misfit?: (preflight: Preflight) => string | null;
  /** What an attempt shows of the contract the API keeps, beside its verdict; absent = nothing. */
  readonly observe?: (evidence: Evidence, verdict: Verdict) => readonly Trait[];
  /** Set for a check that sends nothing: its verdict once all other cases are over. `judge` is the one without a run. */
  readonly review?: (observed: Observed) => Verdict;
  /**
   * Set for a case that is played when all others are over, and only where keyed requests of its operation were turned
   * away (429, 502, 503, 504): why it does not apply where none was.
   */
  readonly standsBy?: string;
}

export interface Check extends CheckMeta {
  readonly plan: (subject: Subject, variant: string | null) => Scenario | Skip;
}

/** The labels a judge can ask for: those of its probe; none where the probe hides one of them in a plain `string`. */
type Known<Label extends string> = string extends Label ? never : Label;

/** A scenario without hooks and traits, bound to its operation already; a misspelt step label does not compile. */
export function defineScenario<Label extends string>({
  probe,
  judge,
}: {
  probe(tools: Tools): Probe<void, Label>;
  judge(evidence: Evidence<Known<NoInfer<Label>>>): Verdict;
}): Scenario {
  return { hooks: [], probe, judge };
}

type Meta<Code extends string, NoteCode extends string> = Omit<
  CheckMeta,
  'messages' | 'notes' | 'isolation' | 'isLate' | 'variants'
> & {
  readonly messages: Readonly<Record<Code, string>>;
  readonly notes?: Readonly<Record<NoteCode, string>>;
  readonly isolation?: 'shared' | 'alone';
  readonly isLate?: boolean;
  readonly variants?: readonly (string | null)[];
};

type Definition<Target, Label extends string, Code extends string, NoteCode extends string> = Meta<Code, NoteCode> & {
  /** Takes from the subject what the check needs, or says why it does not apply. */
  select(subject: Subject, variant: string | null): Target | Skip;
  /** Why it does not apply to the target after all, by what the preflight learned; `null` = it does. Absent = it always does. */
  misfit?(target: NoInfer<Target>, preflight: Preflight): string | null;
  /** The hooks the probe may run on this target; absent = none. */
  hooks?(target: NoInfer<Target>): readonly HookName[];
  /** Why a case that stands by does not apply where nothing called it; `null` or absent = it does not stand by. */
  standsBy?(target: NoInfer<Target>): string | null;
  probe(target: NoInfer<Target>, tools: Tools): Probe<void, Label>;
  judge(target: NoInfer<Target>, evidence: Evidence<Known<NoInfer<Label>>>): Verdict<NoInfer<Code>, NoInfer<NoteCode>>;
  /**
   * The traits of the API's contract that an attempt shows, whatever the verdict says of them. Nothing that was not
   * seen; absent = none.
   */
  observe?(
    target: NoInfer<Target>,
    evidence: Evidence<Known<NoInfer<Label>>>,
    verdict: Verdict<NoInfer<Code>, NoInfer<NoteCode>>,
  ): readonly (Trait | null)[];
};

/** Binds the parts of a check together; a misspelt finding code, note code or step label does not compile. */
export function defineCheck<
  Target extends object,
  Label extends string,
  const Code extends string,
  const NoteCode extends string = never,
>(definition: Definition<Target, Label, Code, NoteCode>): Check {
  const { select, misfit, hooks, standsBy, probe, judge, observe, notes, isolation, isLate, variants, ...meta } =
    definition;
  return {
    ...meta,
    notes: notes ?? {},
    isolation: isolation ?? 'shared',
    isLate: isLate ?? false,
    variants: variants ?? [null],
    plan(subject, variant) {
      const target = select(subject, variant);
      if (isSkip(target)) return target;
      const why = standsBy?.(target) ?? null;
      return {
        ...(why === null ? {} : { standsBy: why }),
        hooks: hooks?.(target) ?? [],
        probe: tools => probe(target, tools),
        judge: evidence => judge(target, evidence),
        ...(misfit === undefined ? {} : { misfit: preflight => misfit(target, preflight) }),
        observe: (evidence, verdict) =>
          observe?.(target, evidence, verdict as Parameters<typeof observe>[2]).filter(isThere) ?? [],
      };
    },
  };
}

export function skip(reason: string): Skip {
  return { skip: reason };
}

function isThere(trait: Trait | null): trait is Trait {
  return trait !== null;
}

export function isSkip(value: object): value is Skip {
  return 'skip' in value;
}
