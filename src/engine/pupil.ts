import { idIn, outgoing, ready, withOwnId, type Arranger } from '../core/arrange.js';
import { isSuccess, type Exchange } from '../core/http.js';
import type { Operation } from '../core/operation.js';
import type { Reading } from '../core/reading.js';
import type { Resource } from '../core/resource.js';
import { withValues, type Scope } from '../core/scope.js';
import { effects, later, send, type Probe } from '../core/step.js';
import { Trouble } from '../core/trouble.js';
import { learnView, type Learned, type Pupil } from './learn-view.js';

/** What an operation moves is looked for so long, milliseconds; longer where it was only accepted (202). */
const VISIBLE_WITHIN_MS = { done: 2_000, accepted: 10_000 } as const;
/** What a create does beside its record mostly is nothing: it is looked for a shorter time, milliseconds. */
const BESIDE_WITHIN_MS = 500;

/** An operation to learn of, and how a fresh scope for it is made. */
export interface Teaching {
  readonly operation: Operation;
  readonly resource: Resource;
  readonly readyBy: readonly string[];
  readonly tools: Arranger;
  /** Milliseconds until a new resource can be read. */
  readonly madeLagMs: number;
  readonly stage: () => Probe<Scope>;
}

/** Learns what an operation does that was done once, between two looks and now. */
export function* learnActed(
  teaching: Teaching,
  scope: Scope,
  before: readonly [Reading, Reading],
  first: Exchange,
): Probe<Learned> {
  const patienceMs = first.response?.status === 202 ? VISIBLE_WITHIN_MS.accepted : VISIBLE_WITHIN_MS.done;
  return yield* learnView({ ...pupilOf(teaching, scope), before, first, patienceMs });
}

/**
 * Learns what a create does beside its own record, which shows after `lagMs`: with further creates below the same
 * parents. `null` where there is nothing to look at, or a further create is refused.
 */
export function* learnBeside(teaching: Teaching, scope: Scope, lagMs: number): Probe<Learned | null> {
  const { operation, resource } = teaching;
  const pupil = pupilOf(teaching, scope);
  const early = yield* effects('preflight look', { resource, operation, scope, seen: [] }, 'now');
  if ((early.world ?? []).length === 0) return null;
  const quiet = yield* effects('preflight look', { resource, operation, scope, seen: [], since: early }, 'now');
  const first = yield* pupil.act(scope);
  if (!isSuccess(first)) return null;
  return yield* learnView({ ...pupil, before: [early, quiet], first, patienceMs: BESIDE_WITHIN_MS + 2 * lagMs });
}

/**
 * Learns what a DELETE, a PUT or a PATCH does to the parents of its resource; `null` where none of them can be read, or it
 * is refused. It is done once on each of two resources, since nothing comes of a second one.
 */
export function* learnElsewhere(teaching: Teaching, scope: Scope): Probe<Learned | null> {
  const { operation, resource, madeLagMs } = teaching;
  const pupil = pupilOf(teaching, scope);
  const early = yield* effects('preflight look', { resource, operation, scope, seen: [] }, 'now');
  if ((early.world ?? []).length === 0) return null;
  const quiet = yield* effects('preflight look', { resource, operation, scope, seen: [], since: early }, 'now');
  const first = yield* pupil.act(scope);
  if (!isSuccess(first)) return null;
  const patienceMs = BESIDE_WITHIN_MS + 2 * madeLagMs;
  return yield* learnView({ ...pupil, isIdempotent: true, before: [early, quiet], first, patienceMs });
}

function pupilOf(teaching: Teaching, scope: Scope): Omit<Pupil, 'before' | 'first' | 'patienceMs'> {
  const { operation, resource, tools, madeLagMs, stage } = teaching;
  const isCreate = operation.role === 'create';
  return {
    operation,
    resource,
    scope,
    *act(within) {
      const own = isCreate ? cousin(resource, within, tools) : within;
      return yield* send('preflight control', outgoing(operation, own, { key: tools.key() }));
    },
    *twin() {
      const other = yield* stage();
      if (madeLagMs > 0) yield* later('preflight pause', 3 * madeLagMs);
      return other;
    },
    readyAgain: teaching.readyBy.length === 0 ? null : within => readied(teaching, within),
    sibling: isCreate || resource.parents.length === 0 ? null : within => siblingOf(teaching, within),
  };
}

function isRefused(reason: Trouble['reason']): boolean {
  return reason === 'setup-create-failed' || reason === 'setup-body-refused';
}

/** Whether the operations that come before another one could be done once more on the same resource. */
function* readied({ resource, readyBy, tools }: Teaching, scope: Scope): Probe<boolean> {
  try {
    yield* ready(resource, scope, readyBy, tools);
    return true;
  } catch (error) {
    if (error instanceof Trouble && isRefused(error.reason)) return false;
    throw error;
  }
}

/** A resource below the same parents, in a state that permits the operation; `null` when it is refused. */
function* siblingOf({ resource, readyBy, tools, madeLagMs }: Teaching, scope: Scope): Probe<Scope | null> {
  const { create } = resource;
  if (create === null) return null;
  const near = cousin(resource, scope, tools);
  const made = yield* send('preflight sibling', outgoing(create, near, { key: tools.key() }));
  const id = idIn(resource, near, made);
  if (!isSuccess(made) || id === null) return null;
  if (madeLagMs > 0) yield* later('preflight pause', 3 * madeLagMs, made.endAtUs);
  return yield* ready(resource, withValues(near, { id, ...create.capture(made.response) }), readyBy, tools);
}

/** A scope below the same parents, with a new marker and no id but one that the client chooses. */
export function cousin(resource: Resource, scope: Scope, tools: Arranger): Scope {
  const inherited = Object.fromEntries(Object.entries(scope.values).filter(([name]) => name !== 'id'));
  return withOwnId(resource, withValues(tools.fresh(), inherited));
}
