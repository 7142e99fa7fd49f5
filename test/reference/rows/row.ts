import type { Choices } from '../../../src/reference/choices.js';
import type { ReferenceClient } from '../../support/reference-client.js';

/** What a client does to see a flaw, and what comes of it with the flaw and without. */
export interface Row {
  readonly does: (api: ReferenceClient) => Promise<unknown>;
  readonly flawed: unknown;
  readonly correct: unknown;
  /** What the correct API is compared with; absent = the choices of the flaw. */
  readonly against?: Partial<Choices>;
}

export const row = (does: Row['does'], correct: unknown, flawed: unknown, against?: Partial<Choices>): Row => ({
  does,
  correct,
  flawed,
  ...(against === undefined ? {} : { against }),
});
