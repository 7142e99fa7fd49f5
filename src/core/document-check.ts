import { isSkip, type Check, type CheckMeta, type Observed, type Skip, type Subject } from './check.js';
import type { Verdict } from './verdict.js';

/** What nobody saw: the documentation is judged by itself, as `lint` does. */
export const NOTHING_OBSERVED: Observed = { exchanges: [], results: [] };

/** The variant that holds what a run saw against the document; `lint`, which sees nothing, leaves it out. */
export const OBSERVED = 'observed';

type Meta<Code extends string, NoteCode extends string> = Omit<
  CheckMeta,
  'group' | 'messages' | 'notes' | 'isolation' | 'isLate' | 'variants' | 'sends'
> & {
  readonly messages: Readonly<Record<Code, string>>;
  readonly notes?: Readonly<Record<NoteCode, string>>;
  readonly variants?: readonly (string | null)[];
};

type Definition<Target, Code extends string, NoteCode extends string> = Meta<Code, NoteCode> & {
  /** Takes from the subject what the check needs, or says why it does not apply. */
  select(subject: Subject, variant: string | null): Target | Skip;
  /** Judges what is written, held against what the run saw of the operation. */
  judge(target: NoInfer<Target>, observed: Observed): Verdict<NoInfer<Code>, NoInfer<NoteCode>>;
};

/**
 * A check of the documentation: it sends nothing. Its scenario has an empty probe, and a `review` that the engine calls
 * when all else is over, with what the run saw of the operation.
 */
export function defineDocumentCheck<
  Target extends object,
  const Code extends string,
  const NoteCode extends string = never,
>(definition: Definition<Target, Code, NoteCode>): Check {
  const { select, judge, notes, variants, ...meta } = definition;
  return {
    ...meta,
    group: 'docs',
    sends: 'Nothing. It reads the OpenAPI document; in a run, also what the other checks saw of the operation.',
    notes: notes ?? {},
    isolation: 'shared',
    isLate: false,
    variants: variants ?? [null],
    plan(subject, variant) {
      const target = select(subject, variant);
      if (isSkip(target)) return target;
      return {
        hooks: [],
        *probe() {
          // Nothing is sent.
        },
        judge: () => judge(target, NOTHING_OBSERVED),
        review: observed => judge(target, observed),
      };
    },
  };
}
