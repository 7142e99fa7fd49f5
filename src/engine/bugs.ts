/** A bug may have been caused by another, and so on; this many are told. */
const MOST_CAUSES = 5;

/** Bugs of ours met during a run: each costs its own case, and all are told at the end. */
export interface Bugs {
  /** Takes note of one, and of where in the run it struck: a case, or a request of the run's own. */
  readonly note: (where: string, error: unknown) => void;
  /** Where each struck, with its stack, and no secrets. */
  readonly described: () => readonly string[];
}

/** `redact` takes the secrets of the run out of a text; it is asked at the end, when all of them are known. */
export function createBugs(redact: (text: string) => string): Bugs {
  const noted: { readonly where: string; readonly error: unknown }[] = [];
  return {
    note: (where, error) => void noted.push({ where, error }),
    described: () => noted.map(({ where, error }) => redact(`${where}: ${traceOf(error).join('\ncaused by ')}`)),
  };
}

/** An error and what caused it, each with its stack. */
function traceOf(error: unknown): readonly string[] {
  const trace: string[] = [];
  for (
    let at = error;
    at !== undefined && trace.length < MOST_CAUSES;
    at = at instanceof Error ? at.cause : undefined
  ) {
    trace.push(at instanceof Error ? (at.stack ?? `${at.name}: ${at.message}`) : String(at));
  }
  return trace;
}

/** What an error says, whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
