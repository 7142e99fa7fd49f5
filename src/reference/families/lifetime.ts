import type { Flaw } from '../flaw.js';
import { abortHoldsKeyLong } from '../flaws/abort-holds-key-long.js';
import { abortLeavesKeyInFlight } from '../flaws/abort-leaves-key-in-flight.js';
import { expiredKeyCrashes } from '../flaws/expired-key-crashes.js';
import { expiredKeyExecuted } from '../flaws/expired-key-executed.js';
import { expiredKeyRefused } from '../flaws/expired-key-refused.js';
import { expiredKeyStuck } from '../flaws/expired-key-stuck.js';
import { keyKeptForEver } from '../flaws/key-kept-for-ever.js';
import { keyShortInStore } from '../flaws/key-short-in-store.js';
import { keysLostOnRestart } from '../flaws/keys-lost-on-restart.js';
import { pendingKeyKeptForEver } from '../flaws/pending-key-kept-for-ever.js';
import { ttlShortUndeclared } from '../flaws/ttl-short-undeclared.js';
import { ttlShorterThanDeclared } from '../flaws/ttl-shorter-than-declared.js';

/** Flaws in how long a key is kept, in the order of the checks that find them. */
export const lifetimeFlaws: readonly Flaw[] = [
  keysLostOnRestart,
  abortLeavesKeyInFlight,
  abortHoldsKeyLong,
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
