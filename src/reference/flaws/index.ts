import { conditionalFlaws } from '../families/conditional.js';
import { deleteFlaws } from '../families/delete.js';
import { duplicateFlaws } from '../families/duplicates.js';
import { keyFlaws } from '../families/keys.js';
import { lifetimeFlaws } from '../families/lifetime.js';
import { patchFlaws } from '../families/patch.js';
import { putFlaws } from '../families/put.js';
import { safeFlaws } from '../families/safe.js';
import { scopeFlaws } from '../families/scope.js';
import type { Flaw } from '../flaw.js';

/** Every flaw: family by family, and in each in the order of the checks that find them. */
export const flaws: readonly Flaw[] = [
  ...keyFlaws,
  ...duplicateFlaws,
  ...putFlaws,
  ...patchFlaws,
  ...conditionalFlaws,
  ...deleteFlaws,
  ...safeFlaws,
  ...lifetimeFlaws,
  ...scopeFlaws,
];

/** The flaw of this id. */
export function flawNamed(id: string): Flaw | undefined {
  return flaws.find(flaw => flaw.id === id);
}
