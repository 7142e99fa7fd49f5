import type { Flaw } from './flaw.js';
import { abortFreesLock } from './flaws/abort-frees-lock.js';
import { badGatewayStored } from './flaws/bad-gateway-stored.js';
import { editsLostWithoutVersion } from './flaws/edits-lost-without-version.js';
import { errorStoredThoughFreed } from './flaws/error-stored-though-freed.js';
import { keyAloneAcrossTenants } from './flaws/key-alone-across-tenants.js';
import { keyOwnedByFirstTenant } from './flaws/key-owned-by-first-tenant.js';
import { keyWithoutTenantHeader } from './flaws/key-without-tenant-header.js';
import { lockShorterThanWork } from './flaws/lock-shorter-than-work.js';
import { timeoutStored } from './flaws/timeout-stored.js';
import { tooManyRequestsStored } from './flaws/too-many-requests-stored.js';
import { unavailableStored } from './flaws/unavailable-stored.js';
import { refundReplayPaysAgain } from './flaws/refund-replay-pays-again.js';
import { withdrawReplayTakesAgain } from './flaws/withdraw-replay-takes-again.js';
import { lineCancelReplayLowersAgain } from './flaws/line-cancel-replay-lowers-again.js';
import { cancelReplayRestocksAgain } from './flaws/cancel-replay-restocks-again.js';
import { reprintReplayCountsAgain } from './flaws/reprint-replay-counts-again.js';
import { mailReplaySentAgain } from './flaws/mail-replay-sent-again.js';
import { refundRacePaysTwice } from './flaws/refund-race-pays-twice.js';
import { cancelCheckedBeforeWork } from './flaws/cancel-checked-before-work.js';
import { withdrawRaceOverdraws } from './flaws/withdraw-race-overdraws.js';
import { cancelRefusedRestocksAgain } from './flaws/cancel-refused-restocks-again.js';
import { deleteRestocksAgain } from './flaws/delete-restocks-again.js';
import { concurrentDeleteRestocksTwice } from './flaws/concurrent-delete-restocks-twice.js';
import { membershipPutPaysAgain } from './flaws/membership-put-pays-again.js';
import { membershipPatchPaysAgain } from './flaws/membership-patch-pays-again.js';
import { pendingDeleteComesBack } from './flaws/pending-delete-comes-back.js';
import { replayStartsSecondJob } from './flaws/replay-starts-second-job.js';
import { headNotFound } from './flaws/head-not-found.js';
import { headCountsViews } from './flaws/head-counts-views.js';
import { optionsCountsViews } from './flaws/options-counts-views.js';
import { readTakesStock } from './flaws/read-takes-stock.js';
import { replayOfOtherContent } from './flaws/replay-of-other-content.js';
import { secondKeyDeduplicatedAs200 } from './flaws/second-key-deduplicated-as-200.js';
import { keysEvictedByOthers } from './flaws/keys-evicted-by-others.js';
import { etagRandomRefused } from './flaws/etag-random-refused.js';

/** Flaws of traits that not every API has. */
export const furtherFlaws: readonly Flaw[] = [
  errorStoredThoughFreed,
  tooManyRequestsStored,
  badGatewayStored,
  unavailableStored,
  timeoutStored,
  keyWithoutTenantHeader,
  keyAloneAcrossTenants,
  keyOwnedByFirstTenant,
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
  cancelRefusedRestocksAgain,
  deleteRestocksAgain,
  concurrentDeleteRestocksTwice,
  membershipPutPaysAgain,
  membershipPatchPaysAgain,
  replayStartsSecondJob,
  editsLostWithoutVersion,
  pendingDeleteComesBack,
  headNotFound,
  headCountsViews,
  optionsCountsViews,
  readTakesStock,
  replayOfOtherContent,
  secondKeyDeduplicatedAs200,
  keysEvictedByOthers,
  etagRandomRefused,
];
