import type { Callers } from '../core/transport.js';

/** The same credentials for a whole attempt: keys may belong to a credential, and a renewed one would be another caller. */
export function heldFor(callers: Callers): Callers {
  const held = new Map<string | undefined, ReturnType<Callers>>();
  return identity => {
    const known = held.get(identity) ?? callers(identity);
    held.set(identity, known);
    return known;
  };
}
