import type { Arranger } from '../core/arrange.js';
import type { Operation } from '../core/operation.js';
import type { Resource } from '../core/resource.js';
import { later, type Probe } from '../core/step.js';
import { staged, type PreflightSeen } from './preflight.js';
import { learnElsewhere } from './pupil.js';

/** Whether a DELETE may be seen to do something to other resources: to parents that can be read. */
export function hasElsewhere({ role }: Operation, { create, parents }: Resource): boolean {
  return role === 'delete' && create !== null && parents.some(({ read }) => read?.method === 'GET');
}

/** Preflight of a DELETE: what one moves on the parents of its resource. Throws Trouble when there is nothing to delete. */
export function* elsewhere(
  { operation, resource }: { readonly operation: Operation; readonly resource: Resource },
  tools: Arranger,
): Probe<PreflightSeen> {
  const tried = { operation, resource };
  const { scope, lagMs: madeLagMs } = yield* staged(tried, tools);
  if (madeLagMs > 0) yield* later('preflight pause', 3 * madeLagMs);
  const stage = function* () {
    return (yield* staged(tried, tools)).scope;
  };
  const learned = yield* learnElsewhere({ operation, resource, readyBy: [], tools, madeLagMs, stage }, scope);
  return {
    oracle: 0,
    countsToTwo: false,
    unit: null,
    lesson: learned?.lesson ?? null,
    readyBy: [],
    lagMs: learned?.lagMs ?? 0,
    latenciesMs: [],
    volatile: [],
  };
}
