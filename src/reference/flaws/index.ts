import type { Flaw } from '../flaw.js';
import { concurrentDeleteCrashes } from './concurrent-delete-crashes.js';
import { concurrentDeleteUndone } from './concurrent-delete-undone.js';
import { concurrentKeyCrashes } from './concurrent-key-crashes.js';
import { contendedKeyRefused } from './contended-key-refused.js';
import { contendedWriteCrashes } from './contended-write-crashes.js';
import { contendedWriteRefused } from './contended-write-refused.js';
import { createReturnsExisting } from './create-returns-existing.js';
import { deleteRepeatBadRequest } from './delete-repeat-bad-request.js';
import { deleteRepeatCrashes } from './delete-repeat-crashes.js';
import { deleteRepeatRestores } from './delete-repeat-restores.js';
import { deleteUnknownCrashes } from './delete-unknown-crashes.js';
import { deletedForbidden } from './deleted-forbidden.js';
import { deletedKeyForgotten } from './deleted-key-forgotten.js';
import { deletedOrderRestored } from './deleted-order-restored.js';
import { deletedReadCrashes } from './deleted-read-crashes.js';
import { deletedStillListed } from './deleted-still-listed.js';
import { deletedStillReadable } from './deleted-still-readable.js';
import { duplicateCrashes } from './duplicate-crashes.js';
import { duplicateCreatedAgain } from './duplicate-created-again.js';
import { etagKeptWithinAMinute } from './etag-kept-within-a-minute.js';
import { etagRandom } from './etag-random.js';
import { etagUnquoted } from './etag-unquoted.js';
import { expiredKeyCrashes } from './expired-key-crashes.js';
import { expiredKeyExecuted } from './expired-key-executed.js';
import { expiredKeyRefused } from './expired-key-refused.js';
import { expiredKeyStuck } from './expired-key-stuck.js';
import { headCrashes } from './head-crashes.js';
import { headOtherLength } from './head-other-length.js';
import { headOtherType } from './head-other-type.js';
import { headUnsupported } from './head-unsupported.js';
import { headWithBody } from './head-with-body.js';
import { ifMatchAnyIssued } from './if-match-any-issued.js';
import { ifMatchCheckedBeforeWork } from './if-match-checked-before-work.js';
import { ifMatchIgnored } from './if-match-ignored.js';
import { ifMatchUnknownApplied } from './if-match-unknown-applied.js';
import { keyIgnored } from './key-ignored.js';
import { keyKeptForEver } from './key-kept-for-ever.js';
import { keyNotDemanded } from './key-not-demanded.js';
import { keyShortInStore } from './key-short-in-store.js';
import { keyStoredAfterEffect } from './key-stored-after-effect.js';
import { loserOverwritesWinner } from './loser-overwrites-winner.js';
import { memberOrderRandom } from './member-order-random.js';
import { mismatchChangesOriginal } from './mismatch-changes-original.js';
import { mismatchCrashes } from './mismatch-crashes.js';
import { mismatchExecuted } from './mismatch-executed.js';
import { mismatchReplayed } from './mismatch-replayed.js';
import { mismatchSpoilsKey } from './mismatch-spoils-key.js';
import { missingKeyConflict } from './missing-key-conflict.js';
import { missingKeyCrashes } from './missing-key-crashes.js';
import { noKey } from './no-key.js';
import { notModifiedNever } from './not-modified-never.js';
import { optionalKeyDemanded } from './optional-key-demanded.js';
import { overwritesSilently } from './overwrites-silently.js';
import { pendingKeyKeptForEver } from './pending-key-kept-for-ever.js';
import { preconditionNotDemanded } from './precondition-not-demanded.js';
import { putAddsRecord } from './put-adds-record.js';
import { putAlwaysCreated } from './put-always-created.js';
import { putAppendsTags } from './put-appends-tags.js';
import { putBumpsCounter } from './put-bumps-counter.js';
import { putReassignsClerk } from './put-reassigns-clerk.js';
import { putRepeatCrashes } from './put-repeat-crashes.js';
import { putRepeatRefused } from './put-repeat-refused.js';
import { readChangesField } from './read-changes-field.js';
import { readCountsViews } from './read-counts-views.js';
import { readCreatesRecord } from './read-creates-record.js';
import { replayConflict } from './replay-conflict.js';
import { replayCrashes } from './replay-crashes.js';
import { replayEmpty } from './replay-empty.js';
import { replayNotFound } from './replay-not-found.js';
import { replayOkInsteadOfCreated } from './replay-ok-instead-of-created.js';
import { replayOtherId } from './replay-other-id.js';
import { replayReformatted } from './replay-reformatted.js';
import { replayUnreadable } from './replay-unreadable.js';
import { replicaLagsUnderOneTag } from './replica-lags-under-one-tag.js';
import { retryOfDeletedCrashes } from './retry-of-deleted-crashes.js';
import { secondKeyDeduplicated } from './second-key-deduplicated.js';
import { staleWriteCrashes } from './stale-write-crashes.js';
import { staleWriteForbidden } from './stale-write-forbidden.js';
import { staleWriteRefusedButApplied } from './stale-write-refused-but-applied.js';
import { ttlShortUndeclared } from './ttl-short-undeclared.js';
import { ttlShorterThanDeclared } from './ttl-shorter-than-declared.js';
import { uniqueNotEnforced } from './unique-not-enforced.js';
import { weakEtagKept } from './weak-etag-kept.js';
import { writeAnswersOtherEtag } from './write-answers-other-etag.js';

/** Every flaw, in the order of the checks that find them. */
export const flaws: readonly Flaw[] = [
  keyIgnored,
  replayCrashes,
  replayOtherId,
  replayEmpty,
  replayNotFound,
  replayConflict,
  replayUnreadable,
  replayOkInsteadOfCreated,
  replayReformatted,
  secondKeyDeduplicated,
  createReturnsExisting,
  mismatchExecuted,
  mismatchReplayed,
  mismatchChangesOriginal,
  mismatchCrashes,
  mismatchSpoilsKey,
  keyNotDemanded,
  optionalKeyDemanded,
  missingKeyConflict,
  missingKeyCrashes,
  keyStoredAfterEffect,
  contendedKeyRefused,
  concurrentKeyCrashes,
  uniqueNotEnforced,
  noKey,
  duplicateCreatedAgain,
  duplicateCrashes,
  putAppendsTags,
  putBumpsCounter,
  putReassignsClerk,
  putAddsRecord,
  putRepeatRefused,
  putAlwaysCreated,
  putRepeatCrashes,
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
  ifMatchCheckedBeforeWork,
  loserOverwritesWinner,
  contendedWriteRefused,
  contendedWriteCrashes,
  overwritesSilently,
  preconditionNotDemanded,
  deleteRepeatCrashes,
  deleteRepeatRestores,
  deleteRepeatBadRequest,
  deleteUnknownCrashes,
  concurrentDeleteCrashes,
  concurrentDeleteUndone,
  deletedStillReadable,
  deletedStillListed,
  deletedForbidden,
  deletedReadCrashes,
  deletedKeyForgotten,
  deletedOrderRestored,
  retryOfDeletedCrashes,
  readCreatesRecord,
  readChangesField,
  readCountsViews,
  headWithBody,
  headOtherLength,
  headOtherType,
  headUnsupported,
  headCrashes,
  ttlShorterThanDeclared,
  ttlShortUndeclared,
  keyKeptForEver,
  pendingKeyKeptForEver,
  keyShortInStore,
  expiredKeyStuck,
  expiredKeyCrashes,
  expiredKeyRefused,
  expiredKeyExecuted,
];

/** The flaw of this id. */
export function flawNamed(id: string): Flaw | undefined {
  return flaws.find(flaw => flaw.id === id);
}
