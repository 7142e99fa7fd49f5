import { outgoing } from '../../core/arrange.js';
import { defineCheck, skip, type Subject, type Tools } from '../../core/check.js';
import type { Contract } from '../../core/contract.js';
import { allOf, exchangeOf, type Evidence } from '../../core/evidence.js';
import { isSuccess, statusOf, type Cut, type Exchange } from '../../core/http.js';
import type { Outgoing } from '../../core/resource.js';
import { disturbed, interrupted, later, send } from '../../core/step.js';
import { fail, inconclusive, note, pass, warn, type Verdict } from '../../core/verdict.js';
import { hasAnswer, lostAnswer, needsSuccess } from '../lib/http/answers.js';
import { isInFlight, wasCut } from '../lib/http/in-flight.js';
import { isCrash, voided } from '../lib/http/statuses.js';
import { duration } from '../lib/judging/duration.js';
import { found } from '../lib/judging/found.js';
import { actsAnew, sibling, stage } from '../lib/steps/stage.js';

const CUTS: readonly Cut[] = ['written', 'half-way'];

/** Requests that may be sent until the service is taken away under one of them. */
const MOST_UNDER_RESTART = 20;

/** Between two retries, milliseconds. */
const POLL_MS = 2_000;

/** Before the first retry, milliseconds. */
const FIRST_POLL_MS = 500;

export const keyInflightRecovers = defineCheck({
  id: 'key-inflight-recovers',
  group: 'lifetime',
  isLate: true,
  title: 'A key in flight does not stay so when its client has gone',
  severity: 'high',
  basis: 'should',
  refs: ['draft-ietf-httpapi-idempotency-key-header-07 section 2.6 (expired)'],
  sends:
    'Two requests with a key each, whose connection is closed once the request was written, and half-way through the usual latency. Each is retried after 0.5 s and then every 2 s while the answer says that the key is in flight, up to 60 s (`contract.inflightTimeout`, or `--max-wait` where it is given). A request that ended properly is repeated for comparison. Variant `restart`, with `hooks.restart`: requests with a key each, one after the other, until the restart takes the service away under one of them; that one is retried in the same way.',
  judges:
    'Passes when the keys of all requests that were cut lead to an answer within the time. Warns when that takes longer, and fails when a key is still in flight at its end. Under `restart` the same holds of the request that the restart cut short. Stays open when no request was cut short, when the run watches for less than that, when the server had always answered before the cut, and when a finished key is answered with the same status, so that nothing tells the two apart.',
  expected: 'Within a minute the retry is executed or answered as the first request was.',
  why: 'A marker that is set before the work and taken away after it stays for ever when the work is cut short. Then the retry meets 409 until somebody deletes a row by hand, and the customer pays somewhere else.',
  fix: 'Give the in-flight marker a short expiry of its own, and renew it while the work goes on; or let the work go on when the client has gone.',
  guards: [
    'A request that was answered before the cut does not count.',
    'A repeat of a finished key shows what a contract of conflicts would answer.',
    'The time is counted from the cut to the answer.',
  ],
  messages: {
    stuck: 'The key of a request that was cut short is still answered with {status} after {waited}.',
    'recovered-late': 'The key of a request that was cut short was in flight for {waited}.',
  },
  notes: { recovered: 'The longest a key stayed in flight after its request was cut short: {waited}.' },

  variants: [null, 'restart'],

  select(subject, variant) {
    if (!actsAnew(subject)) return skip('not an operation that creates or acts');
    if (subject.operation.contract.key === null) return skip('takes no idempotency key');
    if (variant === 'restart' && !subject.hooks.has('restart')) return skip('the spec has no hook `restart`');
    return { ...subject, variant };
  },

  hooks: ({ variant }) => (variant === 'restart' ? ['restart'] : []),

  *probe(subject, tools) {
    const waiting = yield* subject.variant === 'restart' ? restarted(subject, tools) : cutOff(subject, tools);
    const finished = yield* staged(subject, tools);
    yield* send('finished', finished);
    const usual = statusOf(yield* send('finished-again', finished));
    yield* watched(subject, waiting, usual, tools);
  },

  judge({ operation, variant }, evidence) {
    const unusable = needsSuccess(exchangeOf(evidence, 'finished'));
    if (unusable !== null) return unusable;
    const watches = allOf(evidence, 'cut')
      .filter(variant === 'restart' ? wasCutShort : wasCut)
      .map(cut => watchOf(operation, evidence, cut));
    if (watches.length === 0) {
      return inconclusive('control-failed', { detail: NEVER_CUT[variant === 'restart' ? 'restart' : 'client'] });
    }
    const timeout = operation.contract.inflightTimeout;
    return stuck(watches, timeout) ?? open(watches, operation.contract) ?? recovered(watches, timeout);
  },
});

/** The steps that are judged. */
type Steps = Evidence<'retry' | 'finished-again'>;

type Judged = Verdict<'stuck' | 'recovered-late', 'recovered'>;

interface Waiting {
  readonly round: number;
  readonly request: Outgoing;
  readonly sinceUs: number;
}

function* staged({ operation, resource }: Subject, tools: Tools) {
  return outgoing(operation, yield* stage({ operation, resource }, tools), { key: tools.key() });
}

const NEVER_CUT = {
  client: 'no request could be cut before it was answered',
  restart: 'the restart met no request under way: each was answered, or was never received',
};

/** Requests whose client goes away. */
function* cutOff(subject: Subject, tools: Tools) {
  const waiting: Waiting[] = [];
  for (const [round, cut] of CUTS.entries()) {
    const request = yield* staged(subject, tools);
    waiting.push({ round, request, sinceUs: (yield* interrupted('cut', request, cut, round)).endAtUs });
  }
  return waiting;
}

/** Requests under whose eyes the service is restarted; hands back the one that was under way, if one was. */
function* restarted({ operation, resource }: Subject, tools: Tools) {
  const first = yield* stage({ operation, resource }, tools);
  const requests = Array.from({ length: MOST_UNDER_RESTART }, () => {
    const scope = operation.role === 'create' ? sibling(resource, first, tools) : first;
    return outgoing(operation, scope, { key: tools.key() });
  });
  const exchanges = yield* disturbed('cut', requests, 'restart');
  return exchanges.filter(wasCutShort).flatMap(({ round, endAtUs }) => {
    const request = requests[round];
    return request === undefined ? [] : [{ round, request, sinceUs: endAtUs }];
  });
}

/** Whether the service went away under a request that it had been given. */
function wasCutShort({ lost, writtenAtUs }: Exchange): boolean {
  return lost !== null && lost !== 'timeout' && lost !== 'refused' && writtenAtUs !== null;
}

/**
 * Retries side by side until no key is in flight or patience is at its end. An answer with the status of a finished key
 * will tell no more, however often it comes.
 */
function* watched({ operation }: Subject, cut: readonly Waiting[], usual: number | null, { patienceMs }: Tools) {
  let waiting = cut;
  let nowUs = yield* later('first-poll', FIRST_POLL_MS);
  while (waiting.length > 0) {
    const still: Waiting[] = [];
    for (const one of waiting) {
      const retry = yield* send('retry', one.request, one.round);
      const isPatient = retry.endAtUs - one.sinceUs < patienceMs * 1000;
      const isOpen = isInFlight(retry, operation.contract) && statusOf(retry) !== usual;
      if (isOpen && isPatient) still.push(one);
    }
    waiting = still;
    if (waiting.length > 0) nowUs = yield* later('poll', POLL_MS, nowUs);
  }
}

/** What the retries of one cut request came to. */
interface Watch {
  readonly cut: Exchange;
  readonly last: Exchange | undefined;
  readonly isInFlight: boolean;
  /** From the cut to the last answer, seconds. */
  readonly waited: number;
}

function watchOf({ contract }: Subject['operation'], evidence: Steps, cut: Exchange): Watch {
  const last = allOf(evidence, 'retry', cut.round).at(-1);
  const usual = statusOf(exchangeOf(evidence, 'finished-again'));
  const isAsFinished = last !== undefined && statusOf(last) === usual;
  return {
    cut,
    last,
    isInFlight: last !== undefined && isInFlight(last, contract) && !isAsFinished,
    waited: last === undefined ? 0 : (last.endAtUs - cut.endAtUs) / 1_000_000,
  };
}

function stuck(watches: readonly Watch[], timeout: number): Judged | null {
  const hit = watches.find(watch => watch.isInFlight && watch.waited >= timeout);
  if (hit?.last === undefined) return null;
  const args = { status: statusOf(hit.last) ?? 0, waited: duration(hit.waited) };
  return found(fail('stuck', args, [hit.cut, hit.last]));
}

/** Why the watches decide nothing; `null` when every key led to an answer. */
function open(watches: readonly Watch[], contract: Contract): Verdict<never, never> | null {
  const still = watches.find(watch => watch.isInFlight);
  if (still !== undefined) return inconclusive('still-in-flight', { waited: duration(still.waited) });
  for (const { last } of watches) {
    if (!hasAnswer(last)) return lostAnswer(last);
    const { status } = last.response;
    const unavailable = voided(last);
    if (unavailable !== null) return unavailable;
    if (isSuccess(last)) continue;
    const detail =
      isCrash(status) || !isInFlight(last, contract)
        ? `the retry was answered with ${status}`
        : `a key in flight and a finished one are both answered with ${status}`;
    return inconclusive('control-failed', { detail });
  }
  return null;
}

function recovered(watches: readonly Watch[], timeout: number): Judged {
  const [longest] = watches.toSorted((a, b) => b.waited - a.waited);
  const waited = duration(longest?.waited ?? 0);
  if (longest?.last !== undefined && longest.waited > timeout) {
    return found(warn('recovered-late', { waited }, [longest.cut, longest.last]));
  }
  return pass([note('recovered', { waited })]);
}
