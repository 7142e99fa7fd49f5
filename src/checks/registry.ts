import type { Check } from '../core/check.js';
import { etagChangesOnUpdate } from './conditional/etag-changes-on-update.js';
import { etagStable } from './conditional/etag-stable.js';
import { failedWriteNoEffect } from './conditional/failed-write-no-effect.js';
import { ifMatchAfterDelete } from './conditional/if-match-after-delete.js';
import { ifMatchConcurrentOneWinner } from './conditional/if-match-concurrent-one-winner.js';
import { ifMatchCurrentAccepted } from './conditional/if-match-current-accepted.js';
import { ifMatchStaleRejected } from './conditional/if-match-stale-rejected.js';
import { ifNoneMatchStar } from './conditional/if-none-match-star.js';
import { preconditionRequired } from './conditional/precondition-required.js';
import { deleteConcurrent } from './delete/delete-concurrent.js';
import { deleteNoResurrection } from './delete/delete-no-resurrection.js';
import { deleteRepeat } from './delete/delete-repeat.js';
import { deleteThenGet } from './delete/delete-then-get.js';
import { docErrorsDeclared } from './docs/doc-errors-declared.js';
import { docExpiryPublished } from './docs/doc-expiry-published.js';
import { docKeyDeclared } from './docs/doc-key-declared.js';
import { docSafeMethods } from './docs/doc-safe-methods.js';
import { naturalDuplicateConcurrent } from './duplicates/natural-duplicate-concurrent.js';
import { naturalDuplicateSequential } from './duplicates/natural-duplicate-sequential.js';
import { keyAbortThenRetry } from './keys/key-abort-then-retry.js';
import { concurrentDistinctAllApply } from './keys/concurrent-distinct-all-apply.js';
import { keyConcurrentLoser } from './keys/key-concurrent-loser.js';
import { keyConcurrentSingleEffect } from './keys/key-concurrent-single-effect.js';
import { keyDistinctNotDeduped } from './keys/key-distinct-not-deduped.js';
import { keyErrorPolicy } from './keys/key-error-policy.js';
import { keyExactMatch } from './keys/key-exact-match.js';
import { keyInvalidNo5xx } from './keys/key-invalid-no-5xx.js';
import { keyMismatchRejected } from './keys/key-mismatch-rejected.js';
import { keyMissing } from './keys/key-missing.js';
import { keyReplayConsistent } from './keys/key-replay-consistent.js';
import { keyReplayHeaders } from './keys/key-replay-headers.js';
import { keyReplayNoDuplicate } from './keys/key-replay-no-duplicate.js';
import { keyReplayResponse } from './keys/key-replay-response.js';
import { keyInflightRecovers } from './lifetime/key-inflight-recovers.js';
import { keyReserializedBody } from './keys/key-reserialized-body.js';
import { keyStructuredString } from './keys/key-structured-string.js';
import { keyExpiredBehaviour } from './lifetime/key-expired-behaviour.js';
import { keyTtlHonoured } from './lifetime/key-ttl-honoured.js';
import { putConcurrentWhole } from './put/put-concurrent-whole.js';
import { putCreateConcurrent } from './put/put-create-concurrent.js';
import { patchConcurrentDisjoint } from './patch/patch-concurrent-disjoint.js';
import { patchKeySingleApply } from './patch/patch-key-single-apply.js';
import { patchRepeatNoDrift } from './patch/patch-repeat-no-drift.js';
import { putRepeatSameState } from './put/put-repeat-same-state.js';
import { putReplacesWhole } from './put/put-replaces-whole.js';
import { headMatchesGet } from './safe/head-matches-get.js';
import { safeIgnoresKey } from './safe/safe-ignores-key.js';
import { safeNoEffect } from './safe/safe-no-effect.js';
import { replayReauthorises } from './scope/replay-reauthorises.js';
import { scopeEndpoint } from './scope/scope-endpoint.js';
import { scopePrincipal } from './scope/scope-principal.js';

/** Every check, in the order a report lists them. */
export const checks: readonly Check[] = [
  keyReplayNoDuplicate,
  keyReplayResponse,
  keyReplayHeaders,
  keyReplayConsistent,
  keyDistinctNotDeduped,
  keyMismatchRejected,
  keyReserializedBody,
  keyMissing,
  keyInvalidNo5xx,
  keyExactMatch,
  keyStructuredString,
  keyErrorPolicy,
  keyConcurrentSingleEffect,
  keyAbortThenRetry,
  concurrentDistinctAllApply,
  keyConcurrentLoser,
  naturalDuplicateSequential,
  naturalDuplicateConcurrent,
  putRepeatSameState,
  putReplacesWhole,
  putCreateConcurrent,
  putConcurrentWhole,
  patchRepeatNoDrift,
  patchKeySingleApply,
  patchConcurrentDisjoint,
  etagStable,
  etagChangesOnUpdate,
  ifMatchStaleRejected,
  ifMatchCurrentAccepted,
  ifMatchConcurrentOneWinner,
  ifNoneMatchStar,
  ifMatchAfterDelete,
  preconditionRequired,
  failedWriteNoEffect,
  deleteRepeat,
  deleteConcurrent,
  deleteThenGet,
  deleteNoResurrection,
  safeNoEffect,
  headMatchesGet,
  keyInflightRecovers,
  safeIgnoresKey,
  keyTtlHonoured,
  docKeyDeclared,
  docExpiryPublished,
  docErrorsDeclared,
  docSafeMethods,
  scopePrincipal,
  scopeEndpoint,
  replayReauthorises,
  keyExpiredBehaviour,
];
