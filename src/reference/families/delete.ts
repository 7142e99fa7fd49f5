import type { Flaw } from '../flaw.js';
import { concurrentDeleteCrashes } from '../flaws/concurrent-delete-crashes.js';
import { concurrentDeleteUndone } from '../flaws/concurrent-delete-undone.js';
import { deleteRepeatBadRequest } from '../flaws/delete-repeat-bad-request.js';
import { deleteRepeatCrashes } from '../flaws/delete-repeat-crashes.js';
import { deleteRepeatRestores } from '../flaws/delete-repeat-restores.js';
import { deleteUnknownCrashes } from '../flaws/delete-unknown-crashes.js';
import { deletedForbidden } from '../flaws/deleted-forbidden.js';
import { deletedKeyForgotten } from '../flaws/deleted-key-forgotten.js';
import { deletedOrderRestored } from '../flaws/deleted-order-restored.js';
import { deletedReadCrashes } from '../flaws/deleted-read-crashes.js';
import { deletedStillListed } from '../flaws/deleted-still-listed.js';
import { deletedStillReadable } from '../flaws/deleted-still-readable.js';
import { patchOfDeletedCrashes } from '../flaws/patch-of-deleted-crashes.js';
import { patchRevivesDeleted } from '../flaws/patch-revives-deleted.js';
import { retryOfDeletedCrashes } from '../flaws/retry-of-deleted-crashes.js';
import { deleteRestocksAgain } from '../flaws/delete-restocks-again.js';
import { concurrentDeleteRestocksTwice } from '../flaws/concurrent-delete-restocks-twice.js';
import { pendingDeleteComesBack } from '../flaws/pending-delete-comes-back.js';

/** Flaws in DELETE, in the order of the checks that find them. */
export const deleteFlaws: readonly Flaw[] = [
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
  retryOfDeletedCrashes,
  deleteRestocksAgain,
  concurrentDeleteRestocksTwice,
  pendingDeleteComesBack,
];
