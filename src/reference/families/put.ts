import type { Flaw } from '../flaw.js';
import { concurrentPutAddsUp } from '../flaws/concurrent-put-adds-up.js';
import { concurrentPutAllCreated } from '../flaws/concurrent-put-all-created.js';
import { concurrentPutCrashes } from '../flaws/concurrent-put-crashes.js';
import { concurrentPutCreateCrashes } from '../flaws/concurrent-put-create-crashes.js';
import { concurrentPutCreatesTwo } from '../flaws/concurrent-put-creates-two.js';
import { concurrentPutRefusedButWritten } from '../flaws/concurrent-put-refused-but-written.js';
import { putAddsRecord } from '../flaws/put-adds-record.js';
import { putAlwaysCreated } from '../flaws/put-always-created.js';
import { putAppendsTags } from '../flaws/put-appends-tags.js';
import { putBumpsCounter } from '../flaws/put-bumps-counter.js';
import { putCreatedInTwoSteps } from '../flaws/put-created-in-two-steps.js';
import { putKeepsColour } from '../flaws/put-keeps-colour.js';
import { putKeepsForGood } from '../flaws/put-keeps-for-good.js';
import { putKeepsOmitted } from '../flaws/put-keeps-omitted.js';
import { putReassignsClerk } from '../flaws/put-reassigns-clerk.js';
import { putRepeatCrashes } from '../flaws/put-repeat-crashes.js';
import { putRepeatRefused } from '../flaws/put-repeat-refused.js';
import { putWrittenInTwoSteps } from '../flaws/put-written-in-two-steps.js';
import { membershipPutPaysAgain } from '../flaws/membership-put-pays-again.js';

/** Flaws in PUT, in the order of the checks that find them. */
export const putFlaws: readonly Flaw[] = [
  putAppendsTags,
  putBumpsCounter,
  putReassignsClerk,
  putAddsRecord,
  putRepeatRefused,
  putAlwaysCreated,
  putRepeatCrashes,
  putKeepsOmitted,
  putKeepsForGood,
  putKeepsColour,
  concurrentPutCreatesTwo,
  putCreatedInTwoSteps,
  concurrentPutAllCreated,
  concurrentPutCreateCrashes,
  putWrittenInTwoSteps,
  concurrentPutAddsUp,
  concurrentPutRefusedButWritten,
  concurrentPutCrashes,
  membershipPutPaysAgain,
];
