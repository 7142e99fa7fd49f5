import { outgoing, refused, type Arranger } from '../core/arrange.js';
import type { Baseline } from '../core/baseline.js';
import type { OnEvent } from '../core/events.js';
import { isSuccess } from '../core/http.js';
import type { Operation } from '../core/operation.js';
import type { Case, Plan } from '../core/plan.js';
import type { Leftover, Outcome, Result } from '../core/report.js';
import type { Resource } from '../core/resource.js';
import type { Callers, Clock, LookIntoStore, RunCommand, Transport } from '../core/transport.js';
import type { Spec } from '../core/spec.js';
import { Trouble } from '../core/trouble.js';
import type { Severity } from '../core/verdict.js';
import { heldFor } from './held-callers.js';
import { findBaseline, oracleFor, ownName, type Known } from './baselines.js';
import { playCase } from './case.js';
import { cleanUp } from './clean-up.js';
import type { Created } from './ledger.js';
import { createGate, createSlots } from './gate.js';
import { plainBaseline } from './preflight.js';
import { omittedResult, resultOf } from './result.js';
import { isReview, reviewCases } from './review.js';
import { createSession, type Budgets } from './session.js';

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
  readonly arranger: Arranger;
  readonly onEvent: OnEvent;
  readonly signal: AbortSignal;
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

/**
 * Runs a plan: preflights, then the cases side by side, then the clean-up. What one case does to itself costs no other
 * case; an interrupt or a used-up budget ends the cases, never the clean-up.
 */
export async function runPlan(
  plan: Plan,
  around: Surroundings,
  options: RunOptions,
  ports: RunPorts,
): Promise<Outcome> {
  const { clock, signal, onEvent } = ports;
  const { transport } = ports;
  const session = createSession({ transport, clock, budgets: options.budgets, resources: around.resources, signal });
  const internalErrors: string[] = [];
  const onInternalError = (error: unknown) => void internalErrors.push(textOf(error));
  const slots = createSlots(options.workers);
  const gates = new Map(around.resources.map(({ name }) => [name, createGate()]));
  const knowns = new Map<string, Known>();
  const preflights = new Map<string, Promise<Known>>();

  const backOff = async (ms: number, status: number) => {
    onEvent({ kind: 'backing-off', ms, status });
    await clock.sleep(ms, signal);
  };
  const lookIntoStore = ports.lookIntoStore ?? null;
  const common = { session, clock, signal, runCommand: ports.runCommand, lookIntoStore };

  /** Waits for slot and locks; the place can be given back for the time of a wait. */
  async function enter(resource: Resource, isolation: 'shared' | 'alone' | 'none') {
    const own = isolation === 'alone' ? 'alone' : 'shared';
    const parents = resource.parents.map(({ name }) => name).toSorted();
    const places =
      isolation === 'none' ? [] : [...parents.map(name => [name, 'shared'] as const), [resource.name, own] as const];
    let leave: (() => void)[] = [];
    let giveSlot = () => {};
    const lock = async () => {
      for (const [name, mode] of places) {
        const gate = gates.get(name);
        if (gate !== undefined) leave.push(await gate.enter(mode));
      }
    };
    const release = () => {
      giveSlot();
      leave.forEach(give => give());
      leave = [];
    };
    await lock();
    giveSlot = await slots.take();
    return {
      release,
      /** A case that is alone keeps its resource while it waits; every case gives its slot back. */
      async whileAway(wait: () => Promise<void>) {
        if (isolation === 'alone') giveSlot();
        else release();
        await wait();
        if (isolation !== 'alone') await lock();
        giveSlot = await slots.take();
      },
    };
  }

  async function baselineFor(operation: Operation, resource: Resource): Promise<Known> {
    const name = ownName(operation, resource);
    const started = preflights.get(name) ?? findOut(operation, resource);
    preflights.set(name, started);
    const found = await started;
    knowns.set(name, found);
    return found;
  }

  async function findOut(operation: Operation, resource: Resource): Promise<Known> {
    const place = await enter(resource, 'alone');
    try {
      return await findBaseline(operation, resource, {
        tools: ports.arranger,
        resources: around.resources,
        longestBackOffMs: options.longestBackOffMs,
        backOff: (ms, status) => place.whileAway(() => backOff(ms, status)),
        onInternalError,
        drivePorts: async (attempt, oracleOf) => ({
          ...common,
          callers: heldFor(ports.callers),
          oracleOf,
          hooks: {},
          settleMs: plainBaseline('').settleMs,
          halfWayMs: 0,
          result: `preflight ${operation.name}`,
          attempt,
          whileAway: place.whileAway,
        }),
      });
    } finally {
      place.release();
    }
  }

  async function play(planned: Case, onAway = () => {}): Promise<Result> {
    const { resource, operation, check } = planned;
    const baseline = await baselineOfCase(planned);
    // A late retry is counted by a marker or on a resource of its own: it need not wait for those that are alone.
    const creating = operation.role === 'delete' ? resource.create : operation;
    const isApart = check.isLate && (creating?.marked === true || creating?.role !== 'create');
    // Records without a marker are told from others only when nobody else makes any.
    const isUnmarked = resource.create !== null && !resource.create.marked && resource.list !== null;
    const place = await enter(resource, isApart ? 'none' : isUnmarked ? 'alone' : check.isolation);
    const startedUs = clock.nowUs();
    onEvent({ kind: 'case-started', id: planned.id });
    try {
      const played = await playCase(planned, {
        baseline,
        maxWaitMs: options.maxWaitMs,
        longestBackOffMs: options.longestBackOffMs,
        tools: { ...ports.arranger, baseline, ...waitsOf(operation, options) },
        backOff: (ms, status) => place.whileAway(() => backOff(ms, status)),
        onInternalError,
        drivePorts: async attempt => ({
          ...common,
          callers: heldFor(ports.callers),
          oracleOf: counted => oracleFor(knowns, counted),
          hooks: around.hooks,
          settleMs: baseline.settleMs,
          halfWayMs: baseline.p50Ms / 2,
          result: planned.id,
          attempt,
          whileAway: wait => {
            onEvent({ kind: 'waiting', id: planned.id, ms: 0 });
            onAway();
            return place.whileAway(wait);
          },
        }),
      });
      const severity = options.severity[check.id] ?? check.severity;
      const oracle = operation.role === 'create' || operation.role.startsWith('action:') ? baseline.oracle : 'none';
      return resultOf(planned, played, { severity, oracle, durationMs: (clock.nowUs() - startedUs) / 1000 });
    } finally {
      onAway();
      place.release();
    }
  }

  async function baselineOfCase({ operation, resource }: Case): Promise<Baseline> {
    const isOwn = operation.role === 'create' || operation.role.startsWith('action:');
    if (setUpTrouble !== null) return plainBaseline(operation.name, setUpTrouble);
    if (operation.role === 'other') return plainBaseline(operation.name);
    const created = resource.create === null ? null : (await baselineFor(resource.create, resource)).baseline;
    if (!isOwn) return created ?? plainBaseline(operation.name);
    return created !== null && created.trouble !== null ? created : (await baselineFor(operation, resource)).baseline;
  }

  let setUpTrouble: Baseline['trouble'] = null;
  for (const operation of around.setup) setUpTrouble ??= await sendAside(operation, 'set-up');

  /** Sends a request of the run's own; hands back why it did not succeed. */
  async function sendAside(operation: Operation, step: string): Promise<Baseline['trouble']> {
    try {
      const request = outgoing(operation, ports.arranger.fresh(), {});
      const place = { result: step, step: `${step} ${operation.name}`, attempt: 1, round: 0 };
      const exchange = await session.send(request, place, ports.callers);
      if (isSuccess(exchange)) return null;
      const { reason, args } = refused(operation, exchange);
      return reason === 'setup-create-failed' ? { reason: 'setup-request-failed', args } : { reason, args };
    } catch (error) {
      if (error instanceof Trouble) return { reason: error.reason, args: error.args };
      onInternalError(error);
      return { reason: 'internal-error', args: { detail: textOf(error).split('\n')[0] ?? '' } };
    }
  }

  onEvent({ kind: 'started', cases: plan.cases.length });
  const told = async (playing: Promise<Result>) => {
    const result = await playing;
    onEvent({ kind: 'case-ended', result });
    return result;
  };
  // Late retries are planted before anything else begins, so that their waits elapse beside everything else.
  const away: Promise<void>[] = [];
  const sending = plan.cases.filter(planned => !isReview(planned));
  const [quiet, moving] = [sending.filter(one => !movesAround(one)), sending.filter(movesAround)];
  // A resource below another is tried out before the cases of the other keep it waiting.
  void Promise.allSettled(sending.map(baselineOfCase));
  const late = quiet.filter(isLate).map(planned => {
    let onAway = () => {};
    away.push(new Promise(resolve => (onAway = resolve)));
    return told(play(planned, onAway));
  });
  await Promise.race([Promise.all(away), Promise.all(late)]);
  const others = quiet.filter(planned => !isLate(planned)).map(planned => told(play(planned)));
  const played = await Promise.all([...late, ...others]);
  // A restart or a jump of the clock is felt by every case: one after the other, when all else is done.
  for (const planned of moving) played.push(await told(play(planned)));
  const seen = { exchanges: session.exchanges, operationOf: session.operationOf, results: played };
  const reviews = reviewCases(plan.cases.filter(isReview), seen, { severity: options.severity, onInternalError });
  for (const result of reviews) onEvent({ kind: 'case-ended', result });
  const results = [...played, ...reviews];

  session.lastWords();
  ports.records?.adopted().forEach(record => session.ledger.adopt(record));
  onEvent({ kind: 'cleaning-up', records: session.ledger.all().length });
  const leftovers = await cleaned();
  for (const operation of around.teardown) await sendAside(operation, 'teardown');

  async function cleaned(): Promise<readonly Leftover[]> {
    try {
      return await cleanUp(session, ports.callers, options.baseUrl, ports.records?.isKept);
    } catch (error) {
      if (!(error instanceof Trouble)) onInternalError(error);
      const left = session.ledger.all().filter(record => ports.records?.isKept(record) !== true);
      return left.map(({ resource, id }) => ({ resource: resource.name, id, url: options.baseUrl }));
    }
  }

  const byId = new Map(results.map(result => [result.id, result]));
  const planned = plan.cases.flatMap(({ id }) => byId.get(id) ?? []);
  return {
    results: [...planned, ...plan.omissions.map(omission => omittedResult(omission, options.severity))],
    exchanges: session.exchanges,
    leftovers,
    stopped: signal.aborted ? 'interrupted' : session.spent() === null ? null : 'budget',
    internalErrors,
  };
}

function waitsOf({ contract }: Operation, { race, maxWaitMs, patienceMs }: RunOptions) {
  return { race, maxWaitMs, patienceMs: patienceMs ?? contract.inflightTimeout * 1000 };
}

/** Whether a case runs hooks, so that it needs the whole run to itself. */
function movesAround({ scenario }: Case): boolean {
  return scenario.hooks.length > 0;
}

function isLate({ check }: Case): boolean {
  return check.isLate;
}

function textOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
