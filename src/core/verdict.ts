import type { Location } from './errors.js';
import type { Exchange } from './http.js';
import type { ReasonCode } from './reasons.js';

/** The five verdicts, and no others. */
export type VerdictName = 'pass' | 'fail' | 'warn' | 'inconclusive' | 'not-applicable';

export type Severity = 'critical' | 'high' | 'medium' | 'low';

/** What a verdict rests on: the API's own promise, a MUST, a SHOULD, or custom. */
export type Basis = 'declared' | 'must' | 'should' | 'convention';

/** Values a message is filled from. */
export type Args = Readonly<Record<string, string | number>>;

/**
 * One thing found, as a code of its check with arguments and the numbers of the exchanges that prove it.
 * `certainty: suspect` counts only when it comes again on a fresh resource; `proof` stands by itself.
 */
export interface Finding<Code extends string = string> {
  readonly code: Code;
  readonly level: 'fail' | 'warn';
  readonly certainty: 'proof' | 'suspect';
  readonly basis: Basis | null;
  readonly args: Args;
  readonly exchanges: readonly number[];
  /** The place in a file the user wrote that it is about, where it is about one. */
  readonly location?: Location;
}

/** Something worth knowing that moves no verdict. */
export interface Note<Code extends string = string> {
  readonly code: Code;
  readonly args: Args;
}

/** What a judge says. Fail outranks warn; both carry their findings. */
export type Verdict<Code extends string = string, NoteCode extends string = string> =
  | { readonly verdict: 'pass'; readonly notes: readonly Note<NoteCode | SharedNote>[] }
  | {
      readonly verdict: 'fail' | 'warn';
      readonly findings: readonly Finding<Code>[];
      readonly notes: readonly Note<NoteCode | SharedNote>[];
    }
  | { readonly verdict: 'inconclusive'; readonly reason: ReasonCode; readonly args: Args };

/** Notes any check may attach. */
export const SHARED_NOTES = {
  'identity-oracle':
    'Counted by ids alone: a hidden duplicate would not show. Give the resource a list or a count to see it.',
  'unique-constraint': 'The repeat was refused with {status}: a unique field may have protected it, not the key.',
  'status-outside': 'Answered with {status} where {expected} is usual.',
  'race-power': 'No counter-example in {rounds} rounds of up to {width} requests (95 % bound: {bound} per round).',
  'other-tries-clean': '{clean} of {tries} tries showed nothing.',
} as const;

export type SharedNote = keyof typeof SHARED_NOTES;

interface FindingExtras {
  /** Where this finding rests on something else than the check in general. */
  readonly basis?: Basis;
  readonly level?: 'fail' | 'warn';
  /** The place in a file it is about. */
  readonly at?: Location;
}

/** Positive evidence that something which must hold does not. */
export function fail<const Code extends string>(
  code: Code,
  args: Args,
  proof: readonly Pick<Exchange, 'n'>[],
  { basis, level, at }: FindingExtras = {},
): Finding<Code> {
  return {
    code,
    level: level ?? 'fail',
    certainty: 'proof',
    basis: basis ?? null,
    args,
    exchanges: proof.map(exchange => exchange.n),
    ...(at === undefined ? {} : { location: at }),
  };
}

/** A single odd answer: it counts once it has come again on a fresh resource, not before. */
export function suspect<const Code extends string>(
  code: Code,
  args: Args,
  proof: readonly Exchange[],
  extras: FindingExtras = {},
): Finding<Code> {
  return { ...fail(code, args, proof, extras), certainty: 'suspect' };
}

/** Legal or undeclared, but risky. */
export function warn<const Code extends string>(
  code: Code,
  args: Args,
  proof: readonly Exchange[],
  extras: Omit<FindingExtras, 'level'> = {},
): Finding<Code> {
  return fail(code, args, proof, { ...extras, level: 'warn' });
}

export function note<const Code extends string>(code: Code, args: Args = {}): Note<Code> {
  return { code, args };
}

export function inconclusive(reason: ReasonCode, args: Args = {}): Verdict<never, never> {
  return { verdict: 'inconclusive', reason, args };
}

export function pass<const NoteCode extends string = never>(
  notes: readonly (Note<NoteCode> | false | null)[] = [],
): Verdict<never, NoteCode> {
  return { verdict: 'pass', notes: notes.filter(item => item !== false && item !== null) };
}

/** The findings that are there, as a fail or a warn; `null` when there are none and the check goes on to its pass. */
export function findings<const Code extends string, const NoteCode extends string = never>(
  found: readonly (Finding<Code> | false | null | undefined)[],
  notes: readonly (Note<NoteCode> | false | null)[] = [],
): Verdict<Code, NoteCode> | null {
  const there = found.filter(item => item !== false && item !== null && item !== undefined);
  if (there.length === 0) return null;
  return {
    verdict: there.some(finding => finding.level === 'fail') ? 'fail' : 'warn',
    findings: there,
    notes: notes.filter(item => item !== false && item !== null),
  };
}
