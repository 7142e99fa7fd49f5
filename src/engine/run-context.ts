import type { Arranger } from '../core/arrange.js';
import type { OnEvent } from '../core/events.js';
import type { Operation } from '../core/operation.js';
import type { Resource } from '../core/resource.js';
import type { Spec } from '../core/spec.js';
import type { Callers, Clock, LookIntoStore, RunCommand, Transport } from '../core/transport.js';
import type { Severity } from '../core/verdict.js';
import { createBugs, type Bugs } from './bugs.js';
import type { DrivePorts } from './drive.js';
import type { Created } from './ledger.js';
import { createPlaces, type Places } from './places.js';
import { createSession, type Budgets, type Session } from './session.js';

export interface RunOptions {
  readonly baseUrl: string;
  readonly budgets: Budgets;
  /** Cases side by side at most. */
  readonly workers: number;
  readonly race: { readonly rounds: number; readonly widths: readonly number[] };
  /** Longest wait for a late retry, milliseconds. */
  readonly maxWaitMs: number;
  /** How long a key in flight is watched, milliseconds; `null` = as long as its contract gives it. */
  readonly patienceMs: number | null;
  /** Longest back-off after a 429 or 503, milliseconds. */
  readonly longestBackOffMs: number;
  readonly severity: Readonly<Record<string, Severity>>;
}

export interface RunPorts {
  readonly transport: Transport;
  readonly clock: Clock;
  readonly callers: Callers;
  readonly runCommand: RunCommand;
  readonly lookIntoStore?: LookIntoStore;
  /** Hands out markers, ids and keys, by the place in the run that they are for. */
  readonly arrangerFor: (place: string) => Arranger;
  readonly onEvent: OnEvent;
  readonly signal: AbortSignal;
  /** Takes the secrets of the run out of a text, those obtained on the way included. */
  readonly redact: (text: string) => string;
  /** Records that outlive the run, and those of earlier runs that this one deletes; asked when the cases are done. */
  readonly records?: {
    readonly isKept: (record: Created) => boolean;
    readonly adopted: () => readonly Created[];
  };
}

/** The resources, the hooks, and the requests before the first case and after the last. */
export interface Surroundings {
  readonly resources: readonly Resource[];
  readonly hooks: Spec['hooks'];
  readonly setup: readonly Operation[];
  readonly teardown: readonly Operation[];
}

/** What the phases of a run share. */
export interface Run {
  readonly around: Surroundings;
  readonly options: RunOptions;
  readonly ports: RunPorts;
  readonly session: Session;
  readonly places: Places;
  readonly bugs: Bugs;
  /** What driving any probe takes. */
  readonly driving: Pick<DrivePorts, 'session' | 'clock' | 'signal' | 'runCommand' | 'lookIntoStore'>;
}

export function createRun(around: Surroundings, options: RunOptions, ports: RunPorts): Run {
  const { transport, clock, signal, runCommand, lookIntoStore = null } = ports;
  const { budgets, workers } = options;
  const session = createSession({ transport, clock, budgets, resources: around.resources, signal });
  return {
    around,
    options,
    ports,
    session,
    places: createPlaces(around.resources, workers, ms => clock.sleep(ms, signal)),
    bugs: createBugs(ports.redact),
    driving: { session, clock, signal, runCommand, lookIntoStore },
  };
}
