import type { Result } from '../../src/core/report.js';
import type { Choices } from '../../src/reference/choices.js';

/** Something else than a pass on a correct API, and why it must be so. */
export interface Exception {
  readonly why: string;
  readonly verdict: 'inconclusive' | 'warn' | 'fail';
  /** The reason of an `inconclusive`, the only code of a finding; `*` = any. */
  readonly code: string;
  readonly meets: (choices: Partial<Choices>, result: Result) => boolean;
  /** Hangs on which request of a run is turned away, so that it need not come. */
  readonly isByChance?: boolean;
}
