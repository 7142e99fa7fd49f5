import type { Choices } from './choices.js';

/** Where an instance is restarted, below its base path. */
export const RESTART_PATH = '/admin/restart';

/** Where the next request of an instance is made to come too soon. */
export const LIMIT_PATH = '/admin/limit';

/** Where the mails are seen that an instance sent. */
export const MAILS_PATH = '/admin/mails';

/** What the API says of itself, in its document and in the spec that describes it. `null` = it says nothing. */
export interface Declared {
  /** Whether creating takes a key at all. */
  readonly keyed: boolean;
  readonly keyRequired: boolean | null;
  readonly ttlSeconds: number | null;
  /** After how long a key still in flight is stuck. */
  readonly inflightTimeoutSeconds: number | null;
  readonly expiredStatus: number | null;
  /** Which refusals and errors it says are stored under a key. */
  readonly errorsStored: 'all' | '4xx-only' | 'success-only' | null;
  /** `true`: changing without a version is refused; `false`: it is permitted. */
  readonly preconditionRequired: boolean | null;
  /** Whether it promises that a replay is the first answer again. */
  readonly replays: boolean;
  /** Whether it says that no field of an order is unique. */
  readonly nothingUnique: boolean;
  /** Whether it says how to restart it. */
  readonly restarts: boolean;
  /** Whether it says how to make it turn a request away. */
  readonly limits: boolean;
}

/** What an API with these choices says when it is honest, with what a flaw says instead. */
export function declaredBy(choices: Choices, instead: Partial<Declared> = {}): Declared {
  return {
    keyed: choices.keyed,
    keyRequired: choices.keyed ? choices.keyRequired : null,
    ttlSeconds: choices.keyed ? choices.ttlSeconds : null,
    inflightTimeoutSeconds: null,
    expiredStatus: choices.expiredStatus,
    errorsStored: choices.errorsStored === 'none' ? null : choices.errorsStored,
    preconditionRequired: choices.etag === 'none' ? null : choices.preconditionRequired,
    replays: false,
    nothingUnique: true,
    restarts: false,
    limits: false,
    ...instead,
  };
}
