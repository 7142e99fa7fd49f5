import type { Preflight } from '../core/preflight.js';
import type { Tools } from '../core/check.js';
import { messageOf } from '../core/errors.js';
import type { Answered } from '../core/http.js';
import type { Case } from '../core/plan.js';
import type { Attempt } from '../core/report.js';
import { Trouble } from '../core/trouble.js';
import type { PlayedCase } from '../judging/result.js';
import { NOTHING_YET, turnAfter, type PlayedAttempt } from '../judging/verdict-of.js';
import { drive, type DrivePorts } from './drive.js';

/** What playing the attempts of a case takes beside what driving a probe does. */
export interface AttemptPorts {
  readonly drivePorts: (attempt: number) => DrivePorts;
  readonly tools: Tools;
  readonly preflight: Preflight;
  readonly maxWaitMs: number;
  /** Waits after an attempt that was void for an answer, so many having been void before. */
  readonly backOff: (voiding: Answered, tries: number) => Promise<void>;
  readonly onInternalError: (error: unknown) => void;
}

/** Plays a case, attempt by attempt, until its verdict stands. */
export async function playAttempts(planned: Case, ports: AttemptPorts): Promise<PlayedCase> {
  const { preflight } = ports;
  const played: PlayedAttempt[] = [];
  let standing = NOTHING_YET;
  for (let attempt = 1; ; attempt++) {
    const one = await playOnce(planned, ports, attempt);
    played.push(one);
    const turn = turnAfter(planned, standing, one, ports);
    if (turn.isOver) {
      const { verdict, traits } = turn;
      return { verdict, traits, ...allOf(played), judgedBy: { attempts: played.map(endOf), preflight } };
    }
    if (turn.voiding !== null) await ports.backOff(turn.voiding, standing.voids);
    ({ standing } = turn);
  }
}

async function playOnce({ scenario }: Case, ports: AttemptPorts, attempt: number): Promise<PlayedAttempt> {
  const nothing = { attempt, exchanges: [], readings: [], hooks: [] };
  if (ports.preflight.trouble !== null) return nothing;
  try {
    const { exchanges, readings, hooks, error } = await drive(scenario.probe(ports.tools), ports.drivePorts(attempt));
    return { attempt, exchanges, readings, hooks, ...whyEnded(error, ports) };
  } catch (error) {
    return { ...nothing, ...whyEnded(error, ports) };
  }
}

/** What ended a probe before its time, as data. Anything but trouble is a bug of ours. */
function whyEnded(error: unknown, { onInternalError }: AttemptPorts): Omit<Attempt, 'attempt'> {
  if (error === null) return {};
  if (error instanceof Trouble) return { trouble: { reason: error.reason, args: error.args } };
  onInternalError(error);
  return { bug: messageOf(error) };
}

function allOf(played: readonly PlayedAttempt[]): Pick<PlayedCase, 'exchanges' | 'readings' | 'hooks'> {
  return {
    exchanges: played.flatMap(({ exchanges }) => exchanges),
    readings: played.flatMap(({ readings }) => readings),
    hooks: played.flatMap(({ hooks }) => hooks),
  };
}

function endOf({ attempt, trouble, bug }: PlayedAttempt): Attempt {
  return { attempt, ...(trouble === undefined ? {} : { trouble }), ...(bug === undefined ? {} : { bug }) };
}
