import { createCallers } from '../../src/cli/callers.js';
import type { Check } from '../../src/core/check.js';
import type { Outcome } from '../../src/core/report.js';
import type { Operation } from '../../src/core/operation.js';
import type { Resource } from '../../src/core/resource.js';
import type { Probe } from '../../src/core/step.js';
import { drive } from '../../src/engine/drive.js';
import { findPreflight, type Known } from '../../src/engine/find-preflight.js';
import { runPlan } from '../../src/engine/run.js';
import { createRun, type RunOptions } from '../../src/engine/run-context.js';
import { makePlan } from '../../src/plan/make-plan.js';
import { specFromText } from '../../src/spec/load.js';
import { createMemoryTransport } from '../catalogue/memory-transport.js';
import { createVirtualClock } from '../catalogue/virtual-clock.js';

/** An API in this process; its waits are those of the clock it is given. */
export interface InProcess {
  readonly fetch: (request: Request) => Promise<Response>;
}

const ORIGIN = 'http://api.test';

const OPTIONS: RunOptions = {
  baseUrl: ORIGIN,
  budgets: { maxRequests: null, maxTimeMs: null, maxLeftovers: null, rate: null },
  workers: 8,
  race: { rounds: 2, widths: [2, 4] },
  maxWaitMs: 10_000,
  patienceMs: null,
  longestBackOffMs: 1000,
  severity: {},
};

/** Plays checks on an API in this process, as a spec text describes it, on a virtual clock. */
export async function playSpec(
  text: string,
  create: (sleep: (ms: number) => Promise<void>, nowMs: () => number) => InProcess,
  checks: readonly Check[],
  wants: (operation: string) => boolean = () => true,
): Promise<Outcome> {
  const clock = createVirtualClock();
  const spec = specFromText(text, 'a test', { env: {}, profile: null });
  const plan = makePlan({ ...spec, isAuthenticated: false }, checks, { takes: () => true, wants: () => true });
  const arranger = createArranger();
  const runCommand = () => Promise.resolve({ stdout: '', trouble: 'no commands here' });
  return runPlan({ ...plan, cases: plan.cases.filter(({ operation }) => wants(operation.name)) }, spec, OPTIONS, {
    transport: createMemoryTransport(
      create(clock.reference.sleep, () => clock.reference.nowMs()),
      { origin: ORIGIN, headers: [] },
      clock,
    ),
    clock: clock.engine,
    signal: new AbortController().signal,
    callers: createCallers(spec, ORIGIN, { clock: clock.engine, runCommand }, new Set()),
    runCommand,
    onEvent: () => undefined,
    arrangerFor: () => arranger,
    redact: said => said,
  });
}

/** What is needed to find the baseline of an operation of a spec text, and to drive a probe on the same API. */
export function createBench(text: string, create: (sleep: (ms: number) => Promise<void>) => InProcess) {
  const clock = createVirtualClock();
  const { resources } = specFromText(text, 'a test', { env: {}, profile: null });
  const tools = createArranger();
  const run = createRun({ resources, hooks: {}, setup: [], teardown: [] }, OPTIONS, {
    transport: createMemoryTransport(create(clock.reference.sleep), { origin: ORIGIN, headers: [] }, clock),
    clock: clock.engine,
    signal: new AbortController().signal,
    callers: async () => ({ headers: [], query: [] }),
    runCommand: async () => ({ stdout: '', trouble: null }),
    onEvent: () => undefined,
    arrangerFor: () => tools,
    redact: said => said,
  });
  return {
    session: run.session,
    tools,
    resource(name: string): Resource {
      const found = resources.find(one => one.name === name);
      if (found === undefined) throw new Error(`no resource ${name}`);
      return found;
    },
    async learn(operation: Operation, resource: Resource): Promise<Known> {
      const known = await findPreflight(run, operation, resource, 0);
      const [bug] = run.bugs.described();
      if (bug !== undefined) throw new Error(bug);
      return known;
    },
    drive: <Result>(probe: Probe<Result>, { oracle }: Known) =>
      drive(probe, {
        ...run.driving,
        callers: run.ports.callers,
        oracleOf: () => oracle,
        settleMs: 500,
        hooks: {},
        halfWayMs: 0,
        result: 'a test',
        attempt: 1,
        whileAway: ms => clock.engine.sleep(ms),
      }),
  };
}

/** Numbered keys, markers and ids. */
function createArranger() {
  let [keys, scopes] = [0, 0];
  const now = '2026-01-01T00:00:00.000Z';
  return {
    key: () => `key-${String(++keys).padStart(8, '0')}`,
    fresh: () => {
      const at = String(++scopes).padStart(8, '0');
      return { marker: `mark-${at}`, uuid: `00000000-0000-4000-8000-0000${at}`, int: 1000 + scopes, now, values: {} };
    },
  };
}
