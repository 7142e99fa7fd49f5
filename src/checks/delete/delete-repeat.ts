import { make, outgoing } from '../../core/arrange.js';
import { defineCheck, skip, type Subject, type Tools } from '../../core/check.js';
import type { Contract } from '../../core/contract.js';
import { allOf, exchangeOf, lastOf, type Evidence } from '../../core/evidence.js';
import { isSuccess, statusOf, type Answered, type Exchange } from '../../core/http.js';
import type { Operation } from '../../core/operation.js';
import { withValues } from '../../core/scope.js';
import { later, send } from '../../core/step.js';
import { seen } from '../../core/trait.js';
import { fail, inconclusive, note, pass, suspect, warn, type Verdict } from '../../core/verdict.js';
import { hasAnswer, lostAnswer, needsSuccess, present } from '../lib/http/answers.js';
import { cachedBy, isAbsent, isPresent } from '../lib/http/state.js';
import { isCrash, listed, voided } from '../lib/http/statuses.js';
import { unlike } from '../lib/http/unlike.js';
import { underVersion } from '../lib/http/version.js';
import { duration } from '../lib/judging/duration.js';
import { movedAgain } from '../lib/judging/elsewhere.js';
import { found } from '../lib/judging/found.js';
import { countElsewhere, lookElsewhere } from '../lib/steps/elsewhere.js';
import { attempt, settle } from '../lib/steps/writing.js';

/** Looks for the resource after a DELETE that was only accepted (202), milliseconds since its answer. */
const LOOKS_MS: readonly number[] = [500, 1500, 3000, 5000];

/** Answers to an id of our own making that say no more than that it is no id here, or not for us. */
const NO_SUCH_ID: readonly number[] = [400, 403, 422];

export const deleteRepeat = defineCheck({
  id: 'delete-repeat',
  group: 'delete',
  title: 'A second DELETE does no harm',
  severity: 'high',
  basis: 'must',
  refs: ['RFC 9110 section 9.2.2', 'RFC 9110 section 9.3.5', 'AIP-135'],
  sends:
    'Creates a resource, deletes it, reads it, sends the same DELETE again on a new connection and reads it once more. Where a DELETE was seen to move something on a parent, that is looked at before and after each. Variant never-existed: one DELETE of an id that has the shape of a real one and that was never given out.',
  judges:
    'Passes when the repeat is answered with 2xx, 404 or 410 (or what the contract lists) and the resource stays gone. Fails when the repeat crashes, again on a fresh resource, when the resource was gone and is there again in two reads, and when the repeat moved a parent once more by what the first one moved it, again on a fresh resource. Warns on any other status. The variant passes on 2xx, 404 and 410, and with a note on a 400, 403 or 422; it fails on a 500 that comes again.',
  expected: '2xx, 404 or 410, and the resource stays gone.',
  why: 'A client that lost the answer to its DELETE sends it again. That must not end in an error page, nor bring anything back.',
  fix: 'Treat "not found" as a normal outcome: answer 404 or 204 before anything dereferences the record.',
  guards: [
    'A 500 counts only when it comes again on a fresh resource; a 429, 502, 503 or 504 voids the try.',
    'Came back means absent first, then present in two reads, none of them from a cache.',
    'What a DELETE moves on a parent (a stock, a total) is learned from two lone ones; any other movement says nothing.',
    'What is still readable after the first DELETE is the matter of delete-then-get.',
    'A 412 is fine where the repeat carries the version of what is gone.',
    'The id that never existed is read first: what can be read is not deleted.',
  ],
  messages: {
    'repeat-crashed': 'The second DELETE was answered with {status}.',
    'came-back': 'The resource was gone after the first DELETE, and is back after the second.',
    'effect-repeated': 'The second DELETE did something once more. Of both together: {moved}.',
    'odd-status': 'A DELETE of something that is not there was answered with {status} where {expected} is due.',
    'never-existed-crashed': 'A DELETE of an id that never existed was answered with {status}.',
  },
  notes: {
    'still-readable': 'The resource can still be read after the first DELETE: delete-then-get judges that.',
  },
  variants: [null, 'never-existed'],

  select({ operation, resource }, variant) {
    if (operation.role !== 'delete') return skip('not the DELETE of a resource');
    if (resource.create === null) return skip('no create operation to make something to delete');
    if (variant === null && resource.read === null) return skip('no read operation to see the state with');
    return { operation, resource, read: resource.read, variant };
  },

  *probe(target, tools) {
    yield* target.variant === null ? repeated(target, tools) : unknown(target, tools);
  },

  judge(target, evidence) {
    return target.variant === null ? ofRepeat(target, evidence) : ofUnknown(target, evidence);
  },

  observe({ resource, variant }, evidence, verdict) {
    const [gone, repeat] = [lastOf(evidence, 'gone'), exchangeOf(evidence, 'repeat')];
    if (variant !== null || verdict.verdict === 'inconclusive' || !hasAnswer(repeat)) return [];
    const { status } = repeat.response;
    // A condition that failed says nothing of what is gone.
    if (!isAbsent(resource, gone) || isCrash(status) || status === 412) return [];
    return [seen('deleteMissing', status, present(exchangeOf(evidence, 'first'), gone, repeat))];
  },
});

/** The steps that are judged. */
type Steps = Evidence<
  | 'before'
  | 'first'
  | 'repeat'
  | 'gone'
  | 'after'
  | 'first version'
  | 'unknown'
  | 'never'
  | 'elsewhere once'
  | 'elsewhere after'
>;

type Target = Pick<Subject, 'operation' | 'resource'> & {
  readonly read: Operation | null;
  readonly variant: string | null;
};
type Code = 'repeat-crashed' | 'came-back' | 'effect-repeated' | 'odd-status' | 'never-existed-crashed';
type Judged = Verdict<Code, 'still-readable'>;

function* repeated({ operation, resource, read }: Target, tools: Tools) {
  if (read === null) return;
  const { scope } = yield* make(resource, tools);
  yield* settle(tools);
  const look = outgoing(read, scope);
  yield* send('before', look);
  const looked = yield* lookElsewhere({ operation, resource }, scope, tools);
  const remove = () => outgoing(operation, scope, { key: tools.key() });
  const { exchange: first, version } = yield* attempt('first', remove(), { resource, scope });
  if (!isSuccess(first)) return;
  yield* settle(tools);
  let gone = yield* send('gone', look);
  for (const ms of first.response.status === 202 ? LOOKS_MS : []) {
    if (!isPresent(resource, gone)) break;
    yield* later('pending', ms, first.endAtUs);
    gone = yield* send('gone', look);
  }
  yield* countElsewhere('elsewhere once', looked, [first]);
  const repeat = yield* send('repeat', version === null ? remove() : underVersion(remove(), resource, version));
  yield* settle(tools);
  yield* countElsewhere('elsewhere after', looked, [first, repeat]);
  const after = yield* send('after', look);
  if (!isPresent(resource, after) || !isAbsent(resource, gone)) return;
  yield* settle(tools);
  yield* send('after', look);
}

function* unknown({ operation, resource, read }: Target, tools: Tools) {
  const { scope, id } = yield* make(resource, tools);
  const other = withValues(scope, { id: unlike(id) });
  if (read !== null && isSuccess(yield* send('unknown', outgoing(read, other)))) return;
  yield* send('never', outgoing(operation, other, { key: tools.key() }));
}

function ofRepeat({ operation, resource }: Target, evidence: Steps): Judged {
  const [before, first, repeat] = [lastOf(evidence, 'before'), lastOf(evidence, 'first'), lastOf(evidence, 'repeat')];
  const unusable = voided(before, first) ?? needsSuccess(before) ?? needsSuccess(first);
  if (unusable !== null) return unusable;
  const gone = lastOf(evidence, 'gone');
  const back = allOf(evidence, 'after').filter(read => isPresent(resource, read));
  if (repeat !== undefined && isAbsent(resource, gone) && back.length > 1) {
    const cache = back.map(cachedBy).find(name => name !== null);
    if (cache !== undefined) return inconclusive('cached', { header: cache });
    return found(fail('came-back', {}, present(first, gone, repeat, ...back)));
  }
  const moved = movedAgain(evidence);
  if (moved !== null) return found(suspect('effect-repeated', { moved }, present(first, repeat)));
  if (!hasAnswer(repeat)) return lostAnswer(repeat);
  const open = voided(repeat);
  if (open !== null) return open;
  const { status } = repeat.response;
  if (isCrash(status)) return found(suspect('repeat-crashed', { status }, present(first, repeat)));
  const isVersioned = status === 412 && exchangeOf(evidence, 'first version') !== undefined;
  const odd = isVersioned ? null : oddStatus(operation.contract, status, present(first, repeat));
  return odd ?? staysGone(resource, evidence, first);
}

function oddStatus({ deleteMissing }: Contract, status: number, proof: readonly Exchange[]): Judged | null {
  const isUsual = (status >= 200 && status < 300) || status === 404 || status === 410;
  if (deleteMissing === null ? isUsual : deleteMissing.includes(status)) return null;
  const expected = deleteMissing === null ? '2xx, 404 or 410' : listed(deleteMissing);
  return found(warn('odd-status', { status, expected }, proof, deleteMissing === null ? {} : { basis: 'declared' }));
}

/** The pass: the resource was gone before the repeat and is gone after it, or never went. */
function staysGone(resource: Target['resource'], evidence: Steps, first: Exchange | undefined): Judged {
  const [gone, after] = [lastOf(evidence, 'gone'), lastOf(evidence, 'after')];
  if (!hasAnswer(gone)) return lostAnswer(gone);
  if (!hasAnswer(after)) return lostAnswer(after);
  const open = voided(gone, after);
  if (open !== null) return open;
  if (isAbsent(resource, gone) && isAbsent(resource, after)) return pass();
  if (isPresent(resource, gone)) {
    if (statusOf(first) === 202)
      return inconclusive('still-pending', { waited: duration((LOOKS_MS.at(-1) ?? 0) / 1000) });
    return isPresent(resource, after) || isAbsent(resource, after) ? pass([note('still-readable')]) : unreadable(after);
  }
  if (isAbsent(resource, gone) && isPresent(resource, after)) return inconclusive('unsteady');
  return unreadable(isAbsent(resource, gone) ? after : gone);
}

function unreadable(read: Answered) {
  return inconclusive('control-failed', { detail: `the read was answered with ${read.response.status}` });
}

function ofUnknown({ operation }: Target, evidence: Steps): Judged {
  const [look, never] = [exchangeOf(evidence, 'unknown'), exchangeOf(evidence, 'never')];
  if (look !== undefined && isSuccess(look)) {
    return inconclusive('control-failed', { detail: 'the id that should not exist can be read' });
  }
  if (!hasAnswer(never)) return lostAnswer(never);
  const open = voided(never);
  if (open !== null) return open;
  const { status } = never.response;
  if (isCrash(status)) return found(suspect('never-existed-crashed', { status }, [never]));
  const odd = oddStatus(operation.contract, status, [never]);
  if (odd === null) return pass();
  const expected = listed(operation.contract.deleteMissing ?? [404]);
  return NO_SUCH_ID.includes(status) ? pass([note('status-outside', { status, expected })]) : odd;
}
