import type { Subject } from '../../../core/check.js';
import type { Contract } from '../../../core/contract.js';
import { exchangeOf, type Evidence } from '../../../core/evidence.js';
import { header, isSuccess, type Answered, type Exchange } from '../../../core/http.js';
import { fail, findings, inconclusive, note, pass, suspect, warn, type Verdict } from '../../../core/verdict.js';
import { hasAnswer, lostAnswer } from '../../lib/http/answers.js';
import { carriesId } from '../../lib/http/mentions.js';
import { isCrash, isRefusal, listed, voided } from '../../lib/http/statuses.js';
import { ignoredPaths, likeness } from '../../lib/json/likeness.js';
import { stillPending } from '../../lib/judging/doubled.js';
import { found } from '../../lib/judging/found.js';

/** Statuses by which an API says "that was done before" instead of repeating its answer (GoCardless, Primer, DOKU). */
const CONFLICTS: readonly number[] = [400, 409, 422];

type Code =
  'different-id' | 'different-answer' | 'refused' | 'conflict-answer' | 'crashed' | 'status-changed' | 'reformatted';

type NoteCode = 'current-state' | 'stored-answer' | 'volatile-differs' | 'not-compared' | 'was-in-flight';

/** What may be said of a repeat. */
export type Judged = Verdict<Code, NoteCode>;

/** The steps that are judged. */
type Steps = Evidence<'state'>;

/** What a repeat is, held against the first answer. */
export function compared(target: Subject, evidence: Steps, first: Answered, replay: Exchange | undefined): Judged {
  if (!hasAnswer(replay)) return lostAnswer(replay);
  const { status } = replay.response;
  const voidReplay = voided(replay);
  if (voidReplay !== null) return voidReplay;
  if (isCrash(status)) return found(suspect('crashed', { status }, [replay]));
  if (isRefusal(status)) return refusal(target, evidence, first, replay);
  return isSuccess(replay) ? success(target, evidence, first, replay) : redirect(target, first, replay);
}

function refusal(target: Subject, evidence: Steps, first: Answered, replay: Answered): Judged {
  const { replayMode, replayStatuses } = target.operation.contract;
  const { status } = replay.response;
  if (isConflictDue(target.operation.contract, status)) {
    return replayMode === 'conflict-with-id' ? withId(target, first, replay) : pass();
  }
  if (replayMode !== 'unknown') {
    const expected = replayMode.startsWith('conflict') ? listed(conflictsOf(target.operation.contract)) : 'a 2xx';
    return found(fail('refused', { status, expected }, [first, replay], { basis: 'declared' }));
  }
  if (replayStatuses.includes(status)) return pass();
  if (first.response.status === 202) return stillPending(evidence);
  if (CONFLICTS.includes(status)) return found(warn('conflict-answer', { status }, [first, replay]));
  const refused = status === 401 || status === 403 ? suspect : fail;
  return found(refused('refused', { status, expected: 'the first answer' }, [first, replay]));
}

function conflictsOf({ replayMode, replayStatuses }: Contract): readonly number[] {
  if (replayStatuses.length > 0) return replayStatuses;
  return replayMode === 'conflict-with-id' ? [409] : CONFLICTS;
}

function isConflictDue(contract: Contract, status: number): boolean {
  return contract.replayMode.startsWith('conflict') && conflictsOf(contract).includes(status);
}

function withId({ resource, operation }: Subject, first: Answered, replay: Answered): Judged {
  const id = resource.id.of(first.response);
  if (id === null) return inconclusive('setup-no-id', { operation: operation.name });
  if (resource.id.of(replay.response) === id || carriesId(replay.response, id)) return pass();
  const args = { status: replay.response.status, expected: `a conflict that names ${id}` };
  return found(fail('refused', args, [first, replay], { basis: 'declared' }));
}

function redirect({ operation, resource }: Subject, first: Answered, replay: Answered): Judged {
  const { status } = replay.response;
  if (operation.contract.replayStatuses.includes(status)) return pass();
  const id = resource.id.of(first.response);
  const isSame = sameLocation(first, replay) || (id !== null && carriesId(replay.response, id));
  if (isSame) return found(warn('status-changed', { first: first.response.status, second: status }, [first, replay]));
  return found(warn('different-answer', { status }, [first, replay]));
}

function success(target: Subject, evidence: Steps, first: Answered, replay: Answered): Judged {
  const names = namesOf(target, first, replay);
  const { status } = replay.response;
  if (names.kind === 'different') {
    if (first.response.status === 202 || status === 202) return stillPending(evidence);
    // What the id in an action's answer stands for is not known.
    const level = target.operation.role === 'create' ? 'fail' : 'warn';
    return found(fail('different-id', { first: names.first, second: names.second }, [first, replay], { level }));
  }
  if (names.kind === 'dropped') return found(fail('different-answer', { status }, [first, replay]));
  const body = bodyVerdict(target, evidence, first, replay, names.kind === 'same');
  return body.verdict === 'pass' ? formVerdict(target.operation.contract, first, replay, body) : body;
}

/** What the two answers say the operation made: the id, else the Location of a create. */
type Names =
  | { readonly kind: 'same' | 'none' | 'dropped' }
  | { readonly kind: 'different'; readonly first: string; readonly second: string };

function namesOf({ operation, resource }: Subject, first: Answered, replay: Answered): Names {
  const [one, two] = [first, replay].map(({ response }) => resource.id.of(response));
  if (typeof one === 'string' && typeof two === 'string') return pairOf(one, two);
  if (typeof one === 'string') return { kind: 'dropped' };
  const [from, to] = [first, replay].map(({ response }) => header(response, 'location'));
  const isPlace = operation.role === 'create' && typeof from === 'string' && typeof to === 'string';
  return isPlace ? pairOf(from, to) : { kind: 'none' };
}

function pairOf(first: string, second: string): Names {
  return first === second ? { kind: 'same' } : { kind: 'different', first, second };
}

function sameLocation(first: Answered, second: Answered): boolean {
  const location = header(first.response, 'location');
  return location !== null && location === header(second.response, 'location');
}

function bodyVerdict(target: Subject, evidence: Steps, first: Answered, replay: Answered, isSameId: boolean): Judged {
  const ignored = ignoredPaths(evidence.preflight, target.resource);
  switch (likeness(first.response, replay.response, ignored)) {
    case 'bytes':
      return isSameId || replay.response.body !== '' ? pass() : inconclusive('response-consistent');
    case 'json':
      return pass();
    case 'volatile':
      return isSameId ? pass([note('volatile-differs')]) : inconclusive('response-consistent');
    case 'unreadable':
      return isSameId ? pass([note('not-compared')]) : inconclusive('response-consistent');
    case 'other':
      return isSameId
        ? otherBody(target, evidence, first, replay, ignored)
        : found(fail('different-answer', { status: replay.response.status }, [first, replay]));
  }
}

/** The right id in another body: the present state, or nothing that anybody promised. */
function otherBody(
  { operation }: Subject,
  evidence: Steps,
  first: Answered,
  replay: Answered,
  ignored: readonly string[],
): Judged {
  const { replayMode } = operation.contract;
  const { status, body } = replay.response;
  if (replayMode === 'same') return found(fail('different-answer', { status }, [first, replay], { basis: 'declared' }));
  if (replayMode === 'current-state') return pass([note('current-state')]);
  if (body === '') return found(fail('different-answer', { status }, [first, replay]));
  const state = exchangeOf(evidence, 'state');
  const isCurrent =
    state !== undefined && isSuccess(state) && likeness(state.response, replay.response, ignored) !== 'other';
  if (isCurrent || first.response.status === 202) return pass([note('current-state')]);
  return found(warn('different-answer', { status }, [first, replay]));
}

/** The right content: whether status and bytes are those of the first answer too. */
function formVerdict(
  contract: Contract,
  first: Answered,
  replay: Answered,
  body: Judged & { verdict: 'pass' },
): Judged {
  const { replayMode, replayStatuses } = contract;
  const [one, two] = [first.response.status, replay.response.status];
  if (replayMode.startsWith('conflict')) {
    return pass([...body.notes, note('status-outside', { status: two, expected: listed(conflictsOf(contract)) })]);
  }
  if (replayMode === 'current-state' || body.notes.some(({ code }) => code === 'current-state')) return body;
  const isReformatted = likeness(first.response, replay.response, []) === 'json';
  return (
    findings([
      one !== two &&
        !replayStatuses.includes(two) &&
        warn('status-changed', { first: one, second: two }, [first, replay]),
      isReformatted && warn('reformatted', {}, [first, replay]),
    ]) ?? body
  );
}
