import { outgoing, type Making } from '../../../core/arrange.js';
import type { Subject, Tools } from '../../../core/check.js';
import type { Exchange } from '../../../core/http.js';
import type { Reading } from '../../../core/reading.js';
import type { Outgoing } from '../../../core/resource.js';
import type { Scope } from '../../../core/scope.js';
import { effects, hook, later, send, type Probe } from '../../../core/step.js';
import { finishedScope, optional } from './made.js';
import { stage } from './stage.js';

/** A key that was used once, and what it takes to use it again. */
export interface Planted {
  readonly round: number;
  readonly scope: Scope;
  readonly key: string;
  readonly request: Outgoing;
  /** The count before, which both later counts start from. */
  readonly before: Reading;
  readonly exchange: Exchange;
  /** The scope of what a create made, once that is finished; `null` for an action, or without an id. */
  readonly made: Scope | null;
}

/** Uses a new key once, on a scope of its own (steps `before` and `plant`). */
export function* planting(
  { operation, resource }: Subject,
  tools: Tools,
  round: number,
): Probe<Planted, 'before' | 'plant' | Making> {
  const scope = yield* stage({ operation, resource }, tools);
  const before = yield* effects('before', { round, resource, operation, scope, seen: [] }, 'now');
  const key = tools.key();
  const request = outgoing(operation, scope, { key });
  const exchange = yield* send('plant', request, round);
  const made = yield* finishedScope({ operation, resource }, scope, exchange);
  return { round, scope, key, request, before, exchange, made };
}

/** The steps that use a planted key again. */
export type RepeatSteps = 'planted' | 'standing' | 'replay' | 'after';

/**
 * Sends a planted request once more (steps `planted`, `standing`, `replay`, `after`). Both counts start from the same
 * reading: their difference is what the repeat did, whatever else was planted since.
 */
export function* repeating({ operation, resource }: Subject, planted: Planted): Probe<Repeated, RepeatSteps> {
  const { round, scope, request, before, exchange, made } = planted;
  const counted = { round, resource, operation, scope, since: before };
  const read = optional(resource.read, made);
  if (read !== null) yield* send('planted', read, round);
  const standing = yield* effects('standing', { ...counted, seen: [exchange] }, 'now');
  const replay = yield* send('replay', request, round);
  const after = yield* effects('after', { ...counted, seen: [exchange, replay] });
  const isHeld = standing.count !== null && standing.count >= 1 && after.count === standing.count;
  return { replay, isHeld };
}

/** What a repeat was answered with, and whether the counts say that the key held. */
interface Repeated {
  readonly replay: Exchange;
  readonly isHeld: boolean;
}

/**
 * Lets a key grow as old as asked, in seconds: by waiting where the run waits that long, else by moving the test clock.
 * `moved` is by how much it was moved since the key was planted; hands back by how much it is now.
 */
export function* aging(tools: Tools, { exchange }: Planted, age: number, moved: number): Probe<number, never> {
  if (age * 1000 <= tools.maxWaitMs) {
    yield* later('wait', Math.max((age - moved) * 1000, tools.preflight.lagMs, 100), exchange.endAtUs);
    return moved;
  }
  const nowUs = yield* later('wait', 0);
  const seconds = Math.ceil(age - moved - (nowUs - exchange.endAtUs) / 1_000_000);
  if (seconds <= 0) return moved;
  yield* hook('move the clock', 'clock', { seconds });
  return moved + seconds;
}
