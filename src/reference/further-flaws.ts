import type { Flaw } from './flaw.js';
import { abortFreesLock } from './flaws/abort-frees-lock.js';
import { badGatewayStored } from './flaws/bad-gateway-stored.js';
import { errorStoredThoughFreed } from './flaws/error-stored-though-freed.js';
import { keyAloneAcrossTenants } from './flaws/key-alone-across-tenants.js';
import { keyOwnedByFirstTenant } from './flaws/key-owned-by-first-tenant.js';
import { keyWithoutTenantHeader } from './flaws/key-without-tenant-header.js';
import { lockShorterThanWork } from './flaws/lock-shorter-than-work.js';
import { timeoutStored } from './flaws/timeout-stored.js';
import { tooManyRequestsStored } from './flaws/too-many-requests-stored.js';
import { unavailableStored } from './flaws/unavailable-stored.js';

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
];
