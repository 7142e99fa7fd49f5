import type { Flaw } from '../flaw.js';
import { duplicateCrashes } from '../flaws/duplicate-crashes.js';
import { duplicateCreatedAgain } from '../flaws/duplicate-created-again.js';
import { noKey } from '../flaws/no-key.js';
import { uniqueCheckedBeforeInsert } from '../flaws/unique-checked-before-insert.js';
import { uniqueNotEnforced } from '../flaws/unique-not-enforced.js';
import { uniqueViolationCrashes } from '../flaws/unique-violation-crashes.js';

/** Flaws in what is the same without a key, in the order of the checks that find them. */
export const duplicateFlaws: readonly Flaw[] = [
  uniqueNotEnforced,
  noKey,
  duplicateCreatedAgain,
  duplicateCrashes,
  uniqueCheckedBeforeInsert,
  uniqueViolationCrashes,
];
