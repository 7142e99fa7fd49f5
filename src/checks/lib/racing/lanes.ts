import { outgoing } from '../../../core/arrange.js';
import type { Tools } from '../../../core/check.js';
import { lastOf, type Evidence } from '../../../core/evidence.js';
import { isSuccess, statusOf, type Exchange } from '../../../core/http.js';
import type { Operation } from '../../../core/operation.js';
import type { Outgoing, Resource } from '../../../core/resource.js';
import type { Scope } from '../../../core/scope.js';
import { send, type Probe } from '../../../core/step.js';
import { inconclusive, type Verdict } from '../../../core/verdict.js';
import { hasAnswer, lostAnswer } from '../http/answers.js';
import { voided } from '../http/statuses.js';
import { drafted, remarked, settle } from '../steps/writing.js';
import { verbatimPaths } from './whole.js';

/** A PUT whose writes can be told apart, and where its state is read. */
export interface Putting {
  readonly operation: Operation;
  readonly resource: Resource;
  readonly read: Operation;
}

/** A write of a race: its own marker where bodies may have one, and the two payloads in turn. */
export function laneOf({ operation }: Putting, scope: Scope, lane: number, isMarked: boolean, tools: Tools): Outgoing {
  const payload = lane % 2 === 1 && operation.payloads.has('changed') ? 'changed' : 'body';
  return drafted(operation, { scope: isMarked && lane > 0 ? remarked(scope, tools) : scope, payload }, tools);
}

/** The steps of two writes, one after the other. */
export type ControlSteps = `control ${number}` | `control state ${number}`;

/**
 * Two different writes, one after the other, each read back: first with markers of their own, and where those are
 * refused without. Hands back whether bodies may have their own markers; `null` when a write is refused.
 */
export function* controlled(
  putting: Putting,
  scopes: readonly [Scope, Scope],
  tools: Tools,
): Probe<boolean | null, ControlSteps> {
  const { operation } = putting;
  if (operation.marked && (yield* writtenAlone(putting, scopes, true, tools))) return true;
  const hasOther = operation.payloads.has('changed');
  return hasOther && (yield* writtenAlone(putting, scopes, false, tools)) ? false : null;
}

function* writtenAlone(
  putting: Putting,
  scopes: readonly [Scope, Scope],
  isMarked: boolean,
  tools: Tools,
): Probe<boolean, ControlSteps> {
  for (const [lane, scope] of scopes.entries()) {
    const control = yield* send(`control ${lane + 1}`, laneOf(putting, scope, lane, isMarked, tools));
    if (!isSuccess(control)) return false;
    yield* settle(tools);
    yield* send(`control state ${lane + 1}`, outgoing(putting.read, scope));
  }
  return true;
}

/** Why the control does not let the race be judged; `null` when it does. */
export function openAfterControl(evidence: Evidence<ControlSteps>): Verdict<never, never> | null {
  for (const step of ['control 1', 'control 2'] as const) {
    const control = lastOf(evidence, step);
    if (!hasAnswer(control)) return lostAnswer(control);
    const detail = `a PUT alone was answered with ${statusOf(control)}`;
    if (!isSuccess(control)) return voided(control) ?? inconclusive('control-failed', { detail });
  }
  const unseen = inconclusive('control-failed', { detail: 'a read does not show what a PUT alone wrote' });
  return shownVerbatim(evidence).size === 0 ? unseen : null;
}

/** The fields that both controls showed as written. */
export function shownVerbatim(evidence: Evidence<ControlSteps>): ReadonlySet<string> {
  return verbatimPaths(
    [1, 2].flatMap((at): readonly (readonly [Exchange, Exchange | undefined])[] => {
      const control = lastOf(evidence, `control ${at}`);
      return control === undefined ? [] : [[control, lastOf(evidence, `control state ${at}`)]];
    }),
  );
}
