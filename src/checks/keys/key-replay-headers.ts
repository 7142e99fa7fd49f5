import { outgoing } from '../../core/arrange.js';
import { defineCheck, skip, type Subject, type Tools } from '../../core/check.js';
import type { Contract } from '../../core/contract.js';
import { exchangesOf } from '../../core/evidence.js';
import { isSuccess, statusOf, withHeader, type Answered, type Exchange } from '../../core/http.js';
import type { Outgoing } from '../../core/resource.js';
import type { Scope } from '../../core/scope.js';
import { later, send } from '../../core/step.js';
import { seen, type Trait } from '../../core/trait.js';
import { fail, findings, inconclusive, note, pass, suspect, type Finding, type Verdict } from '../../core/verdict.js';
import { hasAnswer, lostAnswer, needsSuccess, present } from '../lib/http/answers.js';
import { markOf } from '../lib/http/marks.js';
import { voided } from '../lib/http/statuses.js';
import { found } from '../lib/judging/found.js';
import { outlived } from '../lib/judging/outlived.js';
import { actsAnew, sibling, stage } from '../lib/steps/stage.js';
import { codingOf, unreadable } from './key-replay-headers/coding.js';
import { cookieVerdict } from './key-replay-headers/cookies.js';
import { KEPT, lost } from './key-replay-headers/kept-headers.js';

export const keyReplayHeaders = defineCheck({
  id: 'key-replay-headers',
  group: 'keys',
  title: 'A replay keeps the headers that carry meaning and none that carry a session',
  severity: 'medium',
  basis: 'convention',
  refs: ['RFC 9110 sections 8.4, 8.6 and 10.2.2', 'RFC 6265 section 4.1'],
  sends:
    'The request with a key, and the same bytes with the same key: once as they were, once accepting gzip. Then under another key the request accepting gzip, and where that is answered in gzip its repeat without. Where the first answer sets a cookie, the request of another key is what the cookie is held against.',
  judges:
    'Passes when the repeat has the Location, ETag, Content-Type, Content-Location, Link and Retry-After of the first answer. Warns when one is missing or (Link and Retry-After aside) another. Fails when a repeat cannot be read (no HTTP, again on a fresh resource; a Content-Length that is not its length; a Content-Encoding its bytes do not have, or that was not asked for), and when it sets a cookie of the first answer that other answers do not set. Stays open when the repeat is no replay.',
  expected: 'The headers of the first answer, framed anew, without its cookies.',
  why: 'A client that retries follows the Location and keeps the ETag of the answer it gets. A stored Set-Cookie hands one session to whoever repeats the request.',
  fix: 'Store the headers that describe the result with it (Location, ETag, Content-Type, Link). Leave out Set-Cookie, Content-Length, Content-Encoding, Date, and what proxies add.',
  guards: [
    'An ETag may differ with the content coding.',
    'A Location that ends in the same place, absolute or not, is the same.',
    'A cookie that every answer sets with the same value is a note.',
    'A coding counts only where the first answer, asked alike, had none.',
    'A 429, 502, 503 or 504 voids the try.',
  ],
  messages: {
    'header-lost': 'The repeat has no {name}; the first answer had one ({value}).',
    'header-changed': '{name} is {second} in the repeat, and was {first} in the first answer.',
    unreadable: 'The repeat cannot be read: {detail}.',
    'session-replayed': 'The repeat sets the cookie {name} with the value made for the first answer.',
  },
  notes: {
    marked: 'Replays are marked ({mark}).',
    'constant-cookie': 'Every answer sets the cookie {name} with the same value, repeats too.',
  },

  select(subject) {
    const { contract } = subject.operation;
    if (!actsAnew(subject)) return skip('not an operation that creates or acts');
    if (contract.key === null) return skip('takes no idempotency key');
    if (contract.replayMode.startsWith('conflict'))
      return skip('a repeat is answered with a conflict: nothing is replayed');
    return subject;
  },

  *probe({ operation, resource }, tools) {
    const scope = yield* stage({ operation, resource }, tools);
    const request = outgoing(operation, scope, { key: tools.key() });
    const first = yield* send('first', request);
    if (!isSuccess(first)) return;
    yield* later('pause', Math.max(tools.preflight.lagMs, 100));
    yield* send('replay', request);
    yield* send('replay-gzip', accepting(request, 'gzip'));
    const elsewhere = yield* another({ operation, resource }, scope, tools);
    const other = outgoing(operation, elsewhere, { key: tools.key() });
    const coded = yield* send('coded', accepting(other, 'gzip'));
    if (!isSuccess(coded) || codingOf(coded.response) === null) return;
    yield* later('pause', Math.max(tools.preflight.lagMs, 100));
    yield* send('decoded', other);
  },

  judge(target, evidence) {
    const [first, replay, zipped, coded, decoded] = exchangesOf(
      evidence,
      'first',
      'replay',
      'replay-gzip',
      'coded',
      'decoded',
    );
    const unusable = voided(first) ?? needsSuccess(first);
    if (unusable !== null || !hasAnswer(first)) return unusable ?? lostAnswer(first);
    const illegible = [
      unread(first, replay),
      unread(first, zipped),
      unasked(first, first, replay),
      unasked(first, coded, decoded),
    ];
    const broken = illegible.find(finding => finding !== null);
    if (broken !== undefined) return found(broken);
    if (!hasAnswer(replay)) return lostAnswer(replay);
    const voidReplay = voided(replay);
    if (voidReplay !== null) return voidReplay;
    const trouble = outlived(target.operation.contract, first, replay) ?? whyNoReplay(target, first, replay);
    if (trouble !== null) return trouble;
    const cookies = cookieVerdict(first, replay, coded);
    const mark = markOf(target.operation.contract, replay.response);
    const notes = [mark !== null && note('marked', { mark }), cookies.note];
    return findings([cookies.finding, ...KEPT.map(name => lost(target, name, first, replay))], notes) ?? pass(notes);
  },

  observe(target, evidence) {
    const [first, replay, other] = exchangesOf(evidence, 'first', 'replay', 'replay-gzip');
    const isRecognisable = hasAnswer(first) && isSuccess(first) && hasAnswer(replay) && isHeld(target, first, replay);
    return isRecognisable ? [markTrait(target.operation.contract, first, replay, other)] : [];
  },
});

function accepting(sent: Outgoing, coding: string): Outgoing {
  return { ...sent, request: withHeader(sent.request, 'Accept-Encoding', coding) };
}

/** A place for an operation of another key, with a payload of its own. */
function* another(target: Pick<Subject, 'operation' | 'resource'>, scope: Scope, tools: Tools) {
  return target.operation.role === 'create' ? sibling(target.resource, scope, tools) : yield* stage(target, tools);
}

/** The repeat cannot be read, though the first answer could. */
function unread(first: Answered, replay: Exchange | undefined): Finding<'unreadable'> | null {
  const detail = replay === undefined || unreadable(first) !== null ? null : unreadable(replay);
  if (detail === null || replay === undefined) return null;
  const described = replay.lost === null ? fail : suspect;
  return described('unreadable', { detail }, [first, replay]);
}

/** The repeat has a coding nobody asked for; a plain answer to the same kind of request shows that it could do without. */
function unasked(
  plain: Answered,
  original: Exchange | undefined,
  replay: Exchange | undefined,
): Finding<'unreadable'> | null {
  if (!hasAnswer(replay) || codingOf(plain.response) !== null) return null;
  const coding = codingOf(replay.response);
  if (coding === null) return null;
  const detail = `it is coded (Content-Encoding: ${coding}), which the client did not ask for`;
  return fail('unreadable', { detail }, present(plain, original === plain ? undefined : original, replay));
}

/** Headers are compared only where the repeat is an answer about the same thing. */
function whyNoReplay(
  { operation, resource }: Subject,
  first: Answered,
  replay: Answered,
): Verdict<never, never> | null {
  const status = statusOf(replay) ?? 0;
  if (!isSuccess(replay)) {
    return inconclusive('control-failed', {
      detail: `the repeat was answered with ${status}, not with the first result`,
    });
  }
  const [one, two] = [resource.id.of(first.response), resource.id.of(replay.response)];
  const isOther = operation.role === 'create' && one !== null && two !== null && one !== two;
  return isOther ? inconclusive('control-failed', { detail: 'the repeat was answered with another id' }) : null;
}

/** Whether the repeat is the first result given again, and not one carried out anew. */
function isHeld(target: Subject, first: Answered, replay: Answered): boolean {
  if (outlived(target.operation.contract, first, replay) !== null || whyNoReplay(target, first, replay) !== null) {
    return false;
  }
  const id = target.resource.id.of(first.response);
  return target.operation.role !== 'create' || (id !== null && id === target.resource.id.of(replay.response));
}

/** The header that repeats have and first answers have not; with its value where two repeats agree in it. */
function markTrait(contract: Contract, first: Answered, replay: Answered, other: Exchange | undefined): Trait {
  const [before, mark] = [markOf(contract, first.response), markOf(contract, replay.response)];
  if (mark === null || mark === before) return seen('marker', 'none', [first, replay]);
  const isSteady = !hasAnswer(other) || markOf(contract, other.response) === mark;
  return seen('marker', isSteady ? mark : (mark.split(':')[0] ?? mark), [first, replay]);
}
