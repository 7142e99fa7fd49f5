import { idIn, outgoing } from '../core/arrange.js';
import { isAnswered, isSuccess, type Exchange } from '../core/http.js';
import { withValues } from '../core/scope.js';
import type { Counted } from '../core/step.js';
import { ask, uncounted, type Count, type Oracle, type OracleAnswer, type OracleStep } from './oracle.js';

/**
 * Counts the distinct ids that successful answers showed; of several, those that can be read. Two are proof; one is not,
 * where an answer that was lost or an error may hide another.
 */
export const identityOracle: Oracle = {
  kind: 'identity',
  *read(counted) {
    const ids = idsIn(counted);
    if (counted.seen.some(isSuccess) && ids.length === 0) return uncounted('identity', 'no answer holds an id');
    const live = ids.length > 1 ? yield* liveOf(counted, ids) : ids;
    if (live.length < 2 && counted.seen.some(mayHideEffect)) {
      return uncounted(
        'identity',
        'an answer was lost or an error, and ids are all there is to tell effects by: give the resource a list or a count',
      );
    }
    return { kind: 'identity', count: live.length, ids: live, value: null, trouble: null } satisfies Count;
  },
};

/** Whether a request may have taken effect and shows no id of it. */
function mayHideEffect(exchange: Exchange): boolean {
  return isAnswered(exchange) ? exchange.response.status >= 500 : exchange.writtenAtUs !== null;
}

/** The distinct ids the seen exchanges show, in order of appearance. */
export function idsIn({ resource, scope, seen }: Counted): readonly string[] {
  const ids = seen.filter(isSuccess).map(exchange => idIn(resource, scope, exchange));
  return [...new Set(ids.filter(id => id !== null))];
}

/** Those of several ids that the API can read back; all of them where it has no read operation. */
export function* liveOf(
  { resource, scope }: Counted,
  ids: readonly string[],
): Generator<OracleStep, readonly string[], OracleAnswer> {
  if (resource.read === null) return ids;
  const live: string[] = [];
  for (const id of ids) {
    const exchange = yield* ask(outgoing(resource.read, withValues(scope, { id })));
    if (isSuccess(exchange)) live.push(id);
  }
  return live;
}
