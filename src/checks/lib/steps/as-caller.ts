import { isBuiltInCaller } from '../../../core/callers.js';
import type { Outgoing } from '../../../core/resource.js';
import type { Probe, Step } from '../../../core/step.js';
import { Trouble } from '../../../core/trouble.js';

/** The request as another caller sends it. */
export function as(identity: string, outgoing: Outgoing): Outgoing {
  return { ...outgoing, identity };
}

/** A probe played as another caller: what it sends, and what it counts. */
export function* asCaller<Result>(identity: string, probe: Probe<Result>): Probe<Result> {
  let turn = probe.next();
  while (turn.done !== true) turn = probe.next(yield byCaller(identity, turn.value));
  return turn.value;
}

/** The same, `null` where the target does not let this caller. */
export function* ifAllowed<Result>(identity: string, probe: Probe<Result>): Probe<Result | null> {
  try {
    return yield* asCaller(identity, probe);
  } catch (error) {
    if (error instanceof Trouble) return null;
    throw error;
  }
}

/** The callers a user described; the built-in ones are none of them. */
export function othersOf(identities: readonly string[]): readonly string[] {
  return identities.filter(name => !isBuiltInCaller(name));
}

function byCaller(identity: string, step: Step): Step {
  switch (step.kind) {
    case 'send':
    case 'interrupted':
    case 'watched':
      return { ...step, outgoing: as(identity, step.outgoing) };
    case 'disturbed':
      return { ...step, outgoing: step.outgoing.map(one => as(identity, one)) };
    case 'together': {
      const { warmUp } = step;
      const outgoing = step.outgoing.map(one => as(identity, one));
      return { ...step, outgoing, warmUp: warmUp === null ? null : as(identity, warmUp) };
    }
    case 'effects':
      return { ...step, counted: step.counted.map(one => ({ ...one, identity })) };
    case 'hook':
    case 'later':
      return step;
  }
}
