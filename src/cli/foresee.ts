import type { Tools } from '../core/check.js';
import type { Operation } from '../core/operation.js';
import type { Omission, Plan } from '../core/plan.js';
import type { OracleKind } from '../core/reading.js';
import { operationsOf, type Resource } from '../core/resource.js';
import { withValues } from '../core/scope.js';
import type { Spec } from '../core/spec.js';
import { plainPreflight } from '../engine/preflight-of.js';
import { preflight } from '../engine/preflight.js';
import { oraclesFor } from '../oracle/choose.js';
import { MOST_READS, readsFor } from '../oracle/view/reads.js';
import { rehearse, type Rehearsal } from '../plan/rehearse.js';
import type { PlannedOperation, PlanView } from '../report/plan-view.js';
import type { Redaction } from '../report/redact.js';
import type { TargetOptions } from './flags/options.js';
import { missingCredentials } from './missing-credentials.js';
import { raceOf, waitsOf } from './settings.js';

/** How a run would go about it. */
interface Foreseeing {
  readonly url: string;
  readonly options: TargetOptions;
  readonly redact: Redaction;
}

/** A case played with stand-in answers. */
interface Rehearsed extends Rehearsal {
  readonly name: string;
  readonly operation: Operation;
  readonly resource: Resource;
  /** It sends anything at all. */
  readonly sends: boolean;
}

/** Of the reads around an operation so many show what it moves, as a rule. */
const WATCHED = 2;

/** What a run of the plan would send, as far as it can be foreseen. Sends nothing. */
export function foresee(spec: Spec, plan: Plan, { url, options, redact }: Foreseeing): PlanView {
  const { resources, caller, inference } = spec;
  const rehearsals = rehearsalsOf(plan, resources, options);
  const showFirst = (first: Rehearsal['first']) => shown(first, caller.headers, url, redact);
  const operations = resources.flatMap(resource =>
    // One that creates and replaces has two roles, and is shown once.
    [...new Map(operationsOf(resource).map(one => [one.name, one])).values()].map(operation =>
      planned(operation, resource, { resources, rehearsals, omissions: plan.omissions, showFirst }),
    ),
  );
  return {
    resources: resources.map(resource => ({
      name: resource.name,
      parents: resource.parents.map(({ name }) => name),
      oracle: resource.create === null ? 'none' : oracleOf(resource, resource.create, resources),
    })),
    operations,
    requests: operations.reduce((sum, { requests }) => sum + requests, 0),
    guesses: inference?.guesses ?? [],
    gaps: inference?.gaps ?? [],
    missing: missingCredentials(spec, options.header, options.cert !== null),
  };
}

function rehearsalsOf({ cases }: Plan, resources: readonly Resource[], options: TargetOptions): readonly Rehearsed[] {
  const { maxWaitMs, patienceMs } = waitsOf(options);
  return cases.map(({ check, variant, operation, resource, scenario }) => {
    const oracle = oracleOf(resource, operation, resources);
    const probe = scenario.probe({
      ...standIns(),
      preflight: soundPreflight(operation, oracle),
      race: raceOf(options),
      maxWaitMs,
      patienceMs: patienceMs ?? operation.contract.inflightTimeout * 1000,
    });
    const sends = scenario.review === undefined;
    const name = named(check.id, variant);
    const counting = { kind: oracle, reads: WATCHED };
    return { name, operation, resource, sends, ...rehearse(probe, resources, operation.name, counting) };
  });
}

/** What is known of all operations when one of them is shown. */
interface Around {
  readonly resources: readonly Resource[];
  readonly rehearsals: readonly Rehearsed[];
  readonly omissions: readonly Omission[];
  readonly showFirst: (first: Rehearsal['first']) => PlannedOperation['first'];
}

function planned(operation: Operation, resource: Resource, around: Around): PlannedOperation {
  const isOwn = (one: { readonly operation: Operation; readonly resource: Resource }) =>
    one.operation.name === operation.name && one.resource.name === resource.name;
  const own = around.rehearsals.filter(isOwn);
  const sending = own.filter(({ sends }) => sends);
  const { key } = operation.contract;
  const before = sending.length === 0 ? 0 : preflightOf(around.resources, resource, operation).requests;
  const omitted = around.omissions.filter(isOwn);
  return {
    operation: operation.name,
    resource: resource.name,
    role: operation.role,
    key: key === null ? null : { in: key.in, name: key.name, required: key.required },
    requests: before + sending.reduce((sum, { requests }) => sum + requests, 0),
    first: around.showFirst(sending.find(({ first }) => first !== null)?.first ?? null),
    checks: [
      ...own.map(({ name, requests }) => ({ check: name, applies: true, reason: null, requests })),
      ...omitted.map(({ check, variant, reason }) => ({
        check: named(check.id, variant),
        applies: false,
        reason,
        requests: 0,
      })),
    ],
  };
}

function preflightOf(resources: readonly Resource[], resource: Resource, operation: Operation): Rehearsal {
  if (operation.role !== 'create' && !operation.role.startsWith('action:')) return { requests: 0, first: null };
  // The first way of counting is taken to work; what a create does beside its record is looked for as well.
  const all = oraclesFor(resource, operation, resources).map(({ kind }) => kind);
  const kinds = all.filter((kind, at) => at === 0 || kind === 'view');
  let current: OracleKind = 'none';
  const probe = preflight({ operation, resource }, standIns(), kinds.length, at => (current = kinds[at] ?? 'none'));
  const reads = candidatesOf(resource, operation, resources);
  return rehearse(probe, resources, operation.name, { kind: () => current, reads });
}

function shown(
  first: Rehearsal['first'],
  headers: Spec['caller']['headers'],
  url: string,
  redact: Redaction,
): PlannedOperation['first'] {
  if (first === null) return null;
  const lines = [...headers, ...first.headers].map(redact.header);
  const body = first.body === null ? null : redact.body(first.body, 'utf8', false);
  return { method: first.method, url: redact.url(`${url.replace(/\/+$/, '')}${first.path}`), headers: lines, body };
}

/** How many reads around an operation are looked at, to learn what it moves. */
function candidatesOf(resource: Resource, operation: Operation, resources: readonly Resource[]): number {
  const parents = resource.parents.map(({ name }) => [`${name}.id`, 'id'] as const);
  const own = operation.role === 'create' ? [] : [['id', 'id'] as const];
  const scope = withValues(standIns().fresh(), Object.fromEntries([...parents, ...own]));
  return Math.min(MOST_READS, readsFor(operation, resource, resources, scope).length);
}

function oracleOf(resource: Resource, operation: Operation, resources: readonly Resource[]): OracleKind {
  const isOwn = operation.role === 'create' || operation.role.startsWith('action:');
  const counted = isOwn ? operation : resource.create;
  return (counted === null ? undefined : oraclesFor(resource, counted, resources)[0]?.kind) ?? 'none';
}

function soundPreflight(operation: Operation, oracle: OracleKind): Tools['preflight'] {
  return { ...plainPreflight(operation.name), oracle, countsToTwo: true };
}

/** Values that say of themselves what they stand for. */
function standIns(): Pick<Tools, 'fresh' | 'key'> {
  let attempts = 0;
  let keys = 0;
  return {
    key: () => `key-${++keys}`,
    fresh: () => {
      const at = ++attempts;
      return {
        marker: `marker-${at}`,
        uuid: `00000000-0000-4000-8000-${String(at).padStart(12, '0')}`,
        int: at,
        now: '2026-01-01T00:00:00.000Z',
        values: {},
      };
    },
  };
}

function named(check: string, variant: string | null): string {
  return variant === null ? check : `${check}:${variant}`;
}
