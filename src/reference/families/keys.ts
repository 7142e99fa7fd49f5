import type { Flaw } from '../flaw.js';
import { abortBreaksKey } from '../flaws/abort-breaks-key.js';
import { abortBurnsKey } from '../flaws/abort-burns-key.js';
import { abortForgetsKey } from '../flaws/abort-forgets-key.js';
import { abortRenamesRecord } from '../flaws/abort-renames-record.js';
import { abortUndoesEffect } from '../flaws/abort-undoes-effect.js';
import { concurrentCreatesShareRecord } from '../flaws/concurrent-creates-share-record.js';
import { concurrentDepositCrashes } from '../flaws/concurrent-deposit-crashes.js';
import { concurrentKeyCrashes } from '../flaws/concurrent-key-crashes.js';
import { contendedKeyRefused } from '../flaws/contended-key-refused.js';
import { crashAfterEffect } from '../flaws/crash-after-effect.js';
import { createReturnsExisting } from '../flaws/create-returns-existing.js';
import { depositLost } from '../flaws/deposit-lost.js';
import { depositRefusedButBooked } from '../flaws/deposit-refused-but-booked.js';
import { emptyKeyShared } from '../flaws/empty-key-shared.js';
import { errorLeavesKeyLocked } from '../flaws/error-leaves-key-locked.js';
import { errorStored } from '../flaws/error-stored.js';
import { invalidKeyCrashes } from '../flaws/invalid-key-crashes.js';
import { keyIgnored } from '../flaws/key-ignored.js';
import { keyNotDemanded } from '../flaws/key-not-demanded.js';
import { keyStoredAfterEffect } from '../flaws/key-stored-after-effect.js';
import { keysKeptPerReplica } from '../flaws/keys-kept-per-replica.js';
import { keysTruncated } from '../flaws/keys-truncated.js';
import { limitStored } from '../flaws/limit-stored.js';
import { loserBadRequest } from '../flaws/loser-bad-request.js';
import { loserCrashes } from '../flaws/loser-crashes.js';
import { loserGivenOtherId } from '../flaws/loser-given-other-id.js';
import { mismatchChangesOriginal } from '../flaws/mismatch-changes-original.js';
import { mismatchCrashes } from '../flaws/mismatch-crashes.js';
import { mismatchExecuted } from '../flaws/mismatch-executed.js';
import { mismatchReplayed } from '../flaws/mismatch-replayed.js';
import { mismatchSpoilsKey } from '../flaws/mismatch-spoils-key.js';
import { missingKeyConflict } from '../flaws/missing-key-conflict.js';
import { missingKeyCrashes } from '../flaws/missing-key-crashes.js';
import { missingTokenBurnsKey } from '../flaws/missing-token-burns-key.js';
import { optionalKeyDemanded } from '../flaws/optional-key-demanded.js';
import { payloadPartOfKey } from '../flaws/payload-part-of-key.js';
import { quotedKeyDropped } from '../flaws/quoted-key-dropped.js';
import { raceLeavesKeyLocked } from '../flaws/race-leaves-key-locked.js';
import { refusalLeavesKeyLocked } from '../flaws/refusal-leaves-key-locked.js';
import { refusalStored } from '../flaws/refusal-stored.js';
import { replayCodingStored } from '../flaws/replay-coding-stored.js';
import { replayConflict } from '../flaws/replay-conflict.js';
import { replayCrashes } from '../flaws/replay-crashes.js';
import { replayDropsLocation } from '../flaws/replay-drops-location.js';
import { replayEmpty } from '../flaws/replay-empty.js';
import { replayIdVaries } from '../flaws/replay-id-varies.js';
import { replayNotFound } from '../flaws/replay-not-found.js';
import { replayOkInsteadOfCreated } from '../flaws/replay-ok-instead-of-created.js';
import { replayOtherId } from '../flaws/replay-other-id.js';
import { replayReformatted } from '../flaws/replay-reformatted.js';
import { replayRetyped } from '../flaws/replay-retyped.js';
import { replayStatusVaries } from '../flaws/replay-status-varies.js';
import { replayUnreadable } from '../flaws/replay-unreadable.js';
import { secondKeyDeduplicated } from '../flaws/second-key-deduplicated.js';
import { sessionStored } from '../flaws/session-stored.js';
import { uuidCaseFolded } from '../flaws/uuid-case-folded.js';
import { errorStoredThoughFreed } from '../flaws/error-stored-though-freed.js';
import { tooManyRequestsStored } from '../flaws/too-many-requests-stored.js';
import { badGatewayStored } from '../flaws/bad-gateway-stored.js';
import { unavailableStored } from '../flaws/unavailable-stored.js';
import { timeoutStored } from '../flaws/timeout-stored.js';
import { lockShorterThanWork } from '../flaws/lock-shorter-than-work.js';
import { abortFreesLock } from '../flaws/abort-frees-lock.js';
import { refundReplayPaysAgain } from '../flaws/refund-replay-pays-again.js';
import { withdrawReplayTakesAgain } from '../flaws/withdraw-replay-takes-again.js';
import { lineCancelReplayLowersAgain } from '../flaws/line-cancel-replay-lowers-again.js';
import { cancelReplayRestocksAgain } from '../flaws/cancel-replay-restocks-again.js';
import { reprintReplayCountsAgain } from '../flaws/reprint-replay-counts-again.js';
import { mailReplaySentAgain } from '../flaws/mail-replay-sent-again.js';
import { refundRacePaysTwice } from '../flaws/refund-race-pays-twice.js';
import { cancelCheckedBeforeWork } from '../flaws/cancel-checked-before-work.js';
import { withdrawRaceOverdraws } from '../flaws/withdraw-race-overdraws.js';
import { replayStartsSecondJob } from '../flaws/replay-starts-second-job.js';
import { replayOfOtherContent } from '../flaws/replay-of-other-content.js';
import { secondKeyDeduplicatedAs200 } from '../flaws/second-key-deduplicated-as-200.js';
import { keysEvictedByOthers } from '../flaws/keys-evicted-by-others.js';

/** Flaws in keys, in the order of the checks that find them. */
export const keyFlaws: readonly Flaw[] = [
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
  concurrentCreatesShareRecord,
  loserGivenOtherId,
  loserCrashes,
  loserBadRequest,
  raceLeavesKeyLocked,
  errorStoredThoughFreed,
  tooManyRequestsStored,
  badGatewayStored,
  unavailableStored,
  timeoutStored,
  lockShorterThanWork,
  abortFreesLock,
  refundReplayPaysAgain,
  withdrawReplayTakesAgain,
  lineCancelReplayLowersAgain,
  cancelReplayRestocksAgain,
  reprintReplayCountsAgain,
  mailReplaySentAgain,
  refundRacePaysTwice,
  cancelCheckedBeforeWork,
  withdrawRaceOverdraws,
  replayStartsSecondJob,
  replayOfOtherContent,
  secondKeyDeduplicatedAs200,
  keysEvictedByOthers,
];
