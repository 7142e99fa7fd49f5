import type { Flaw } from '../flaw.js';
import { contendedPatchCrashes } from '../flaws/contended-patch-crashes.js';
import { keyedPatchAppliedAgain } from '../flaws/keyed-patch-applied-again.js';
import { keyedPatchReplayCrashes } from '../flaws/keyed-patch-replay-crashes.js';
import { patchAppendsTags } from '../flaws/patch-appends-tags.js';
import { patchRepeatCrashes } from '../flaws/patch-repeat-crashes.js';
import { patchWritesWholeRecord } from '../flaws/patch-writes-whole-record.js';
import { membershipPatchPaysAgain } from '../flaws/membership-patch-pays-again.js';

/** Flaws in PATCH, in the order of the checks that find them. */
export const patchFlaws: readonly Flaw[] = [
  patchAppendsTags,
  patchRepeatCrashes,
  keyedPatchAppliedAgain,
  keyedPatchReplayCrashes,
  patchWritesWholeRecord,
  contendedPatchCrashes,
  membershipPatchPaysAgain,
];
