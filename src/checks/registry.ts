import type { Check } from '../core/check.js';
import { etagChangesOnUpdate } from './conditional/etag-changes-on-update.js';
import { etagStable } from './conditional/etag-stable.js';
import { ifMatchConcurrentOneWinner } from './conditional/if-match-concurrent-one-winner.js';
import { ifMatchStaleRejected } from './conditional/if-match-stale-rejected.js';
import { preconditionRequired } from './conditional/precondition-required.js';
import { deleteConcurrent } from './delete/delete-concurrent.js';
import { deleteNoResurrection } from './delete/delete-no-resurrection.js';
import { deleteRepeat } from './delete/delete-repeat.js';
import { deleteThenGet } from './delete/delete-then-get.js';
import { naturalDuplicateSequential } from './duplicates/natural-duplicate-sequential.js';
import { keyConcurrentSingleEffect } from './keys/key-concurrent-single-effect.js';
import { keyDistinctNotDeduped } from './keys/key-distinct-not-deduped.js';
import { keyMismatchRejected } from './keys/key-mismatch-rejected.js';
import { keyMissing } from './keys/key-missing.js';
import { keyReplayNoDuplicate } from './keys/key-replay-no-duplicate.js';
import { keyReplayResponse } from './keys/key-replay-response.js';
import { keyExpiredBehaviour } from './lifetime/key-expired-behaviour.js';
import { keyTtlHonoured } from './lifetime/key-ttl-honoured.js';
import { putRepeatSameState } from './put/put-repeat-same-state.js';
import { headMatchesGet } from './safe/head-matches-get.js';
import { safeNoEffect } from './safe/safe-no-effect.js';

/** Every check, in the order a report lists them. */
export const checks: readonly Check[] = [
  keyReplayNoDuplicate,
  keyReplayResponse,
  keyDistinctNotDeduped,
  keyMismatchRejected,
  keyMissing,
  keyConcurrentSingleEffect,
  naturalDuplicateSequential,
  putRepeatSameState,
  etagStable,
  etagChangesOnUpdate,
  ifMatchStaleRejected,
  ifMatchConcurrentOneWinner,
  preconditionRequired,
  deleteRepeat,
  deleteConcurrent,
  deleteThenGet,
  deleteNoResurrection,
  safeNoEffect,
  headMatchesGet,
  keyTtlHonoured,
  keyExpiredBehaviour,
];
