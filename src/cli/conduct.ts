import { setMaxListeners } from 'node:events';
import { checks } from '../checks/registry.js';
import type { OnEvent } from '../core/events.js';
import type { Report } from '../core/report.js';
import type { Clock, LookIntoStore } from '../core/transport.js';
import { runPlan, type RunPorts } from '../engine/run.js';
import type { KnownResults } from '../report/baseline.js';
import { buildReport, type ReportContext } from '../report/build.js';
import { createClock } from '../transport/clock.js';
import { createRunCommand } from '../transport/command.js';
import { createTransport } from '../transport/create-transport.js';
import { createStoreProbe } from '../transport/store-probe.js';
import { createTokenDispatcher } from '../transport/token-dispatcher.js';
import { createArrangers, drawnNonce } from './arrangers.js';
import { createCallers } from './callers.js';
import type { TargetOptions } from './flags/options.js';
import type { Prepared } from './prepare.js';
import { redactionOf } from './secrets.js';
import { budgetsOf, gateOf, raceOf, tlsOf, waitsOf } from './settings.js';
import { version } from './version.js';

/** Everything a run needs, resolved. */
export interface Conduct extends Prepared {
  readonly url: string;
  readonly options: TargetOptions;
  readonly seed: number;
  readonly baseline: KnownResults | null;
  readonly signal: AbortSignal;
  readonly onEvent: OnEvent;
  /** A look into the store in the place of the one the spec names. */
  readonly lookIntoStore?: LookIntoStore;
  /** Records that outlive the run, or are taken over from an earlier one. */
  readonly records?: RunPorts['records'];
  /** Set where the observed contract is told. */
  readonly contract?: NonNullable<ReportContext['contract']>;
}

/** Longest back-off after a 429 or 503, milliseconds. */
const LONGEST_BACK_OFF_MS = 60_000;
/** Longest a command of the user's may take, milliseconds. */
const COMMAND_TIMEOUT_MS = 30_000;
/** Bytes of an answer's body that are kept. */
const MOST_BODY_BYTES = 1024 * 1024;

/** Runs a plan against the target and makes the report of it. */
export async function conduct(work: Conduct): Promise<Report> {
  const { spec, plan, url, signal } = work;
  // Every wait of a run listens to it; Node takes more than ten listeners for a leak, and says so on stderr.
  setMaxListeners(0, signal);
  const clock = createClock();
  const startedAt = new Date();
  const wires = openWires(work, clock);
  const outcome = await runPlan(plan, spec, runOptionsOf(work), wires.ports).finally(wires.close);
  return buildReport(outcome, {
    version: version(),
    target: url,
    profile: spec.profile,
    startedAt: startedAt.toISOString(),
    durationMs: clock.nowUs() / 1000,
    seed: work.seed,
    checks,
    gate: gateOf(work.options),
    waivers: spec.waivers,
    baseline: work.baseline,
    today: startedAt.toISOString().slice(0, 10),
    redact: redactionOf(spec, url, wires.obtained),
    ...(work.contract === undefined ? {} : { contract: work.contract }),
  });
}

function runOptionsOf({ spec, url, options }: Conduct): Parameters<typeof runPlan>[2] {
  return {
    baseUrl: url,
    budgets: budgetsOf(options),
    workers: options.workers,
    race: raceOf(options),
    ...waitsOf(options),
    longestBackOffMs: LONGEST_BACK_OFF_MS,
    severity: spec.checks.severity,
  };
}

/** What a run holds open, and how to let go of it. */
interface Wires {
  readonly ports: RunPorts;
  /** The secrets that were handed out on the way. */
  readonly obtained: ReadonlySet<string>;
  readonly close: () => Promise<void>;
}

function openWires(work: Conduct, clock: Clock): Wires {
  const { spec, url, options, signal, onEvent, records } = work;
  const runCommand = createRunCommand({ allowed: options.allowCommands, timeoutMs: COMMAND_TIMEOUT_MS, signal });
  const [tls, obtained] = [tlsOf(options), new Set<string>()];
  const tokens = createTokenDispatcher({ tls, proxy: options.proxy });
  const transport = createTransport({
    url,
    headers: spec.caller.headers,
    userAgent: `idem-check/${version()}`,
    nowUs: clock.nowUs,
    timeoutMs: options.requestTimeout,
    maxBodyBytes: MOST_BODY_BYTES,
    tls,
    proxy: options.proxy,
    sync: options.sync,
    h2c: options.h2c,
    onDropped: (sync, why) => onEvent({ kind: 'way-dropped', sync, why }),
  });
  const probe = spec.store === null ? null : createStoreProbe(spec.store, runCommand);
  const lookIntoStore = work.lookIntoStore ?? probe?.look;
  return {
    obtained,
    ports: {
      transport,
      clock,
      signal,
      runCommand,
      onEvent,
      redact: text => redactionOf(spec, url, obtained).text(text),
      callers: createCallers(spec, url, { clock, runCommand, dispatcher: tokens }, obtained),
      arrangerFor: createArrangers(work.seed, drawnNonce(), () => new Date()),
      ...(lookIntoStore === undefined ? {} : { lookIntoStore }),
      ...(records === undefined ? {} : { records }),
    },
    async close() {
      await Promise.all([transport.close(), tokens.close(), probe?.close()]);
    },
  };
}
