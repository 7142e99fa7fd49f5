import { createCallers } from '../../src/cli/callers.js';
import type { Check } from '../../src/core/check.js';
import type { Outcome } from '../../src/core/report.js';
import type { Operation } from '../../src/core/operation.js';
import type { Resource } from '../../src/core/resource.js';
import type { Probe } from '../../src/core/step.js';
import { findBaseline, type Known } from '../../src/engine/baselines.js';
import { drive, type DrivePorts } from '../../src/engine/drive.js';
import { createSession } from '../../src/engine/session.js';
import { runPlan } from '../../src/engine/run.js';
import { makePlan } from '../../src/plan/make-plan.js';
import { specFromText } from '../../src/spec/load.js';
import { createMemoryTransport } from '../catalogue/memory-transport.js';
import { createVirtualClock } from '../catalogue/virtual-clock.js';

/** An API in this process; its waits are those of the clock it is given. */
export interface InProcess {
  readonly fetch: (request: Request) => Promise<Response>;
}

const ORIGIN = 'http://api.test';

/** Plays checks on an API in this process, as a spec text describes it, on a virtual clock. */
export async function playSpec(
  text: string,
  create: (sleep: (ms: number) => Promise<void>) => InProcess,
  checks: readonly Check[],
  wants: (operation: string) => boolean = () => true,
): Promise<Outcome> {
  const clock = createVirtualClock();
  const spec = specFromText(text, 'a test', { env: {}, profile: null });
  const plan = makePlan({ ...spec, isAuthenticated: false }, checks, { takes: () => true, wants: () => true });
  const runCommand = () => Promise.resolve({ stdout: '', trouble: 'no commands here' });
  return runPlan(
    { ...plan, cases: plan.cases.filter(({ operation }) => wants(operation.name)) },
    spec,
    {
      baseUrl: ORIGIN,
      budgets: { maxRequests: null, maxTimeMs: null, maxLeftovers: null, rate: null },
      workers: 8,
      race: { rounds: 2, widths: [2, 4] },
      maxWaitMs: 10_000,
      patienceMs: null,
      longestBackOffMs: 1000,
      severity: {},
    },
    {
      transport: createMemoryTransport(create(clock.reference.sleep), ORIGIN, clock),
      clock: clock.engine,
      signal: new AbortController().signal,
      callers: createCallers(spec, ORIGIN, { clock: clock.engine, runCommand }, new Set()),
      runCommand,
      onEvent: () => undefined,
      arranger: createArranger(),
    },
  );
}

/** What is needed to find the baseline of an operation of a spec text, and to drive a probe on the same API. */
export function createBench(text: string, create: (sleep: (ms: number) => Promise<void>) => InProcess) {
  const clock = createVirtualClock();
  const { resources } = specFromText(text, 'a test', { env: {}, profile: null });
  const { signal } = new AbortController();
  const budgets = { maxRequests: null, maxTimeMs: null, maxLeftovers: null, rate: null };
  const transport = createMemoryTransport(create(clock.reference.sleep), ORIGIN, clock);
  const session = createSession({ transport, clock: clock.engine, budgets, resources, signal });
  const tools = createArranger();
  const ports = (oracleOf: DrivePorts['oracleOf']): DrivePorts => ({
    session,
    clock: clock.engine,
    signal,
    runCommand: async () => ({ stdout: '', trouble: null }),
    callers: async () => ({ headers: [], query: [] }),
    oracleOf,
    settleMs: 500,
    hooks: {},
    lookIntoStore: null,
    halfWayMs: 0,
    result: 'a test',
    attempt: 1,
    whileAway: wait => wait(),
  });
  return {
    session,
    tools,
    resource(name: string): Resource {
      const found = resources.find(one => one.name === name);
      if (found === undefined) throw new Error(`no resource ${name}`);
      return found;
    },
    learn: (operation: Operation, resource: Resource): Promise<Known> =>
      findBaseline(operation, resource, {
        tools,
        resources,
        longestBackOffMs: 1000,
        backOff: () => Promise.resolve(),
        onInternalError: error => {
          throw error;
        },
        drivePorts: (_, oracleOf) => Promise.resolve(ports(oracleOf)),
      }),
    drive: <Result>(probe: Probe<Result>, { oracle }: Known) =>
      drive(
        probe,
        ports(() => oracle),
      ),
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
