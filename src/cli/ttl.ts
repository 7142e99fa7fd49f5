import { createHash, randomUUID } from 'node:crypto';
import { goalOf } from '../checks/lib/judging/lifetime-verdict.js';
import { measured } from '../checks/lib/judging/duration.js';
import { plantScenario, type NewKey } from '../checks/late/planting.js';
import { verifyScenario, type Verified } from '../checks/late/verifying.js';
import type { Subject } from '../core/check.js';
import { UsageError } from '../core/errors.js';
import type { Request } from '../core/http.js';
import type { Case, Plan } from '../core/plan.js';
import type { LateState, PlantedKey } from '../core/planted-key.js';
import type { Report } from '../core/report.js';
import { withValues } from '../core/scope.js';
import type { Spec } from '../core/spec.js';
import { inconclusive } from '../core/verdict.js';
import type { Created } from '../engine/ledger.js';
import { agesFor, dueAmong, nextDueMs, withScenarios } from '../plan/late-plan.js';
import { plural } from '../report/sentence.js';
import { drawnSeed } from './arrangers.js';
import { isAuthenticated } from './callers.js';
import { conduct, type Conduct } from './conduct.js';
import { deliver, reportFiles } from './deliver.js';
import { EXIT } from './exit.js';
import type { LateOptions, PlantOptions } from './flags/options.js';
import type { Io } from './io.js';
import { prepare, type Prepared } from './prepare.js';
import { showProgress } from './show-progress.js';
import { targetOf } from './target-of.js';
import { holdState, type HeldState } from './ttl-state.js';

/** A key that is overdue for so long was planted for nobody. */
const FORGOTTEN_S = 30 * 86_400;

/** `idem-check ttl plant`: plants keys to be used again by a later `ttl verify`, and leaves their records standing. */
export async function plant(file: string | undefined, options: PlantOptions, io: Io): Promise<number> {
  return withState(options, async held => {
    const ground = await groundOf(file, options, io);
    const asked = options.at.map(ms => ms / 1000);
    const kept = new Set<string>();
    const plan = withScenarios(ground.plan, planned =>
      plantScenario(subjectOf(planned, ground.spec), {
        ages: asked.length > 0 ? asked : agesFor(planned.operation.contract, goalOf(planned.operation.contract)),
        copies: options.keys,
        keep(key) {
          kept.add(key.scope.marker);
          held.write(withKey(held.read(), key, ground.environment));
        },
      }),
    );
    if (plan.cases.length === 0)
      throw new UsageError('no operation takes an idempotency key whose records can be told apart');
    const report = await played(ground, plan, options, io, {
      isKept: ({ scope }) => kept.has(scope.marker),
      adopted: () => [],
    });
    const isPlanted = report.exitCode === EXIT.nothingConclusive && kept.size > 0;
    const settled = isPlanted ? { ...report, exitCode: EXIT.ok } : report;
    const code = await deliver(settled, reportFiles(settled, options), options, io);
    io.out(`${plural(kept.size, 'key')} planted; ${comeBack(held.read(), Date.now())}\n`);
    return code;
  });
}

/** `idem-check ttl verify`: uses the planted keys that are due again, each once, and says for how long they protected. */
export async function verify(file: string | undefined, options: LateOptions, io: Io): Promise<number> {
  return withState(options, async held => {
    const ground = await groundOf(file, options, io);
    forget(held, io);
    const epochMs = Date.now();
    const due = dueAmong(held.read().planted, epochMs);
    const own = due.filter(({ environment }) => environment === ground.environment);
    const verified = new Map<string, ReadonlyMap<string, Verified>>();
    const plan = withScenarios(ground.plan, planned => {
      const isMine = (key: { readonly operation: string; readonly resource: string }) =>
        key.operation === planned.operation.name && key.resource === planned.resource.name;
      const keys = own.filter(isMine);
      if (keys.length === 0) {
        return due.some(isMine) ? { hooks: [], *probe() {}, judge: () => inconclusive('environment-changed') } : null;
      }
      const seen = held.read().seen.filter(isMine);
      const claim = (claimed: readonly PlantedKey[]) => held.write(claimedIn(held.read(), claimed));
      const scenario = verifyScenario(subjectOf(planned, ground.spec), {
        keys,
        seen,
        epochMs,
        claim,
        digest: digestOf,
      });
      verified.set(planned.id, scenario.results);
      return scenario;
    });
    const lost = due.filter(key => !plan.cases.some(({ operation }) => operation.name === key.operation));
    if (lost.length > 0) io.err(`${plural(lost.length, 'key')} due belong to operations that are not checked here\n`);
    const results = () => [...verified.values()].flatMap(one => [...one.values()]);
    const report = await played(ground, plan, options, io, {
      isKept: () => false,
      adopted: () => results().flatMap(one => recordsOf(one, ground.spec)),
    });
    held.write(after(held.read(), results(), new Date().toISOString()));
    const settled = { ...report, exitCode: exitOf(report, plan) };
    const code = await deliver(settled, reportFiles(settled, options), options, io);
    io.out(`${due.length === 0 ? 'Nothing is due; ' : ''}${comeBack(held.read(), Date.now())}\n`);
    return code;
  });
}

interface Ground extends Prepared {
  readonly url: string;
  readonly seed: number;
  readonly environment: string;
}

async function withState({ state }: LateOptions, use: (held: HeldState) => Promise<number>): Promise<number> {
  const held = holdState(state);
  try {
    return await use(held);
  } finally {
    held.release();
  }
}

async function groundOf(file: string | undefined, options: LateOptions, io: Io): Promise<Ground> {
  const seed = options.seed ?? drawnSeed();
  const choice = { checks: ['key-ttl-honoured'], excludeChecks: [], readOnly: false };
  const { spec, plan } = await prepare(file === undefined ? null : { file }, { ...options, ...choice }, io, seed);
  const url = targetOf(spec.url, options);
  const { origin, pathname } = new URL(url);
  const environment = short(`${origin}${pathname.replace(/\/+$/, '')}\n${options.environment ?? ''}`);
  // Without a marker nothing tells the records of an earlier run from others.
  const cases = plan.cases.filter(({ operation }) => operation.marked || operation.role !== 'create');
  return { spec, plan: { ...plan, cases }, url, seed, environment };
}

async function played(
  { spec, url, seed }: Ground,
  plan: Plan,
  options: LateOptions,
  io: Io,
  records: NonNullable<Conduct['records']>,
): Promise<Report> {
  const progress = showProgress(io, !options.quiet);
  const { signal } = io;
  const { onEvent } = progress;
  // Where nothing is to be done, nothing is sent.
  const around = plan.cases.length === 0 ? { ...spec, setup: [], teardown: [] } : spec;
  const report = await conduct({ spec: around, url, plan, options, seed, baseline: null, signal, onEvent, records });
  progress.end();
  return report;
}

function subjectOf({ operation, resource }: Case, spec: Spec): Subject {
  const { resources, identities } = spec;
  const names = Object.keys(identities);
  return {
    operation,
    resource,
    resources,
    identities: names,
    hooks: new Set(),
    isAuthenticated: isAuthenticated(spec),
  };
}

function withKey(state: LateState, key: NewKey, environment: string): LateState {
  const planted: PlantedKey = {
    ...key,
    id: randomUUID(),
    request: digestOf(key.request),
    plantedAt: new Date().toISOString(),
    environment,
  };
  return { ...state, planted: [...state.planted, planted] };
}

function claimedIn(state: LateState, claimed: readonly PlantedKey[]): LateState {
  const ids = new Set(claimed.map(({ id }) => id));
  const claimedAt = new Date().toISOString();
  return { ...state, planted: state.planted.map(key => (ids.has(key.id) ? { ...key, claimedAt } : key)) };
}

/** The state after a run: spent keys are gone, what was seen of them is kept, the others wait as before. */
function after(state: LateState, results: readonly Verified[], at: string): LateState {
  const spent = new Set(results.filter(({ isSpent }) => isSpent).map(({ key }) => key.id));
  const planted = state.planted.filter(({ id }) => !spent.has(id)).map(key => ({ ...key, claimedAt: null }));
  const seen = results.flatMap(({ key: { operation, resource }, sample }) =>
    sample.state === 'open' ? [] : [{ operation, resource, state: sample.state, age: sample.age, at }],
  );
  return { ...state, planted, seen: [...state.seen, ...seen] };
}

/** Drops keys that a killed run had begun to use again, and those nobody came back for. */
function forget(held: HeldState, io: Io): void {
  const state = held.read();
  const isOld = ({ plantedAt, due }: PlantedKey) => Date.now() - Date.parse(plantedAt) > (2 * due + FORGOTTEN_S) * 1000;
  const planted = state.planted.filter(key => key.claimedAt === null && !isOld(key));
  const dropped = state.planted.length - planted.length;
  if (dropped === 0) return;
  io.err(`${plural(dropped, 'key')} left out: a run that was killed had begun to use them, or they are long overdue\n`);
  held.write({ ...state, planted });
}

/** The records behind a key, its parents first; none where it was not seen to be there. */
function recordsOf({ key, sample }: Verified, { resources }: Spec): readonly Created[] {
  const resource = resources.find(({ name }) => name === key.resource);
  if (resource === undefined || sample.state === 'open') return [];
  const idOf = (value: unknown) => (value === undefined || value === null ? null : String(value));
  const parents = resource.parents.map(parent => [parent, idOf(key.scope.values[`${parent.name}.id`])] as const);
  return [...parents, [resource, key.record ?? idOf(key.scope.values['id'])] as const].flatMap(([one, id]) =>
    id === null ? [] : [{ resource: one, id, scope: withValues(key.scope, { id }), identity: undefined }],
  );
}

/** Nothing due, and keys that held so far, are no reason for a red build. */
function exitOf({ exitCode, results }: Report, plan: Plan): number {
  if (exitCode !== EXIT.nothingConclusive) return exitCode;
  const isSoFar = results.every(({ reason }) => reason === 'held-so-far');
  return plan.cases.length === 0 || isSoFar ? EXIT.ok : exitCode;
}

function comeBack({ planted }: LateState, nowMs: number): string {
  const due = dueAmong(planted, nowMs).length;
  const next = nextDueMs(planted, nowMs);
  const now = due === 0 ? '' : `${plural(due, 'key')} still due; `;
  if (next === null) return `${now}no other key is planted: idem-check ttl plant`;
  return `${now}the next key is due at ${new Date(next).toISOString()}, in ${measured((next - nowMs) / 1000)}`;
}

function digestOf({ method, path, headers, body }: Request): string {
  return short(JSON.stringify([method, path, headers, body]));
}

function short(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 22);
}
