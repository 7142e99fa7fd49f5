import type { Flaw } from '../flaw.js';
import { furtherFlaws } from '../further-flaws.js';
import { abortBreaksKey } from './abort-breaks-key.js';
import { abortBurnsKey } from './abort-burns-key.js';
import { abortForgetsKey } from './abort-forgets-key.js';
import { abortHoldsKeyLong } from './abort-holds-key-long.js';
import { abortLeavesKeyInFlight } from './abort-leaves-key-in-flight.js';
import { abortRenamesRecord } from './abort-renames-record.js';
import { abortUndoesEffect } from './abort-undoes-effect.js';
import { concurrentDeleteCrashes } from './concurrent-delete-crashes.js';
import { concurrentDeleteUndone } from './concurrent-delete-undone.js';
import { concurrentDepositCrashes } from './concurrent-deposit-crashes.js';
import { concurrentKeyCrashes } from './concurrent-key-crashes.js';
import { concurrentPutAddsUp } from './concurrent-put-adds-up.js';
import { concurrentPutAllCreated } from './concurrent-put-all-created.js';
import { concurrentPutCrashes } from './concurrent-put-crashes.js';
import { concurrentPutCreateCrashes } from './concurrent-put-create-crashes.js';
import { concurrentPutCreatesTwo } from './concurrent-put-creates-two.js';
import { concurrentPutRefusedButWritten } from './concurrent-put-refused-but-written.js';
import { conflictShowsForeignRecord } from './conflict-shows-foreign-record.js';
import { contendedKeyRefused } from './contended-key-refused.js';
import { contendedPatchCrashes } from './contended-patch-crashes.js';
import { contendedWriteCrashes } from './contended-write-crashes.js';
import { contendedWriteRefused } from './contended-write-refused.js';
import { createReturnsExisting } from './create-returns-existing.js';
import { crashAfterEffect } from './crash-after-effect.js';
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
import { depositLost } from './deposit-lost.js';
import { depositRefusedButBooked } from './deposit-refused-but-booked.js';
import { duplicateCrashes } from './duplicate-crashes.js';
import { duplicateCreatedAgain } from './duplicate-created-again.js';
import { emptyKeyShared } from './empty-key-shared.js';
import { errorLeavesKeyLocked } from './error-leaves-key-locked.js';
import { errorStored } from './error-stored.js';
import { etagKeptWithinAMinute } from './etag-kept-within-a-minute.js';
import { etagOfOtherBytes } from './etag-of-other-bytes.js';
import { etagRandom } from './etag-random.js';
import { etagUnquoted } from './etag-unquoted.js';
import { gzipWeakensEtag } from './gzip-weakens-etag.js';
import { foreignKeyCrashes } from './foreign-key-crashes.js';
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
import { ifMatchCrashes } from './if-match-crashes.js';
import { ifMatchIgnored } from './if-match-ignored.js';
import { ifMatchStarRefused } from './if-match-star-refused.js';
import { ifMatchUnknownApplied } from './if-match-unknown-applied.js';
import { ifNoneMatchCheckedBeforeInsert } from './if-none-match-checked-before-insert.js';
import { ifNoneMatchConflict } from './if-none-match-conflict.js';
import { ifNoneMatchCrashes } from './if-none-match-crashes.js';
import { ifNoneMatchIgnored } from './if-none-match-ignored.js';
import { invalidWriteHalfApplied } from './invalid-write-half-applied.js';
import { invalidWriteResetsAmount } from './invalid-write-resets-amount.js';
import { keyCheckedBeforeToken } from './key-checked-before-token.js';
import { invalidKeyCrashes } from './invalid-key-crashes.js';
import { keyIgnored } from './key-ignored.js';
import { keyKeptForEver } from './key-kept-for-ever.js';
import { keyNotDemanded } from './key-not-demanded.js';
import { keySharedAcrossOperations } from './key-shared-across-operations.js';
import { keyShortInStore } from './key-short-in-store.js';
import { keyStoredAfterEffect } from './key-stored-after-effect.js';
import { keyedPatchAppliedAgain } from './keyed-patch-applied-again.js';
import { keyedPatchReplayCrashes } from './keyed-patch-replay-crashes.js';
import { keyTakenAcrossTenants } from './key-taken-across-tenants.js';
import { keyWithoutPathParameters } from './key-without-path-parameters.js';
import { keyWithoutTenant } from './key-without-tenant.js';
import { keysLostOnRestart } from './keys-lost-on-restart.js';
import { knownKeyAcknowledged } from './known-key-acknowledged.js';
import { keysKeptPerReplica } from './keys-kept-per-replica.js';
import { keysTruncated } from './keys-truncated.js';
import { limitStored } from './limit-stored.js';
import { loserBadRequest } from './loser-bad-request.js';
import { loserCrashes } from './loser-crashes.js';
import { loserGivenOtherId } from './loser-given-other-id.js';
import { loserOverwritesWinner } from './loser-overwrites-winner.js';
import { memberOrderRandom } from './member-order-random.js';
import { mismatchChangesOriginal } from './mismatch-changes-original.js';
import { mismatchCrashes } from './mismatch-crashes.js';
import { mismatchExecuted } from './mismatch-executed.js';
import { mismatchReplayed } from './mismatch-replayed.js';
import { mismatchSpoilsKey } from './mismatch-spoils-key.js';
import { missingKeyConflict } from './missing-key-conflict.js';
import { missingKeyCrashes } from './missing-key-crashes.js';
import { missingTokenBurnsKey } from './missing-token-burns-key.js';
import { noKey } from './no-key.js';
import { notModifiedNever } from './not-modified-never.js';
import { optionalKeyDemanded } from './optional-key-demanded.js';
import { otherOperationCrashes } from './other-operation-crashes.js';
import { otherOperationTakesKeyOver } from './other-operation-takes-key-over.js';
import { overwritesSilently } from './overwrites-silently.js';
import { patchAppendsTags } from './patch-appends-tags.js';
import { patchOfDeletedCrashes } from './patch-of-deleted-crashes.js';
import { patchRepeatCrashes } from './patch-repeat-crashes.js';
import { patchRevivesDeleted } from './patch-revives-deleted.js';
import { patchWritesWholeRecord } from './patch-writes-whole-record.js';
import { payloadPartOfKey } from './payload-part-of-key.js';
import { pendingKeyKeptForEver } from './pending-key-kept-for-ever.js';
import { preconditionNotDemanded } from './precondition-not-demanded.js';
import { putAddsRecord } from './put-adds-record.js';
import { putAfterDeleteRecreates } from './put-after-delete-recreates.js';
import { putAlwaysCreated } from './put-always-created.js';
import { putAppendsTags } from './put-appends-tags.js';
import { putBumpsCounter } from './put-bumps-counter.js';
import { putCreatedInTwoSteps } from './put-created-in-two-steps.js';
import { putKeepsColour } from './put-keeps-colour.js';
import { putKeepsOmitted } from './put-keeps-omitted.js';
import { putReassignsClerk } from './put-reassigns-clerk.js';
import { putRepeatCrashes } from './put-repeat-crashes.js';
import { putRepeatRefused } from './put-repeat-refused.js';
import { putWrittenInTwoSteps } from './put-written-in-two-steps.js';
import { readChangesField } from './read-changes-field.js';
import { readCountsViews } from './read-counts-views.js';
import { readCreatesRecord } from './read-creates-record.js';
import { refusedDepositBooked } from './refused-deposit-booked.js';
import { refusedDepositOpensAccount } from './refused-deposit-opens-account.js';
import { replayBeforeAuthentication } from './replay-before-authentication.js';
import { replayBeforePermission } from './replay-before-permission.js';
import { quotedKeyDropped } from './quoted-key-dropped.js';
import { raceLeavesKeyLocked } from './race-leaves-key-locked.js';
import { readAnswersCreate } from './read-answers-create.js';
import { readRefusedWithKey } from './read-refused-with-key.js';
import { readReplayedByKey } from './read-replayed-by-key.js';
import { refusalLeavesKeyLocked } from './refusal-leaves-key-locked.js';
import { refusalStored } from './refusal-stored.js';
import { replayCodingStored } from './replay-coding-stored.js';
import { replayConflict } from './replay-conflict.js';
import { replayCrashes } from './replay-crashes.js';
import { replayDropsLocation } from './replay-drops-location.js';
import { replayEmpty } from './replay-empty.js';
import { replayIdVaries } from './replay-id-varies.js';
import { replayNotFound } from './replay-not-found.js';
import { replayOkInsteadOfCreated } from './replay-ok-instead-of-created.js';
import { replayOtherId } from './replay-other-id.js';
import { replayReformatted } from './replay-reformatted.js';
import { replayRetyped } from './replay-retyped.js';
import { replayStatusVaries } from './replay-status-varies.js';
import { replayUnreadable } from './replay-unreadable.js';
import { replayWithoutCallerCrashes } from './replay-without-caller-crashes.js';
import { replicaLagsUnderOneTag } from './replica-lags-under-one-tag.js';
import { retryOfDeletedCrashes } from './retry-of-deleted-crashes.js';
import { secondKeyDeduplicated } from './second-key-deduplicated.js';
import { sessionStored } from './session-stored.js';
import { staleWriteCrashes } from './stale-write-crashes.js';
import { staleWriteForbidden } from './stale-write-forbidden.js';
import { staleWriteRefusedButApplied } from './stale-write-refused-but-applied.js';
import { ttlShortUndeclared } from './ttl-short-undeclared.js';
import { ttlShorterThanDeclared } from './ttl-shorter-than-declared.js';
import { uniqueCheckedBeforeInsert } from './unique-checked-before-insert.js';
import { uniqueNotEnforced } from './unique-not-enforced.js';
import { uniqueViolationCrashes } from './unique-violation-crashes.js';
import { uuidCaseFolded } from './uuid-case-folded.js';
import { weakEtagKept } from './weak-etag-kept.js';
import { weakEtagMatched } from './weak-etag-matched.js';
import { weakEtagRefused } from './weak-etag-refused.js';
import { writeAfterDeleteCrashes } from './write-after-delete-crashes.js';
import { writeAfterDeleteIgnored } from './write-after-delete-ignored.js';
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
  replayDropsLocation,
  replayRetyped,
  replayCodingStored,
  sessionStored,
  keysKeptPerReplica,
  replayIdVaries,
  replayStatusVaries,
  secondKeyDeduplicated,
  createReturnsExisting,
  mismatchExecuted,
  mismatchReplayed,
  mismatchChangesOriginal,
  mismatchCrashes,
  mismatchSpoilsKey,
  payloadPartOfKey,
  keyNotDemanded,
  optionalKeyDemanded,
  missingKeyConflict,
  missingKeyCrashes,
  invalidKeyCrashes,
  emptyKeyShared,
  keysTruncated,
  uuidCaseFolded,
  quotedKeyDropped,
  crashAfterEffect,
  refusalLeavesKeyLocked,
  refusalStored,
  missingTokenBurnsKey,
  limitStored,
  errorStored,
  errorLeavesKeyLocked,
  keyStoredAfterEffect,
  contendedKeyRefused,
  concurrentKeyCrashes,
  abortForgetsKey,
  abortUndoesEffect,
  abortRenamesRecord,
  abortBreaksKey,
  abortBurnsKey,
  depositLost,
  depositRefusedButBooked,
  concurrentDepositCrashes,
  loserGivenOtherId,
  loserCrashes,
  loserBadRequest,
  raceLeavesKeyLocked,
  uniqueNotEnforced,
  noKey,
  duplicateCreatedAgain,
  duplicateCrashes,
  uniqueCheckedBeforeInsert,
  uniqueViolationCrashes,
  putAppendsTags,
  putBumpsCounter,
  putReassignsClerk,
  putAddsRecord,
  putRepeatRefused,
  putAlwaysCreated,
  putRepeatCrashes,
  putKeepsOmitted,
  putKeepsColour,
  concurrentPutCreatesTwo,
  putCreatedInTwoSteps,
  concurrentPutAllCreated,
  concurrentPutCreateCrashes,
  putWrittenInTwoSteps,
  concurrentPutAddsUp,
  concurrentPutRefusedButWritten,
  concurrentPutCrashes,
  patchAppendsTags,
  patchRepeatCrashes,
  keyedPatchAppliedAgain,
  keyedPatchReplayCrashes,
  patchWritesWholeRecord,
  contendedPatchCrashes,
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
  patchOfDeletedCrashes,
  patchRevivesDeleted,
  keysLostOnRestart,
  retryOfDeletedCrashes,
  readCreatesRecord,
  readChangesField,
  readCountsViews,
  headWithBody,
  headOtherLength,
  headOtherType,
  headUnsupported,
  headCrashes,
  abortLeavesKeyInFlight,
  abortHoldsKeyLong,
  readReplayedByKey,
  readAnswersCreate,
  readRefusedWithKey,
  ttlShorterThanDeclared,
  ttlShortUndeclared,
  keyWithoutTenant,
  keyTakenAcrossTenants,
  conflictShowsForeignRecord,
  foreignKeyCrashes,
  keySharedAcrossOperations,
  knownKeyAcknowledged,
  otherOperationTakesKeyOver,
  otherOperationCrashes,
  keyWithoutPathParameters,
  replayBeforeAuthentication,
  keyCheckedBeforeToken,
  replayBeforePermission,
  replayWithoutCallerCrashes,
  keyKeptForEver,
  pendingKeyKeptForEver,
  keyShortInStore,
  expiredKeyStuck,
  expiredKeyCrashes,
  expiredKeyRefused,
  expiredKeyExecuted,
  ...furtherFlaws,
];

/** The flaw of this id. */
export function flawNamed(id: string): Flaw | undefined {
  return flaws.find(flaw => flaw.id === id);
}
