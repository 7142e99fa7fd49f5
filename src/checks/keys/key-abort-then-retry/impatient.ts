import type { Subject, Tools } from '../../../core/check.js';
import { isAnswered, isVoid, type Exchange } from '../../../core/http.js';
import type { Outgoing } from '../../../core/resource.js';
import { interrupted, later, PROVOKED, send, type Probe } from '../../../core/step.js';
import { note, type Note } from '../../../core/verdict.js';
import { isInFlight } from '../../lib/http/in-flight.js';

/** The request of a client that hangs up while the server is at work. */
export const HUNG_UP = 'hung up';

/** Retries that come while the first request is at work; a 429 may be how the API says so. */
export const AT_ONCE = `${PROVOKED} retry` as const;

const ROUNDS = 2;

/** When the retries come, as parts of the usual latency after the client hung up: a server may take a moment to see that. */
const SHARES: readonly number[] = [0, 0.1];

/** What takes less cannot be met half done, milliseconds. */
const QUICK_MS = 20;

/** How many clients hang up half-way and come again at once; fewer where rounds cannot be counted together. */
export function impatientRounds({ preflight }: Tools, isRecognisable: boolean): number {
  if (preflight.p50Ms < QUICK_MS) return 0;
  return isRecognisable ? ROUNDS : 1;
}

/** A client that hangs up while the server is at work, and comes again at once. Waiting: its key is not done with yet. */
export function* hungUp(
  { request, round }: { readonly request: Outgoing; readonly round: number },
  { preflight }: Tools,
): Probe<{ readonly seen: readonly Exchange[]; readonly isWaiting: boolean }, typeof HUNG_UP | typeof AT_ONCE> {
  const seen: Exchange[] = [yield* interrupted(HUNG_UP, request, 'half-way', round)];
  for (const share of SHARES) {
    if (share > 0) yield* later('back-off', share * preflight.p50Ms);
    const retry = yield* send(AT_ONCE, request, round);
    seen.push(retry);
    if (!isUnsettled(retry, request.operation)) return { seen, isWaiting: false };
  }
  return { seen, isWaiting: true };
}

/** Whether a retry says nothing yet: its key is in flight, or it was turned away, or got no answer. */
function isUnsettled(retry: Exchange, { contract }: Pick<Subject['operation'], 'contract'>): boolean {
  return isInFlight(retry, contract) || !isAnswered(retry) || isVoid(retry.response.status);
}

/** Whether a request is that of an impatient client. */
export function isImpatient({ step }: Exchange): boolean {
  return step === HUNG_UP;
}

/** How many of the first requests were met by their retry while they were at work. */
export function impatientNote(firsts: readonly Exchange[]): Note<'impatient'> | null {
  const rounds = firsts.filter(isImpatient).length;
  return rounds === 0 ? null : note('impatient', { rounds });
}
