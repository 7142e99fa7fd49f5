/** The run's own caller without any credential; its other headers stay. */
export const ANONYMOUS = 'anonymous';

/** The run's own caller with a worthless value in place of each credential. */
export const GARBAGE = 'garbage';

/** Whether a name is one of the callers every run has, so that no spec may use it. */
export function isBuiltInCaller(name: string): boolean {
  return name === ANONYMOUS || name === GARBAGE;
}

/**
 * Whose records a caller makes: `undefined` = the run's own. What a built-in caller makes, nobody but the run's own can
 * be expected to delete.
 */
export function ownerOf(identity: string | undefined): string | undefined {
  return identity === undefined || isBuiltInCaller(identity) ? undefined : identity;
}
