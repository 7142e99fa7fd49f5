import type { Flaw } from '../flaw.js';
import { conflictShowsForeignRecord } from '../flaws/conflict-shows-foreign-record.js';
import { foreignKeyCrashes } from '../flaws/foreign-key-crashes.js';
import { keyCheckedBeforeToken } from '../flaws/key-checked-before-token.js';
import { keySharedAcrossOperations } from '../flaws/key-shared-across-operations.js';
import { keyTakenAcrossTenants } from '../flaws/key-taken-across-tenants.js';
import { keyWithoutPathParameters } from '../flaws/key-without-path-parameters.js';
import { keyWithoutTenant } from '../flaws/key-without-tenant.js';
import { knownKeyAcknowledged } from '../flaws/known-key-acknowledged.js';
import { otherOperationCrashes } from '../flaws/other-operation-crashes.js';
import { otherOperationTakesKeyOver } from '../flaws/other-operation-takes-key-over.js';
import { replayBeforeAuthentication } from '../flaws/replay-before-authentication.js';
import { replayBeforePermission } from '../flaws/replay-before-permission.js';
import { replayWithoutCallerCrashes } from '../flaws/replay-without-caller-crashes.js';
import { keyWithoutTenantHeader } from '../flaws/key-without-tenant-header.js';
import { keyAloneAcrossTenants } from '../flaws/key-alone-across-tenants.js';
import { keyOwnedByFirstTenant } from '../flaws/key-owned-by-first-tenant.js';

/** Flaws in whom and what a key belongs to, in the order of the checks that find them. */
export const scopeFlaws: readonly Flaw[] = [
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
  keyWithoutTenantHeader,
  keyAloneAcrossTenants,
  keyOwnedByFirstTenant,
];
