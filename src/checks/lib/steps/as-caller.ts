import { isBuiltInCaller } from '../../../core/callers.js';
import type { Outgoing } from '../../../core/resource.js';
import type { Probe, Step } from '../../../core/step.js';
import { Trouble } from '../../../core/trouble.js';

/** The request as another caller sends it. */
export function as(identity: string, outgoing: Outgoing): Outgoing {
  return { ...outgoing, identity };
}

/** A probe played as another caller: what it sends, and what it counts. */
export function* asCaller<Result, Label extends string>(
  identity: string,
  probe: Probe<Result, Label>,
): Probe<Result, Label> {
  let turn = probe.next();
  while (turn.done !== true) turn = probe.next(yield byCaller(identity, turn.value));
  return turn.value;
}

/** The same, `null` where the target does not let this caller. */
export function* ifAllowed<Result, Label extends string>(
  identity: string,
  probe: Probe<Result, Label>,
): Probe<Result | null, Label> {
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

function byCaller<Label extends string>(identity: string, step: Step<Label>): Step<Label> {
  switch (step.kind) {
    case 'send':
    case 'interrupted':
    case 'watched':
      return { ...step, outgoing: as(identity, step.outgoing) };
    case 'disturbed':
    case 'staggered':
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
