import { outgoing } from '../../core/arrange.js';
import { defineCheck, type Subject } from '../../core/check.js';
import { exchangeOf, readingOf, type Evidence } from '../../core/evidence.js';
import { header, isSuccess, statusOf, type Answered, type Response } from '../../core/http.js';
import { effects, send } from '../../core/step.js';
import { seen } from '../../core/trait.js';
import { fail, inconclusive, note, pass, suspect, warn, type Verdict } from '../../core/verdict.js';
import { hasAnswer, lostAnswer, present } from '../lib/http/answers.js';
import { isCrash, isRefusal, listed, voided } from '../lib/http/statuses.js';
import { countOf, passCounted } from '../lib/judging/counting.js';
import { stillPending } from '../lib/judging/doubled.js';
import { found } from '../lib/judging/found.js';
import { keyedSubject, stage } from '../lib/steps/stage.js';

export const keyMissing = defineCheck({
  id: 'key-missing',
  group: 'keys',
  title: 'The key is demanded where it is required, and not where it is optional',
  severity: 'medium',
  basis: 'should',
  refs: ['draft-ietf-httpapi-idempotency-key-header-07 section 2.7 (expired)'],
  sends: 'The request without a key; if that is refused, the same request with one.',
  judges:
    'A required key: passes when the request is refused with 400 (or what the contract says) and takes no effect; fails when it goes through; warns on another refusal. An optional key: passes when the request is accepted, warns when it is refused. Where nobody said, it passes with a note of what was seen. A 5xx, again on a fresh resource, fails. Stays open when the request is refused with a key too.',
  expected: 'Without a required key a 400 and no effect; without an optional one a normal answer.',
  why: 'A client that forgets a required key is unprotected and does not know it. A client that is refused for want of an optional one cannot call at all.',
  fix: 'Refuse a request without a required key with 400 before executing it, and link the description of the key. Declare in the document whether it is required.',
  guards: [
    'A refusal counts only when the same request with a key is accepted.',
    'What nobody declared is a note, never a finding.',
    'A status that the document lists for the operation is not called odd.',
    'A 429, 502, 503 or 504 voids the try.',
  ],
  messages: {
    'accepted-without-key':
      'The key is declared required, but a request without it went through (answered with {status}).',
    'refused-though-optional': 'The key is declared optional, but a request without it was answered with {status}.',
    'odd-status': 'Without the key the request was answered with {status}, where {expected} is usual.',
    crashed: 'Without the key the request was answered with {status}.',
  },
  notes: {
    'optional-in-fact': 'Nobody said whether the key is required; a request without it is accepted ({status}).',
    'required-in-fact': 'Nobody said whether the key is required; a request without it is refused ({status}).',
    'no-description-linked': 'The refusal links no description of the key (problem+json or a Link header).',
  },

  select: keyedSubject,

  *probe({ operation, resource }, tools) {
    const scope = yield* stage({ operation, resource }, tools);
    const before = yield* effects('before', { resource, operation, scope, seen: [] }, 'now');
    const without = yield* send('without-key', outgoing(operation, scope));
    yield* effects('after', { resource, operation, scope, seen: [without], since: before });
    if (isSuccess(without)) return;
    yield* send('with-key', outgoing(operation, scope, { key: tools.key() }));
  },

  judge(target, evidence) {
    const without = exchangeOf(evidence, 'without-key');
    if (!hasAnswer(without)) return lostAnswer(without);
    const { status } = without.response;
    const voidAnswer = voided(without);
    if (voidAnswer !== null) return voidAnswer;
    const isRequired = target.operation.contract.key?.required ?? null;
    if (isRequired === true && isThrough(evidence, without)) {
      return found(fail('accepted-without-key', { status }, [without], { basis: 'declared' }));
    }
    if (isCrash(status)) return found(suspect('crashed', { status }, [without]));
    if (isSuccess(without)) return accepted(evidence, without, isRequired);
    return controlTrouble(evidence) ?? refused(target, evidence, without, isRequired);
  },

  observe(_target, evidence) {
    const without = exchangeOf(evidence, 'without-key');
    if (!hasAnswer(without)) return [];
    const after = readingOf(evidence, 'after');
    const { status } = without.response;
    if (isSuccess(without)) return after?.count === 0 ? [] : [seen('missing', 'accepted', [without])];
    const control = exchangeOf(evidence, 'with-key');
    const isDemanded = control !== undefined && isSuccess(control) && isRefusal(status);
    if (!isDemanded || countOf(after) > 0) return [];
    return [seen('missing', status, [without, control])];
  },
});

/** The steps that are judged. */
type Steps = Evidence<'after' | 'with-key'>;

type Code = 'accepted-without-key' | 'refused-though-optional' | 'odd-status' | 'crashed';
type NoteCode = 'optional-in-fact' | 'required-in-fact' | 'no-description-linked';
type Judged = Verdict<Code, NoteCode>;

/** Accepted, or refused and yet executed. */
function isThrough(evidence: Steps, without: Answered): boolean {
  return isSuccess(without) || ((statusOf(without) ?? 500) < 500 && countOf(readingOf(evidence, 'after')) >= 1);
}

function accepted(evidence: Steps, { response }: Answered, isRequired: boolean | null): Judged {
  if (readingOf(evidence, 'after')?.count === 0) {
    return response.status === 202 ? stillPending(evidence) : inconclusive('no-effect');
  }
  return pass([isRequired === null && note('optional-in-fact', { status: response.status })]);
}

/** The refusal is put down to the missing key only when the same request with one is accepted. */
function controlTrouble(evidence: Steps): Verdict<never, never> | null {
  const control = exchangeOf(evidence, 'with-key');
  if (!hasAnswer(control)) return lostAnswer(control);
  if (isSuccess(control)) return null;
  const detail = `with a key the request was answered with ${statusOf(control) ?? 0}`;
  return voided(control) ?? inconclusive('control-failed', { detail });
}

function refused(target: Subject, evidence: Steps, without: Answered, isRequired: boolean | null): Judged {
  const { documented, contract } = target.operation;
  const { status } = without.response;
  const proof = present(without, exchangeOf(evidence, 'with-key'));
  if (isRequired === false) {
    return found(warn('refused-though-optional', { status }, proof, { basis: 'declared' }));
  }
  const { statuses } = contract.missing;
  const expected = listed(statuses);
  const isUsual = statuses.includes(status);
  const isListed = documented?.statuses.includes(String(status)) ?? false;
  if (status < 400 || countOf(readingOf(evidence, 'after')) >= 1)
    return found(warn('odd-status', { status, expected }, proof));
  if (isRequired === null) return pass([note('required-in-fact', { status })]);
  if (!isUsual && !isListed) return found(warn('odd-status', { status, expected }, proof));
  return passCounted(evidence, readingOf(evidence, 'after'), [
    !isUsual && note('status-outside', { status, expected }),
    !linksDescription(without.response) && note('no-description-linked'),
  ]);
}

/** Draft section 2.7: the error body, or a Link with rel=describedby, leads to the description of the key. */
function linksDescription(response: Response): boolean {
  const type = header(response, 'content-type') ?? '';
  const link = header(response, 'link') ?? '';
  return /^application\/problem\+/i.test(type) || /rel="?describedby"?/i.test(link);
}
