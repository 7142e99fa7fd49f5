import { arrange, make, outgoing, ready, refused, type Arranger } from '../core/arrange.js';
import { followed } from '../core/follow.js';
import { isSuccess, type Exchange } from '../core/http.js';
import type { Operation } from '../core/operation.js';
import type { Reading } from '../core/reading.js';
import type { Resource } from '../core/resource.js';
import type { Scope } from '../core/scope.js';
import { effects, effectsOf, later, send, type Counted, type Probe } from '../core/step.js';
import { isCountable, type Lesson } from '../oracle/view/lesson.js';
import { cousin, learnActed, learnBeside } from './pupil.js';
import { lookedForMs, readableAfter, VISIBLE_WITHIN_MS } from './readable-after.js';
import { findReadyBy, isTooEarly } from './ready-by.js';
import { isStill, movedBy } from './still.js';
import { answerIn, volatilePaths } from './volatile.js';

/** What the preflight of one operation saw. `oracle` is the index of the way of counting that worked, -1 for none. */
export interface PreflightSeen {
  readonly oracle: number;
  readonly countsToTwo: boolean;
  /** The list does not show the marker of its records. */
  readonly omitsMarker?: boolean;
  /** What one effect moves a number by. */
  readonly unit: number | null;
  /** The number moved while nothing was written: others move it too, and it counts nothing. */
  readonly isUnsteady?: boolean;
  /** What one effect does to what the API's own reads show, where that was looked at. */
  readonly lesson: Lesson | null;
  /** Operations that the state of a new resource needs before this one. */
  readonly readyBy: readonly string[];
  /** Status with which a second one was refused, where the state may be why. */
  readonly secondRefused?: number | undefined;
  /** A create was followed to its record. */
  readonly finishesLater?: boolean;
  readonly lagMs: number;
  readonly latenciesMs: readonly number[];
  readonly volatile: readonly string[];
}

/** How the preflight selects the way of counting its next readings use. */
export type SelectOracle = (index: number) => void;

/** An operation with its resource, and the operations that must come before it. */
interface Tried {
  readonly operation: Operation;
  readonly resource: Resource;
  readonly readyBy?: readonly string[];
}

/**
 * Preflight of an operation (catalogue 1.0, P0): it works alone, its effect becomes visible and after how long, two
 * different operations are two effects, which fields change by themselves, how long it takes. One that a new resource
 * does not permit is tried after the other actions of its resource. Throws Trouble when the operation cannot be judged
 * at all.
 */
export function* preflight(
  tried: Tried,
  tools: Arranger,
  oracles: number,
  useOracle: SelectOracle,
): Probe<PreflightSeen> {
  const { operation, resource, readyBy = [] } = tried;
  const isCreate = operation.role === 'create';
  const { scope, lagMs: madeLagMs } = yield* staged(tried, tools);
  const before: Reading[] = [];
  for (let index = 0; index < oracles; index++) {
    useOracle(index);
    before.push(yield* effects('preflight before', { resource, operation, scope, seen: [] }, 'now'));
  }
  const view = before.findIndex(({ kind }) => kind === 'view');
  const early = isCreate ? undefined : before[view];
  if (early !== undefined) useOracle(view);
  const quiet =
    early && (yield* effects('preflight before', { resource, operation, scope, seen: [], since: early }, 'now'));
  const first = yield* send('preflight first', outgoing(operation, scope, { key: tools.key() }));
  if (!isSuccess(first)) {
    const found = readyBy.length === 0 && isTooEarly(first) ? yield* findReadyBy(operation, resource, tools) : null;
    if (found === null) throw refused(operation, first);
    return yield* preflight({ ...tried, readyBy: found }, tools, oracles, useOracle);
  }
  const made = isCreate ? yield* madeAfter(tried, scope, first) : { lagMs: madeLagMs, finishesLater: false };
  const { lagMs: ownLagMs, finishesLater } = made;
  const counted = { resource, operation, round: 0, scope, seen: [first], since: null };

  const seen = yield* counting(counted, before, ownLagMs, tools, useOracle);
  if (view < 0 || (seen.oracle >= 0 && !isCreate)) return { ...seen, readyBy, finishesLater };
  useOracle(view);
  const stage = () => scopeFor(tried, tools);
  const teaching = { operation, resource, readyBy, tools, madeLagMs, stage };
  if (early === undefined || quiet === undefined) {
    const beside = yield* learnBeside(teaching, scope, seen.lagMs);
    return {
      ...seen,
      readyBy,
      finishesLater,
      lesson: beside?.lesson ?? null,
      lagMs: Math.max(seen.lagMs, beside?.lagMs ?? 0),
    };
  }
  const { lesson, lagMs, exchanges, twin, secondRefused } = yield* learnActed(teaching, scope, [early, quiet], first);
  // Where the state permits the operation once, its twin's answer tells which fields change by themselves.
  const twins = twin === null || exchanges.length > 0 ? [] : answerIn(twin.scope, twin.exchange);
  return {
    ...seen,
    oracle: view,
    countsToTwo: isCountable(lesson),
    lesson,
    readyBy,
    secondRefused,
    lagMs: Math.max(ownLagMs, lagMs),
    latenciesMs: [first, ...exchanges].map(latencyMs),
    volatile: volatilePaths([...answerIn(scope, first), ...exchanges.filter(isSuccess), ...twins]),
  };
}

/** Milliseconds until what a create made is finished and can be read, and whether its record was followed for it. */
function* madeAfter({ operation, resource }: Tried, scope: Scope, first: Exchange) {
  const { endAtUs, shown } = yield* followed({ resource, create: operation, scope }, first);
  if (endAtUs === first.endAtUs) return { lagMs: yield* readableAfter(resource, scope, first), finishesLater: false };
  return { lagMs: (endAtUs - first.endAtUs) / 1000, finishesLater: shown === first };
}

/** A fresh scope in which an operation can be sent. */
function* scopeFor(tried: Tried, tools: Arranger): Probe<Scope> {
  return (yield* staged(tried, tools)).scope;
}

/** A scope in which an operation can be sent, and how long it took until its resource could be read, milliseconds. */
export function* staged(
  { operation, resource, readyBy = [] }: Tried,
  tools: Arranger,
): Probe<{ readonly scope: Scope; readonly lagMs: number }> {
  if (operation.role === 'create') return { scope: yield* arrange(resource, tools), lagMs: 0 };
  const { scope, exchange } = yield* make(resource, tools);
  const lagMs = yield* readableAfter(resource, scope, exchange);
  return { scope: yield* ready(resource, scope, readyBy, tools), lagMs };
}

/** The first way of counting that shows the effect of the first operation, and what it makes of a second one. */
function* counting(
  counted: Counted,
  before: readonly Reading[],
  ownLagMs: number,
  tools: Arranger,
  useOracle: SelectOracle,
): Probe<Omit<PreflightSeen, 'readyBy'>> {
  const first = counted.seen.slice(0, 1);
  for (const [index, since] of before.entries()) {
    // One that counts an effect before there was any would show one whatever happens.
    if (since.kind === 'view' || (since.count ?? 0) > 0) continue;
    useOracle(index);
    const seen = yield* visible({ ...counted, since }, first[0]?.endAtUs ?? 0);
    if (seen === null) continue;
    if (seen.isPartial) return { ...unseen(first, ownLagMs), oracle: index };
    const lagMs = Math.max(seen.lagMs, ownLagMs);
    const from = { ...counted, since };
    const control = yield* secondEffect(from, { ...seen, lagMs }, tools);
    const isUnsteady = since.kind === 'number' && !(yield* isStill(from));
    return {
      oracle: index,
      omitsMarker: seen.reading.omitsMarker === true,
      countsToTwo: control.countsToTwo && !isUnsteady,
      unit: seen.unit,
      isUnsteady,
      lesson: null,
      lagMs,
      latenciesMs: [...first, ...control.exchanges].map(latencyMs),
      volatile: volatilePaths([...first, ...control.exchanges].filter(isSuccess)),
    };
  }
  return unseen(first, ownLagMs);
}

function unseen(first: readonly Exchange[], lagMs: number): Omit<PreflightSeen, 'readyBy'> {
  const learned = { latenciesMs: first.map(latencyMs), volatile: volatilePaths(first.filter(isSuccess)) };
  return { oracle: -1, countsToTwo: false, unit: null, lesson: null, lagMs, ...learned };
}

/** One effect as a way of counting saw it, how long after the answer, and what it moved a number by. */
interface Seen {
  readonly reading: Reading;
  readonly lagMs: number;
  readonly unit: number | null;
  /** A list that is not whole: nothing may stand in for what it leaves out. */
  readonly isPartial: boolean;
}

/** Looks until one effect is visible; `null` when this way of counting does not see it in time. */
function* visible(counted: Counted, sinceUs: number): Probe<Seen | null> {
  for (let look = 0; ; look++) {
    const reading = yield* effects('preflight visible', counted, 'now');
    const moved = reading.kind === 'number' ? movedBy(counted.since, reading) : null;
    const lastLookMs = lookedForMs(look);
    if ((reading.count ?? 0) >= 1 || (moved !== null && moved !== 0)) {
      return { reading, lagMs: look === 0 ? 0 : lastLookMs, unit: moved, isPartial: false };
    }
    const isLate = reading.kind === 'number' || reading.lacks === 'records';
    const isHopeless = reading.trouble !== null && !isLate && look >= 3;
    if (isHopeless || lastLookMs >= VISIBLE_WITHIN_MS) {
      return reading.lacks === undefined ? null : { reading, lagMs: 0, unit: null, isPartial: true };
    }
    yield* later('preflight pause', lookedForMs(look + 1), sinceUs);
  }
}

interface Control {
  readonly countsToTwo: boolean;
  readonly exchanges: readonly Exchange[];
}

/**
 * A second, different operation must be a second effect. First the same body under another key (so that only what
 * changes by itself differs), then the variant, then a body of another marker.
 */
function* secondEffect(counted: Counted, one: Seen, tools: Arranger): Probe<Control> {
  const { operation, resource } = counted;
  const exchanges: Exchange[] = [];
  const sameScope = resource.id.chosenBy === 'server' || operation.role !== 'create';
  const hasUnique = (operation.unique?.length ?? 0) > 0;
  const tries: readonly { readonly scope: Scope; readonly payload: 'body' | 'changed' }[] = [
    ...(sameScope && !hasUnique ? [{ scope: counted.scope, payload: 'body' as const }] : []),
    ...(sameScope && !hasUnique && operation.payloads.has('changed')
      ? [{ scope: counted.scope, payload: 'changed' as const }]
      : []),
    ...(operation.role === 'create'
      ? [{ scope: cousin(resource, counted.scope, tools), payload: 'body' as const }]
      : []),
  ];
  for (const { scope, payload } of tries) {
    const exchange = yield* send('preflight control', outgoing(operation, scope, { payload, key: tools.key() }));
    if (!isSuccess(exchange)) continue;
    exchanges.push(exchange);
    const isOwn = scope === counted.scope;
    const counts: readonly Counted[] = isOwn
      ? [{ ...counted, seen: [...counted.seen, exchange] }]
      : [counted, { ...counted, scope, seen: [exchange], round: 1 }];
    if (yield* reachesTwo(counts, one, exchange.endAtUs)) return { countsToTwo: true, exchanges };
  }
  return { countsToTwo: false, exchanges };
}

function* reachesTwo(counted: readonly Counted[], { unit, lagMs }: Seen, sinceUs: number): Probe<boolean> {
  for (let look = 0; lookedForMs(look) <= VISIBLE_WITHIN_MS / 4 + 2 * lagMs; look++) {
    const readings = yield* effectsOf('preflight two', counted, 'now');
    if (readings.reduce((sum, { count }) => sum + (count ?? 0), 0) >= 2 && areDistinct(counted, readings)) return true;
    const moved = movedBy(counted[0]?.since ?? null, readings[0]);
    if (moved !== null && unit !== null && moved === 2 * unit) return true;
    yield* later('preflight pause', lookedForMs(look + 1), sinceUs);
  }
  return false;
}

/** Two records under two scopes are two by ids as well; one record seen twice is not. */
function areDistinct(counted: readonly Counted[], readings: readonly Reading[]): boolean {
  if (counted.length < 2) return true;
  const ids = readings.flatMap(reading => reading.ids);
  return new Set(ids).size === ids.length;
}

function latencyMs({ sentAtUs, endAtUs }: Exchange): number {
  return sentAtUs === null ? 0 : (endAtUs - sentAtUs) / 1000;
}
