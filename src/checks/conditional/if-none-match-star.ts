import { defineCheck } from '../../core/check.js';
import { exchangesOf, lastOf, roundsOf, type Evidence } from '../../core/evidence.js';
import { isSuccess, statusOf, withHeader, type Answered, type Exchange } from '../../core/http.js';
import type { Outgoing } from '../../core/resource.js';
import { send, together } from '../../core/step.js';
import { fail, inconclusive, pass, warn, type Verdict } from '../../core/verdict.js';
import { hasAnswer, lostAnswer, needsSuccess, present } from '../lib/http/answers.js';
import { isRefusal, voided } from '../lib/http/statuses.js';
import { offersControl, versionOf } from '../lib/http/version.js';
import { stillPending } from '../lib/judging/doubled.js';
import { found } from '../lib/judging/found.js';
import { crashesIn, ruling } from '../lib/racing/crashed.js';
import { laneOf, type Putting } from '../lib/racing/lanes.js';
import { counts, noRound, racePowerNote, rounds } from '../lib/racing/racing.js';
import { bodiesOf, severalWinners, winnersOf } from '../lib/racing/winners.js';
import { creatingPut, freshPlaces } from '../lib/steps/fresh-place.js';
import { warmUp } from '../lib/steps/stage.js';
import { currentVersion, settle } from '../lib/steps/writing.js';

export const ifNoneMatchStar = defineCheck({
  id: 'if-none-match-star',
  group: 'conditional',
  title: 'A PUT with If-None-Match: * creates once',
  severity: 'high',
  basis: 'must',
  refs: ['RFC 9110 section 13.1.2'],
  sends:
    'PUT with If-None-Match: * to two fresh ids; then another body to the first of them in the same way. Where that is refused, rounds follow: several such PUTs with different bodies to one fresh id, released at the same moment on warm connections. The rounds grow wider and end when two win.',
  judges:
    'Passes when the second PUT is answered with 412, and in every round exactly one PUT is accepted, with at least one round that counts: two requests in flight together, every one answered, none with 429, 502, 503 or 504. Fails when the second PUT is accepted, when two PUTs with different bodies win a race, overlap or not (both only warn where no strong tag, version or If-None-Match in the document offers concurrency control), and when a refusal is a 500, again on fresh ids. Warns when the second PUT is refused with another status than 412. Does not apply where PUT does not create.',
  expected: '201 for one PUT, 412 for all others.',
  why: 'A client uses it to claim a name or to take a lock. When two are told that they created it, both go on as its owner.',
  fix: 'Evaluate the condition and insert in one atomic step: INSERT without upsert, put-if-absent, or a lock on the address; answer 412 when the record is there.',
  guards: [
    'Every PUT of the case was valid alone: both bodies are first accepted at ids of their own.',
    'Winners with the same body are not counted as two; a 202 is no winner yet.',
    'Every round goes to an id of its own that was never used.',
    'A 500 in a single try counts only when it comes again.',
  ],
  messages: {
    'second-accepted': 'The second PUT with If-None-Match: * to one address was answered with {status}.',
    'several-winners':
      '{winners} of {width} simultaneous PUTs with If-None-Match: * to one address succeeded, with different bodies; seen in {hits} of {rounds} rounds.',
    'refused-otherwise': 'The second PUT with If-None-Match: * was refused with {status}; 412 is what tells it exists.',
    crashed: 'A PUT with If-None-Match: * to an address that is taken was answered with {status}.',
  },

  select: subject => creatingPut(subject),

  *probe(target, tools) {
    const { operation, resource } = target;
    const fresh = yield* freshPlaces(target, tools);
    const scope = fresh();
    const isMarked = operation.marked;
    const first = yield* send('first', createOnly(laneOf(target, scope, 0, isMarked, tools)));
    const other = yield* send('other', createOnly(laneOf(target, fresh(), 1, isMarked, tools)));
    if (!isSuccess(first) || !isSuccess(other)) return;
    yield* settle(tools);
    yield* currentVersion('stored', { resource, scope });
    const repeat = yield* send('repeat', createOnly(laneOf(target, scope, 1, isMarked, tools)));
    if (!isRefusal(statusOf(repeat) ?? 0)) return;
    yield* rounds(tools, function* (round, width) {
      const place = fresh();
      const lanes = Array.from({ length: width }, (_, lane) =>
        createOnly(laneOf(target, place, lane, isMarked, tools)),
      );
      const race = yield* together('race', lanes, { round, warmUp: warmUp(resource, place) });
      return { counted: null, proven: bodiesOf(winnersOf(race)).size > 1 };
    });
  },

  judge(target, evidence) {
    const [first, other, repeat] = exchangesOf(evidence, 'first', 'other', 'repeat');
    const unusable = voided(first, other) ?? needsSuccess(first) ?? needsSuccess(other);
    if (unusable !== null) return unusable;
    if (!hasAnswer(repeat)) return lostAnswer(repeat);
    const level = levelOf(target, evidence);
    const played = roundsOf(evidence, 'race');
    return (
      accepted(evidence, present(first), repeat, level) ??
      severalWinners(played, level) ??
      crashed(repeat, played) ??
      otherwise(repeat) ??
      single(played)
    );
  },
});

/** The steps that are judged. */
type Steps = Evidence<'stored'>;

type Judged = Verdict<'second-accepted' | 'several-winners' | 'refused-otherwise' | 'crashed', never>;
type Round = readonly Exchange[];

/** The PUT on the condition that there is nothing yet (RFC 9110 section 13.1.2). */
function createOnly(sent: Outgoing): Outgoing {
  return { ...sent, request: withHeader(sent.request, 'If-None-Match', '*') };
}

/** `fail` where the API offers concurrency control; else a server that ignores the condition never claimed it. */
function levelOf({ operation, resource }: Putting, evidence: Steps): 'fail' | 'warn' {
  if (operation.documented?.requestHeaders.includes('if-none-match') === true) return 'fail';
  const version = versionOf(resource, lastOf(evidence, 'stored'));
  return version !== null && offersControl(operation, version) ? 'fail' : 'warn';
}

function accepted(evidence: Steps, first: Round, repeat: Answered, level: 'fail' | 'warn'): Judged | null {
  if (!isSuccess(repeat)) return null;
  const { status } = repeat.response;
  if (status === 202) return stillPending(evidence);
  return found(fail('second-accepted', { status }, [...first, repeat], { level }));
}

function crashed(repeat: Answered, played: readonly Round[]): Judged | null {
  const crashes = crashesIn([[repeat], ...played]);
  const [crash] = crashes;
  if (crash === undefined) return null;
  return found(ruling(crashes)('crashed', { status: statusOf(crash) ?? 0 }, crashes));
}

function otherwise(repeat: Answered): Judged | null {
  const { status } = repeat.response;
  if (!isRefusal(status))
    return voided(repeat) ?? inconclusive('control-failed', { detail: `the second PUT was answered with ${status}` });
  return status === 412 ? null : found(warn('refused-otherwise', { status }, [repeat]));
}

function single(played: readonly Round[]): Judged {
  const answered = played.filter(round => counts(round));
  if (answered.length === 0) return noRound(played);
  const counting = answered.filter(round => bodiesOf(winnersOf(round)).size === 1);
  return counting.length === 0 ? inconclusive('no-effect') : pass([racePowerNote(counting)]);
}
