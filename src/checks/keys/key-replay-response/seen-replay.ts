import type { Subject } from '../../../core/check.js';
import { exchangesOf, type Evidence } from '../../../core/evidence.js';
import { isSuccess, type Answered, type Exchange } from '../../../core/http.js';
import { seen, type Trait } from '../../../core/trait.js';
import { hasAnswer, present } from '../../lib/http/answers.js';
import { carriesId } from '../../lib/http/mentions.js';
import { changedFields, ignoredPaths, likeness } from '../../lib/json/likeness.js';
import { isNaturallyUnique } from '../../lib/steps/made.js';

/** Statuses by which a repeat is called a conflict. */
const CONFLICTS: readonly number[] = [400, 409, 422];

/** What the steps of `key-replay-response` show of repeats: that the key is heeded, and how a repeat is answered. */
export function replayTraits(
  target: Subject,
  evidence: Evidence<'first' | 'replay' | 'retry' | 'state' | 'state-after' | 'replay-after-change'>,
): readonly Trait[] {
  const [first, replay, retry] = exchangesOf(evidence, 'first', 'replay', 'retry');
  const last = retry ?? replay;
  if (!hasAnswer(first) || !isSuccess(first) || !hasAnswer(last) || isNaturallyUnique(target)) return [];
  const proof = [first, last];
  const { status } = last.response;
  if (isSuccess(last)) {
    if (!isFirstResult(target, first, last)) return [];
    return [
      ...keyTrait(target, proof),
      seen('replayStatus', status === first.response.status ? 'same' : status, proof),
      ...modeTrait(target, evidence, first),
    ];
  }
  const id = target.resource.id.of(first.response);
  if (!CONFLICTS.includes(status) || target.operation.role !== 'create' || id === null) return [];
  const conflict: Answered = last;
  const isNamed = target.resource.id.of(conflict.response) === id || carriesId(conflict.response, id);
  // Without the id it may be a refusal for the time being, or of anything else.
  if (!isNamed) return [];
  return [
    ...keyTrait(target, proof),
    seen('replayStatus', status, proof),
    seen('replayMode', 'conflict-with-id', proof),
  ];
}

/** A key is seen to be heeded where no second record was made; an action may be one that can be done twice anyway. */
function keyTrait({ operation: { contract, role } }: Subject, proof: readonly Exchange[]): readonly Trait[] {
  return contract.key === null || role !== 'create'
    ? []
    : [seen('key', `${contract.key.in} ${contract.key.name}`, proof)];
}

/** Whether the repeat names what the first request made; of an action, whether it says the same. */
function isFirstResult({ operation, resource }: Subject, first: Answered, last: Answered): boolean {
  const [one, two] = [first, last].map(({ response }) => resource.id.of(response));
  if (operation.role === 'create') return typeof one === 'string' && one === two;
  const isSame = ['bytes', 'json'].includes(likeness(first.response, last.response, []));
  return isSame && last.response.body !== '';
}

/** Stored answers are told from rendered ones by a repeat after a change, and by nothing else. */
function modeTrait(
  target: Subject,
  evidence: Evidence<'first' | 'replay' | 'retry' | 'state' | 'state-after' | 'replay-after-change'>,
  first: Answered,
): readonly Trait[] {
  const [state, after, third] = exchangesOf(evidence, 'state', 'state-after', 'replay-after-change');
  if (![state, after, third].every(one => one !== undefined && isSuccess(one))) return [];
  if (!hasAnswer(state) || !hasAnswer(after) || !hasAnswer(third)) return [];
  const ignored = ignoredPaths(evidence.preflight, target.resource);
  if (changedFields(state.response, after.response, ignored).length === 0) return [];
  const proof = present(first, state, after, third);
  if (['bytes', 'json'].includes(likeness(first.response, third.response, ignored))) {
    return third.response.body === '' ? [] : [seen('replayMode', 'same', proof)];
  }
  const isCurrent = ['bytes', 'json', 'volatile'].includes(likeness(after.response, third.response, ignored));
  return isCurrent ? [seen('replayMode', 'current-state', proof)] : [];
}
