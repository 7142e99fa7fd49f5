import type { Flaw } from '../flaw.js';
import { contendedWriteCrashes } from '../flaws/contended-write-crashes.js';
import { contendedWriteRefused } from '../flaws/contended-write-refused.js';
import { etagKeptWithinAMinute } from '../flaws/etag-kept-within-a-minute.js';
import { etagOfOtherBytes } from '../flaws/etag-of-other-bytes.js';
import { etagRandom } from '../flaws/etag-random.js';
import { etagUnquoted } from '../flaws/etag-unquoted.js';
import { gzipWeakensEtag } from '../flaws/gzip-weakens-etag.js';
import { ifMatchAnyIssued } from '../flaws/if-match-any-issued.js';
import { ifMatchCheckedBeforeWork } from '../flaws/if-match-checked-before-work.js';
import { ifMatchCrashes } from '../flaws/if-match-crashes.js';
import { ifMatchIgnored } from '../flaws/if-match-ignored.js';
import { ifMatchStarRefused } from '../flaws/if-match-star-refused.js';
import { ifMatchUnknownApplied } from '../flaws/if-match-unknown-applied.js';
import { ifNoneMatchCheckedBeforeInsert } from '../flaws/if-none-match-checked-before-insert.js';
import { ifNoneMatchConflict } from '../flaws/if-none-match-conflict.js';
import { ifNoneMatchCrashes } from '../flaws/if-none-match-crashes.js';
import { ifNoneMatchIgnored } from '../flaws/if-none-match-ignored.js';
import { invalidWriteHalfApplied } from '../flaws/invalid-write-half-applied.js';
import { invalidWriteResetsAmount } from '../flaws/invalid-write-resets-amount.js';
import { loserOverwritesWinner } from '../flaws/loser-overwrites-winner.js';
import { memberOrderRandom } from '../flaws/member-order-random.js';
import { notModifiedNever } from '../flaws/not-modified-never.js';
import { overwritesSilently } from '../flaws/overwrites-silently.js';
import { preconditionNotDemanded } from '../flaws/precondition-not-demanded.js';
import { putAfterDeleteRecreates } from '../flaws/put-after-delete-recreates.js';
import { refusedDepositBooked } from '../flaws/refused-deposit-booked.js';
import { refusedDepositOpensAccount } from '../flaws/refused-deposit-opens-account.js';
import { replicaLagsUnderOneTag } from '../flaws/replica-lags-under-one-tag.js';
import { staleWriteCrashes } from '../flaws/stale-write-crashes.js';
import { staleWriteForbidden } from '../flaws/stale-write-forbidden.js';
import { staleWriteRefusedButApplied } from '../flaws/stale-write-refused-but-applied.js';
import { weakEtagKept } from '../flaws/weak-etag-kept.js';
import { weakEtagMatched } from '../flaws/weak-etag-matched.js';
import { weakEtagRefused } from '../flaws/weak-etag-refused.js';
import { writeAfterDeleteCrashes } from '../flaws/write-after-delete-crashes.js';
import { writeAfterDeleteIgnored } from '../flaws/write-after-delete-ignored.js';
import { writeAnswersOtherEtag } from '../flaws/write-answers-other-etag.js';
import { cancelRefusedRestocksAgain } from '../flaws/cancel-refused-restocks-again.js';
import { editsLostWithoutVersion } from '../flaws/edits-lost-without-version.js';
import { etagRandomRefused } from '../flaws/etag-random-refused.js';

/** Flaws in validators and preconditions, in the order of the checks that find them. */
export const conditionalFlaws: readonly Flaw[] = [
  replicaLagsUnderOneTag,
  etagRandom,
  etagUnquoted,
  notModifiedNever,
  memberOrderRandom,
  etagKeptWithinAMinute,
  weakEtagKept,
  writeAnswersOtherEtag,
  ifMatchIgnored,
  ifMatchAnyIssued,
  ifMatchUnknownApplied,
  staleWriteRefusedButApplied,
  staleWriteForbidden,
  staleWriteCrashes,
  etagOfOtherBytes,
  weakEtagRefused,
  weakEtagMatched,
  ifMatchStarRefused,
  gzipWeakensEtag,
  ifMatchCrashes,
  ifMatchCheckedBeforeWork,
  loserOverwritesWinner,
  contendedWriteRefused,
  contendedWriteCrashes,
  ifNoneMatchIgnored,
  ifNoneMatchCheckedBeforeInsert,
  ifNoneMatchConflict,
  ifNoneMatchCrashes,
  putAfterDeleteRecreates,
  writeAfterDeleteIgnored,
  writeAfterDeleteCrashes,
  overwritesSilently,
  preconditionNotDemanded,
  invalidWriteHalfApplied,
  invalidWriteResetsAmount,
  refusedDepositBooked,
  refusedDepositOpensAccount,
  cancelRefusedRestocksAgain,
  editsLostWithoutVersion,
  etagRandomRefused,
];
