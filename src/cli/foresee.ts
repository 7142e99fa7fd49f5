import type { Tools } from '../core/check.js';
import type { Plan } from '../core/plan.js';
import type { OracleKind } from '../core/reading.js';
import { operationsOf, type Resource } from '../core/resource.js';
import type { Operation } from '../core/operation.js';
import { withValues } from '../core/scope.js';
import type { Spec } from '../core/spec.js';
import { plainBaseline, preflight } from '../engine/preflight.js';
import { oraclesFor } from '../oracle/choose.js';
import { MOST_READS, readsFor } from '../oracle/view/reads.js';
import { rehearse, type Rehearsal } from '../plan/rehearse.js';
import type { PlanView } from '../report/plan-view.js';
import type { Redaction } from '../report/redact.js';
import { missingCredentials } from './missing-credentials.js';
import { headersOf, raceOf, waitsOf, type RunFlags } from './options.js';

/** Of the reads around an operation so many show what it moves, as a rule. */
const WATCHED = 2;

/** What a run of the plan would send, as far as it can be foreseen. Sends nothing. */
export function foresee(
  spec: Spec,
  { cases, omissions }: Plan,
  { url, flags, redact }: { readonly url: string; readonly flags: RunFlags; readonly redact: Redaction },
): PlanView {
  const { resources, caller } = spec;
  const { maxWaitMs, patienceMs } = waitsOf(flags);
  const rehearsals = cases.map(({ check, variant, operation, resource, scenario }) => {
    const oracle = oracleOf(resource, operation, resources);
    const probe = scenario.probe({
      ...standIns(),
      baseline: soundBaseline(operation, oracle),
      race: raceOf(flags),
      maxWaitMs,
      patienceMs: patienceMs ?? operation.contract.inflightTimeout * 1000,
    });
    const sends = scenario.review === undefined;
    const name = named(check.id, variant);
    return {
      name,
      operation,
      resource,
      sends,
      ...rehearse(probe, resources, operation.name, { kind: oracle, reads: WATCHED }),
    };
  });
  const operations = resources.flatMap(resource =>
    // One that creates and replaces has two roles, and is shown once.
    [...new Map(operationsOf(resource).map(one => [one.name, one])).values()].map(operation => {
      const isOwn = (one: { readonly operation: Operation; readonly resource: Resource }) =>
        one.operation.name === operation.name && one.resource.name === resource.name;
      const own = rehearsals.filter(isOwn).filter(({ sends }) => sends);
      const { key } = operation.contract;
      const before = own.length === 0 ? 0 : preflightOf(resources, resource, operation).requests;
      return {
        operation: operation.name,
        resource: resource.name,
        role: operation.role,
        key: key === null ? null : { in: key.in, name: key.name, required: key.required },
        requests: before + own.reduce((sum, { requests }) => sum + requests, 0),
        first: shown(own.find(({ first }) => first !== null)?.first ?? null, caller.headers, url, redact),
        checks: [
          ...rehearsals
            .filter(isOwn)
            .map(({ name, requests }) => ({ check: name, applies: true, reason: null, requests })),
          ...omissions.filter(isOwn).map(({ check, variant, reason }) => ({
            check: named(check.id, variant),
            applies: false,
            reason,
            requests: 0,
          })),
        ],
      };
    }),
  );
  return {
    resources: resources.map(resource => ({
      name: resource.name,
      parents: resource.parents.map(({ name }) => name),
      oracle: resource.create === null ? 'none' : oracleOf(resource, resource.create, resources),
    })),
    operations,
    requests: operations.reduce((sum, { requests }) => sum + requests, 0),
    guesses: spec.inference?.guesses ?? [],
    gaps: spec.inference?.gaps ?? [],
    missing: missingCredentials(spec, headersOf(flags.header), flags.cert !== undefined),
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
): PlanView['operations'][number]['first'] {
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

function soundBaseline(operation: Operation, oracle: OracleKind): Tools['baseline'] {
  return { ...plainBaseline(operation.name), oracle, countsToTwo: true };
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
