import type { Preflight } from '../core/preflight.js';
import type { Tools } from '../core/check.js';
import { createEvidence, type Evidence } from '../core/evidence.js';
import type { HookRun } from '../core/hook-run.js';
import type { Exchange } from '../core/http.js';
import type { Case } from '../core/plan.js';
import type { Reading } from '../core/reading.js';
import type { Trait } from '../core/trait.js';
import { inconclusive, type Verdict } from '../core/verdict.js';
import {
  confirmed,
  gaveUp,
  hasProof,
  MOST_VOID_TRIES,
  suspectsOf,
  troubleVerdict,
  voidedBy,
  type Voided,
} from './attempts.js';
import { messageOf } from './bugs.js';
import { outlived } from './outlived.js';
import { drive, type DrivePorts, type Trace } from './drive.js';

/** What playing the attempts of a case takes beside what driving a probe does. */
export interface AttemptPorts {
  readonly drivePorts: (attempt: number) => DrivePorts;
  readonly tools: Tools;
  readonly preflight: Preflight;
  readonly maxWaitMs: number;
  readonly longestBackOffMs: number;
  readonly wallMs: () => number;
  readonly backOff: (voided: Voided) => Promise<void>;
  readonly onInternalError: (error: unknown) => void;
}

/** A case played to its verdict, with everything that was exchanged on the way. */
export interface PlayedCase {
  readonly verdict: Verdict;
  readonly exchanges: readonly Exchange[];
  readonly readings: readonly Reading[];
  readonly hooks: readonly HookRun[];
  /** What the last attempt that counted shows of the contract. */
  readonly traits?: readonly Trait[];
}

/** An attempt as it was judged. */
interface Judged {
  readonly verdict: Verdict;
  readonly traits: readonly Trait[];
}

/**
 * Plays a case: an attempt voided by 429, 502, 503 or 504 is played again after backing off, at most three times; a
 * verdict that rests on a single odd answer is played once more on fresh resources.
 */
export async function playAttempts(planned: Case, ports: AttemptPorts): Promise<PlayedCase> {
  const exchanges: Exchange[] = [];
  const readings: Reading[] = [];
  const hooks: HookRun[] = [];
  let traits: readonly Trait[] = [];
  const played = (verdict: Verdict): PlayedCase => ({ verdict, exchanges, readings, hooks, traits });
  let odd: Verdict | null = null;
  let voids = 0;
  for (let attempt = 1; ; attempt++) {
    const trace = await playOnce(planned, ports, attempt);
    exchanges.push(...trace.exchanges);
    readings.push(...trace.readings);
    hooks.push(...trace.hooks);
    const { verdict, traits: shown } = judge(planned, ports, trace);
    const voided = voidedBy(trace.exchanges, verdict, {
      tries: voids,
      longestMs: ports.longestBackOffMs,
      nowMs: ports.wallMs(),
    });
    if (voided !== null && !isOver(verdict)) {
      voids++;
      if (voids >= MOST_VOID_TRIES) return played(odd ?? gaveUp(voided.status, voids));
      await ports.backOff(voided);
      continue;
    }
    if (!isOver(verdict)) traits = shown;
    if (odd !== null) return played(isOver(verdict) ? verdict : confirmed(odd, verdict));
    if (suspectsOf(verdict).length === 0) return played(verdict);
    odd = verdict;
  }
}

async function playOnce({ scenario }: Case, ports: AttemptPorts, attempt: number): Promise<Trace> {
  if (ports.preflight.trouble !== null) return { exchanges: [], readings: [], hooks: [], error: null };
  try {
    return await drive(scenario.probe(ports.tools), ports.drivePorts(attempt));
  } catch (error) {
    return { exchanges: [], readings: [], hooks: [], error };
  }
}

/** The verdict on one attempt, and what it shows. Proof found before the probe was cut short stands. */
function judge(planned: Case, { preflight, maxWaitMs, onInternalError }: AttemptPorts, trace: Trace): Judged {
  const { scenario } = planned;
  const only = (verdict: Verdict): Judged => ({ verdict, traits: [] });
  if (preflight.trouble !== null) return only(inconclusive(preflight.trouble.reason, preflight.trouble.args));
  const trouble = trace.error === null ? null : troubleVerdict(trace.error);
  try {
    if (trace.error !== null && trouble === null) throw trace.error;
    const evidence: Evidence = createEvidence({ ...trace, preflight, maxWaitMs });
    const verdict = scenario.judge(evidence);
    if (trouble !== null) return only(hasProof(verdict) ? verdict : trouble);
    const late = outlived(planned, trace.exchanges, verdict);
    return late === null ? { verdict, traits: scenario.observe?.(evidence, verdict) ?? [] } : only(late);
  } catch (error) {
    onInternalError(error);
    return only(inconclusive('internal-error', { detail: messageOf(error) }));
  }
}

function isOver(verdict: Verdict): boolean {
  return verdict.verdict === 'inconclusive' && (verdict.reason === 'interrupted' || verdict.reason === 'budget');
}
