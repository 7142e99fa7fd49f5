import type { Voided } from './attempts.js';
import type { Stay } from './places.js';
import type { Run } from './run-context.js';

/** Gives a target that answered 429, 502, 503 or 504 some time, with the place free for others, and tells so. */
export async function backOff({ ports }: Run, stay: Stay, { ms, status }: Voided): Promise<void> {
  ports.onEvent({ kind: 'backing-off', ms, status });
  await stay.whileAway(ms);
}
