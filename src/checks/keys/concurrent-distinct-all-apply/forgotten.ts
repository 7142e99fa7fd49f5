import { outgoing } from '../../../core/arrange.js';
import type { Subject, Tools } from '../../../core/check.js';
import { exchangesOf, readingOf, roundsOf, type Evidence } from '../../../core/evidence.js';
import { isSuccess, type Exchange } from '../../../core/http.js';
import type { Outgoing } from '../../../core/resource.js';
import type { Scope } from '../../../core/scope.js';
import { effects, later, send } from '../../../core/step.js';
import { fail, type Finding } from '../../../core/verdict.js';
import { hasAnswer } from '../../lib/http/answers.js';
import { countOf } from '../../lib/judging/counting.js';
import { isDoubled } from '../../lib/judging/doubled.js';
import { sibling } from '../../lib/steps/stage.js';

type Target = Pick<Subject, 'operation' | 'resource'>;

/** A create under a key, to be repeated when many others have come. */
interface Planted {
  readonly scope: Scope;
  readonly request: Outgoing;
  readonly first: Exchange;
}

/**
 * Sends a create under a key, and at once again to see that the key is heeded; `null` where there is none, or its records
 * could not be told from those of the rounds.
 */
export function* plant({ operation, resource }: Target, shared: Scope, tools: Tools) {
  if (operation.contract.key === null || !operation.marked) return null;
  const scope = sibling(resource, shared, tools);
  const request = outgoing(operation, scope, { key: tools.key() });
  const first = yield* send('planted', request);
  if (!isSuccess(first)) return null;
  yield* later('pause', Math.max(tools.preflight.lagMs, 100));
  yield* send('planted again', request);
  return { scope, request, first };
}

/** Sends it once more, and counts what came of it. */
export function* repeated({ operation, resource }: Target, { scope, request, first }: Planted) {
  const late = yield* send('planted late', request);
  yield* effects('planted effects', { resource, operation, scope, seen: [first, late] });
}

/** The last repeat was executed, which the one straight after the first was not: a store that forgets under traffic. */
export function forgotten(
  { resource }: Target,
  evidence: Evidence<'planted' | 'planted again' | 'planted late' | 'planted effects' | 'race'>,
): Finding<'forgotten-in-traffic'> | null {
  const [first, again, late] = exchangesOf(evidence, 'planted', 'planted again', 'planted late');
  const reading = readingOf(evidence, 'planted effects');
  if (!hasAnswer(first) || !hasAnswer(again) || !hasAnswer(late)) return null;
  const [id, same, other] = [first, again, late].map(({ response }) => resource.id.of(response));
  const isHeeded = typeof id === 'string' && id === same && typeof other === 'string' && other !== id;
  if (!isHeeded || !isDoubled(reading, [first, late])) return null;
  const others = roundsOf(evidence, 'race').flat().length;
  return fail('forgotten-in-traffic', { count: countOf(reading), others }, [first, again, late]);
}
