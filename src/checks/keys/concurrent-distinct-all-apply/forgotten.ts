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

/**
 * Sends it once more, and counts what came of it. Where it was executed, another key is let grow as old with none of the
 * rounds in between: one that is gone then too was forgotten for its age, which is no matter of traffic.
 */
export function* repeated({ operation, resource }: Target, { scope, request, first }: Planted, tools: Tools) {
  const late = yield* send('planted late', request);
  yield* effects('planted effects', { resource, operation, scope, seen: [first, late] });
  const ageMs = ageOf(first, late);
  if (ageMs === null || !hasAnswer(first) || !hasAnswer(late)) return;
  if (resource.id.of(late.response) === resource.id.of(first.response)) return;
  const calm = outgoing(operation, sibling(resource, scope, tools), { key: tools.key() });
  const planted = yield* send('calm', calm);
  yield* later('as old', ageMs, planted.endAtUs);
  yield* send('calm late', calm);
}

/** How old a key was when its repeat went out, milliseconds. */
function ageOf(first: Exchange, late: Exchange): number | null {
  return late.sentAtUs === null ? null : (late.sentAtUs - first.endAtUs) / 1000;
}

/**
 * The last repeat was executed, which the one straight after the first was not, nor that of a key as old with hardly any
 * traffic: a store that forgets under traffic.
 */
export function forgotten(
  { resource }: Target,
  evidence: Evidence<'planted' | 'planted again' | 'planted late' | 'planted effects' | 'calm' | 'calm late' | 'race'>,
): Finding<'forgotten-in-traffic'> | null {
  const [first, again, late] = exchangesOf(evidence, 'planted', 'planted again', 'planted late');
  const reading = readingOf(evidence, 'planted effects');
  if (!hasAnswer(first) || !hasAnswer(again) || !hasAnswer(late)) return null;
  const [id, same, other] = [first, again, late].map(({ response }) => resource.id.of(response));
  const isHeeded = typeof id === 'string' && id === same && typeof other === 'string' && other !== id;
  if (!isHeeded || !isDoubled(reading, [first, late])) return null;
  const [calm, kept] = exchangesOf(evidence, 'calm', 'calm late');
  if (!hasAnswer(calm) || !hasAnswer(kept)) return null;
  const calmId = resource.id.of(calm.response);
  if (calmId === null || resource.id.of(kept.response) !== calmId) return null;
  const others = roundsOf(evidence, 'race').flat().length;
  return fail('forgotten-in-traffic', { count: countOf(reading), others }, [first, again, late, calm, kept]);
}
