import { outgoing } from '../../core/arrange.js';
import { isSuccess, statusOf, type Exchange } from '../../core/http.js';
import type { World, WorldRead } from '../../core/reading.js';
import type { Resource } from '../../core/resource.js';
import type { Counted } from '../../core/step.js';
import { ask, uncounted, type Count, type Oracle, type OracleAnswer, type OracleStep } from '../oracle.js';
import { tallyOf } from './count.js';
import { reducedTo, showsEffect, type Lesson } from './lesson.js';
import { MOST_READS, namedReads, operationNamed, readsFor, readsResource, scopeOf, type ViewRead } from './reads.js';
import { membersOf, namesScope, parsed } from './world.js';

/**
 * Counts effects by what the API's own reads show to have moved since an earlier reading, held against what one
 * operation was seen to do (`lesson`). Without a lesson it reads everything around the resource and counts nothing: so
 * the preflight learns one.
 */
export function viewOracle(resources: readonly Resource[], lesson: Lesson | null): Oracle {
  return {
    kind: 'view',
    *read(counted) {
      if (lesson !== null && !showsEffect(lesson)) return uncounted('view', nothingMoved(lesson));
      const look = yield* lookAgain(counted, resources, lesson);
      if (lesson === null) {
        const left =
          look.left === 0 ? null : `of ${MOST_READS + look.left} reads around it only ${MOST_READS} were looked at`;
        return { ...uncounted('view', left ?? ''), trouble: left, world: look.world };
      }
      const world = reducedTo(lesson, look.world);
      return { ...countIn(counted, lesson, world, look.failed), world };
    },
  };
}

/** What a look at the reads of a view brought. */
interface Look {
  readonly world: World;
  /** Why a read showed nothing; `null` = all of them did. */
  readonly failed: string | null;
  /** Reads left out because there are too many. */
  readonly left: number;
}

function countIn({ since, seen }: Counted, lesson: Lesson, world: World, failed: string | null): Count {
  if (failed !== null) return uncounted('view', failed);
  if (since === null && seen.length === 0) return { ...uncounted('view', ''), count: 0, trouble: null };
  if (since?.world === undefined) return uncounted('view', 'the reading to count from did not come about');
  const missing = reducedTo(lesson, since.world).length !== new Set(lesson.watched.map(({ read }) => read)).size;
  if (missing) return uncounted('view', 'the reading to count from did not come about');
  return { kind: 'view', ids: [], value: null, ...tallyOf(lesson, since.world, world) };
}

/** Reads what the earlier reading read, at the same addresses; without one what is around the scope. */
function* lookAgain(
  counted: Counted,
  resources: readonly Resource[],
  lesson: Lesson | null,
): Generator<OracleStep, Look, OracleAnswer> {
  const known = counted.since?.world;
  if (known === undefined) return yield* lookAround(counted, resources, lesson);
  const reads = known.flatMap(({ name, at }): ViewRead[] => {
    const operation = operationNamed(name, resources);
    return operation === null ? [] : [{ name, operation, at }];
  });
  const { world, failed } = yield* lookAt(counted, reads);
  return { world, failed: lesson === null ? null : failed, left: 0 };
}

function* lookAround(
  counted: Counted,
  resources: readonly Resource[],
  lesson: Lesson | null,
): Generator<OracleStep, Look, OracleAnswer> {
  const { resource, scope } = counted;
  const watched = lesson === null ? null : new Set(lesson.watched.map(({ read }) => read));
  const isWanted = ({ name }: ViewRead) => watched === null || watched.has(name);
  const around = readsFor(counted.operation, resource, resources, scope);
  const areNamed = watched === null || [...watched].some(name => name.includes(' by '));
  const own = around.find(({ name }) => name === resource.read?.name);
  const first = around.filter(read => isWanted(read) || (areNamed && read === own));
  const near = yield* lookAt(counted, first.slice(0, MOST_READS));
  const ownAnswer = near.exchanges.get(own?.name ?? '');
  const documents = [
    bodyOf(counted),
    ownAnswer !== undefined && isSuccess(ownAnswer) ? parsed(ownAnswer.response.body) : null,
  ];
  const named = areNamed ? namedReads(resource, resources, documents).filter(isWanted) : [];
  const far = yield* lookAt(counted, named.slice(0, Math.max(0, MOST_READS - first.length)));
  return {
    world: [...near.world, ...far.world],
    failed: watched === null ? null : (near.failed ?? far.failed),
    left: Math.max(0, first.length + named.length - MOST_READS),
  };
}

function* lookAt(
  { resource, scope }: Counted,
  reads: readonly ViewRead[],
): Generator<
  OracleStep,
  { readonly world: World; readonly failed: string | null; readonly exchanges: ReadonlyMap<string, Exchange> },
  OracleAnswer
> {
  const world: WorldRead[] = [];
  const exchanges = new Map<string, Exchange>();
  let failed: string | null = null;
  for (const read of reads) {
    const request = outgoing(read.operation, scopeOf(read, scope));
    const exchange = yield* ask(request);
    exchanges.set(read.name, exchange);
    const isOwn = namesScope(request.request.path, scope);
    const isOfResource = readsResource(resource, read.operation.name);
    const members = membersIn(exchange, { scope, isOwn, isOfResource });
    if (members !== undefined) world.push({ name: read.name, at: read.at, members });
    else failed ??= `${read.operation.name} was answered with ${statusOf(exchange) ?? exchange.lost ?? 'no JSON'}`;
  }
  return { world, failed, exchanges };
}

/** What an answer shows; `null` = that nothing is there, `undefined` = nothing that can be compared. */
function membersIn(exchange: Exchange, place: Parameters<typeof membersOf>[1]): WorldRead['members'] | undefined {
  const status = statusOf(exchange);
  if (status === 404 || status === 410) return null;
  return isSuccess(exchange) ? (membersOf(exchange.response, place) ?? undefined) : undefined;
}

/** The body the operation goes out with, as far as it can be built before. */
function bodyOf({ operation, scope }: Counted): unknown {
  try {
    return parsed(operation.build(scope).body ?? '');
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function nothingMoved({ looked, limits, watched }: Lesson): string {
  const what = watched.length === 0 ? 'nothing' : 'nothing but what moves anyway';
  const where = looked.length === 0 ? 'there is no read around it' : `${what} moved in ${looked.join(', ')}`;
  const advice = 'give the action an "effect", or the resource a list or a count';
  return `${where}${limits === null ? '' : ` (${limits})`}: ${advice}`;
}
