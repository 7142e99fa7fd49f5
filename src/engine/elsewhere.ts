import { arrange, type Arranger } from '../core/arrange.js';
import type { Operation } from '../core/operation.js';
import type { Resource } from '../core/resource.js';
import { isThereOnce } from '../core/sample.js';
import type { Scope } from '../core/scope.js';
import { later, type Probe } from '../core/step.js';
import { isRepeatable } from '../oracle/view/reads.js';
import { staged, type PreflightSeen } from './preflight.js';
import { learnElsewhere } from './pupil.js';

/** Whether an operation that may be repeated can be seen to do something to other resources: to parents that can be read. */
export function hasElsewhere(operation: Operation, resource: Resource): boolean {
  const { create, parents } = resource;
  const isPlaced = create !== null || isThereOnce(resource, operation);
  return isRepeatable(operation) && isPlaced && parents.some(({ read }) => read?.method === 'GET');
}

/**
 * Preflight of a DELETE, a PUT or a PATCH: what one moves on the parents of its resource. Throws Trouble when there is
 * nothing to do it to. `placedLagMs` is how late a resource is seen that is there as soon as its parents are.
 */
export function* elsewhere(
  { operation, resource }: { readonly operation: Operation; readonly resource: Resource },
  placedLagMs: number,
  tools: Arranger,
): Probe<PreflightSeen> {
  const tried = { operation, resource };
  const place = function* (): Probe<{ readonly scope: Scope; readonly lagMs: number }> {
    return resource.create === null
      ? { scope: yield* arrange(resource, tools), lagMs: placedLagMs }
      : yield* staged(tried, tools);
  };
  const { scope, lagMs: madeLagMs } = yield* place();
  if (madeLagMs > 0) yield* later('preflight pause', 3 * madeLagMs);
  const stage = function* () {
    return (yield* place()).scope;
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
