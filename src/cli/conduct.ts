import { randomInt, randomUUID } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { readFileSync } from 'node:fs';
import type { Check } from '../core/check.js';
import { UsageError } from '../core/errors.js';
import type { OnEvent } from '../core/events.js';
import type { Plan } from '../core/plan.js';
import type { Report } from '../core/report.js';
import type { Spec } from '../core/spec.js';
import type { LookIntoStore } from '../core/transport.js';
import { runPlan, type RunPorts } from '../engine/run.js';
import { buildReport, type ReportContext } from '../report/build.js';
import type { KnownResults } from '../report/baseline.js';
import type { Gate } from '../report/gate.js';
import { createClock } from '../transport/clock.js';
import { createRunCommand } from '../transport/command.js';
import { createStoreProbe } from '../transport/store-probe.js';
import { createTransport } from '../transport/create-transport.js';
import { createTokenDispatcher } from '../transport/token-dispatcher.js';
import { createCallers } from './callers.js';
import { budgetsOf, milliseconds, count, raceOf, waitsOf, type RunFlags } from './options.js';
import { redactionOf } from './secrets.js';
import { version } from './version.js';

/** Everything a run needs, resolved. */
export interface Conduct {
  readonly spec: Spec;
  readonly url: string;
  readonly plan: Plan;
  readonly checks: readonly Check[];
  readonly flags: RunFlags;
  readonly gate: Gate;
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

/** Runs a plan against the target and makes the report of it. */
export async function conduct({
  spec,
  url,
  plan,
  checks,
  flags,
  gate,
  baseline,
  signal,
  onEvent,
  records,
  lookIntoStore,
  contract,
}: Conduct): Promise<Report> {
  // Every wait of a run listens to it; Node takes more than ten listeners for a leak, and says so on stderr.
  setMaxListeners(0, signal);
  const clock = createClock();
  const startedAt = new Date();
  const seed = flags.seed === undefined ? randomInt(2 ** 31) : count('--seed', flags.seed, 0);
  const runCommand = createRunCommand({ allowed: flags.allowCommands === true, timeoutMs: 30_000, signal });
  const [tls, proxy, obtained] = [tlsOf(flags), flags.proxy ?? null, new Set<string>()];
  const tokens = createTokenDispatcher({ tls, proxy });
  const transport = createTransport({
    url,
    headers: spec.caller.headers,
    userAgent: `idem-check/${version()}`,
    nowUs: clock.nowUs,
    timeoutMs: milliseconds('--request-timeout', flags.requestTimeout),
    maxBodyBytes: 1024 * 1024,
    tls,
    proxy,
    sync: flags.sync ?? 'auto',
    h2c: flags.h2c === true,
    onDropped: (sync, why) => onEvent({ kind: 'way-dropped', sync, why }),
  });
  const probe = spec.store === null ? null : createStoreProbe(spec.store, runCommand);
  const look = lookIntoStore ?? probe?.look;
  const outcome = await runPlan(
    plan,
    spec,
    {
      baseUrl: url,
      budgets: budgetsOf(flags),
      workers: count('--workers', flags.workers),
      race: raceOf(flags),
      ...waitsOf(flags),
      longestBackOffMs: LONGEST_BACK_OFF_MS,
      severity: spec.checks.severity,
    },
    {
      transport,
      clock,
      signal,
      runCommand,
      ...(look === undefined ? {} : { lookIntoStore: look }),
      onEvent,
      redact: text => redactionOf(spec, url, obtained).text(text),
      ...(records === undefined ? {} : { records }),
      callers: createCallers(spec, url, { clock, runCommand, dispatcher: tokens }, obtained),
      arranger: {
        key: () => randomUUID(),
        fresh: () => ({
          marker: `ic-${randomUUID().replaceAll('-', '').slice(0, 20)}`,
          uuid: randomUUID(),
          int: randomInt(1_000_000, 2 ** 31),
          now: new Date().toISOString(),
          values: {},
        }),
      },
    },
  );
  await Promise.all([transport.close(), tokens.close(), probe?.close()]);
  return buildReport(outcome, {
    version: version(),
    target: url,
    profile: spec.profile,
    startedAt: startedAt.toISOString(),
    durationMs: clock.nowUs() / 1000,
    seed,
    checks,
    gate,
    waivers: spec.waivers,
    baseline,
    today: startedAt.toISOString().slice(0, 10),
    redact: redactionOf(spec, url, obtained),
    ...(contract === undefined ? {} : { contract }),
  });
}

function tlsOf({ insecure, cacert, cert, key }: RunFlags) {
  return {
    insecure: insecure === true,
    ca: fileOf('--cacert', cacert),
    cert: fileOf('--cert', cert),
    key: fileOf('--key', key),
  };
}

function fileOf(flag: string, file: string | undefined): string | null {
  if (file === undefined) return null;
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw new UsageError(`${flag}: "${file}" cannot be read`);
  }
}
