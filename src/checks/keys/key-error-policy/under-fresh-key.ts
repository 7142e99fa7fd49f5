import { outgoing } from '../../../core/arrange.js';
import type { Subject, Tools } from '../../../core/check.js';
import { statusOf, type Exchange } from '../../../core/http.js';
import type { Scope } from '../../../core/scope.js';
import { send } from '../../../core/step.js';
import { inconclusive, type Verdict } from '../../../core/verdict.js';
import { lostAnswer } from '../../lib/http/answers.js';
import { voided } from '../../lib/http/statuses.js';
import { sibling, stage } from '../../lib/steps/stage.js';

/** Sends the valid payload elsewhere, under a key of its own (step `control`). */
export function* underFreshKey(
  { operation, resource }: Pick<Subject, 'operation' | 'resource'>,
  scope: Scope,
  tools: Tools,
) {
  const other =
    operation.role === 'create' ? sibling(resource, scope, tools) : yield* stage({ operation, resource }, tools);
  yield* send('control', outgoing(operation, other, { key: tools.key() }));
}

/** The verdict where the control was no success: a refusal says nothing of the key. */
export function controlFailed(control: Exchange | undefined): Verdict<never, never> {
  const status = statusOf(control);
  if (status === null) return lostAnswer(control);
  return (
    voided(control) ??
    inconclusive('control-failed', { detail: `under a fresh key the request was answered with ${status}` })
  );
}
