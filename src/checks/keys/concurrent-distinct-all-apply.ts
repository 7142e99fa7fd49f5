import { outgoing } from '../../core/arrange.js';
import { defineCheck, skip, type Subject, type Tools } from '../../core/check.js';
import { allOf, roundsOf, type Evidence } from '../../core/evidence.js';
import { isSuccess, statusOf, type Exchange } from '../../core/http.js';
import { overlaps } from '../../core/race.js';
import type { Outgoing } from '../../core/resource.js';
import type { Scope } from '../../core/scope.js';
import { effects, send, together } from '../../core/step.js';
import { fail, inconclusive, note, type Verdict } from '../../core/verdict.js';
import { isRefusal } from '../lib/http/statuses.js';
import { passCounted } from '../lib/judging/counting.js';
import { stillPending } from '../lib/judging/doubled.js';
import { found } from '../lib/judging/found.js';
import { crashed, crashedAlone, crashesIn } from '../lib/racing/crashed.js';
import { counts, noRound, racePowerNote, rounds } from '../lib/racing/racing.js';
import { actsAnew, sibling, stage, warmUp } from '../lib/steps/stage.js';
import { addedUp, addingUp, lookAgain, type Crowd } from './concurrent-distinct-all-apply/adding-up.js';
import { forgotten, plant, repeated } from './concurrent-distinct-all-apply/forgotten.js';
import { beyondSequence, needsControl, type Round } from './concurrent-distinct-all-apply/beyond.js';

export const concurrentDistinctAllApply = defineCheck({
  id: 'concurrent-distinct-all-apply',
  group: 'keys',
  title: 'Different operations at the same moment all take effect',
  severity: 'critical',
  basis: 'convention',
  refs: ['RFC 9110 section 15.3'],
  sends:
    'First, for a create, one under a key, twice; after the rounds that one again, and where it is executed a key of the same age without the rounds. In each round several operations at the same moment on warm connections: for an action the same body on one resource, each under a key of its own; for a create a new record each. Then the effects are counted. The rounds grow wider and end when the count is not that of the accepted requests, or more are accepted than the state permits; then, and after a crash, as many operations follow one after the other on another resource, as a control. For an action whose simultaneous requests were accepted the control comes in any case.',
  judges:
    'Passes when in every round the effects are exactly the accepted (2xx) requests, and at least one round counts: two requests in flight together, every one answered, none with 502, 503 or 504. Fails when there are fewer (an update was lost) or more (a refused request took effect) while the same operations one after the other add up; when more were accepted, with an effect each, than one after the other are before the state refuses the next (it only warns where the effects cannot be counted); and when requests of two rounds are answered with a 500. Fails too when the key from before the rounds is forgotten by then and its repeat executed. Losers may be refused (409, 412, 423, 429), as long as they had no effect. Stays open when the control does not add up either, or nothing can be counted.',
  expected:
    'As many effects as requests answered with 2xx, and no more than the same requests have one after the other.',
  why: 'Two withdrawals that both look whether there is enough, and then take it, take more than there is. Two deposits that both read the balance, add to it and write it back leave one of them: the client was told 201, and the money is gone.',
  fix: 'Change the value in one atomic step (UPDATE ... SET balance = balance + ?), lock the row, or compare a version when writing and try again.',
  guards: [
    'Every round has a resource, or markers, of its own.',
    'A count that does not add up is looked at three times, each time after the settle time, and once more after the control; what a list that is not whole leaves out is not lost.',
    'Limits, caps and content that is taken for a repeat are told from lost updates by the control: it does not add up either.',
    'An end that the preflight did not meet on fresh resources (a quota that all share) must be met again.',
    'A request without an answer, or with a 5xx, may have taken effect or not: it counts neither way.',
    'A pass needs an oracle that was seen to count to two, and it says how far it looked.',
    'A 500 in a single round counts only when it comes again, and none where the same requests crash one after the other.',
  ],
  messages: {
    'forgotten-in-traffic':
      'A key is forgotten under traffic: after {others} requests under other keys its repeat took effect once more ({count} effects); straight after the first one it was answered as a repeat, and so was that of another key of the same age with fewer in between.',
    'effects-lost':
      '{accepted} of {width} simultaneous requests were accepted, but only {count} took effect; seen in {hits} of {rounds} rounds.',
    'effects-added':
      '{accepted} of {width} simultaneous requests were accepted, but {count} took effect; seen in {hits} of {rounds} rounds.',
    'more-than-permitted':
      '{accepted} of {width} simultaneous requests were accepted. One after the other {permitted} of them are, and the next is refused with {status}. Effects of the race: {count}; seen in {hits} of {rounds} rounds.',
    crashed: 'A request of the race was answered with {status} (in {hits} of {rounds} rounds).',
  },
  notes: {
    'one-at-a-time': 'Never were two simultaneous requests accepted: the others were refused, and had no effect.',
  },

  select(subject) {
    const { operation, resource } = subject;
    if (!actsAnew(subject)) return skip('not an operation that creates or acts');
    const action = resource.actions.find(({ operation: { name } }) => name === operation.name);
    if (operation.role !== 'create' && !action?.effect && resource.read === null) {
      return skip('no number and no read shows the effect of the action');
    }
    return { operation, resource };
  },

  *probe(target, tools) {
    // A number belongs to one resource, so that each round of an action needs its own; creates can share their parents.
    const shared = target.operation.role === 'create' ? yield* stage(target, tools) : null;
    const planted = shared === null ? null : yield* plant(target, shared, tools);
    let widest: Place | null = null;
    let isControlled = false;
    yield* rounds(tools, function* (round, width) {
      const race = yield* crowd(target, shared, tools, { label: 'race', round, width });
      const hasCrashed = crashesIn([race.seen]).length > 0;
      const isBeyond = needsControl(tools.preflight, race.seen);
      if (race.seen.filter(isSuccess).length > 1) widest = { round, width };
      if (race.isExact && !isBeyond && !(hasCrashed && !isControlled)) return { counted: null };
      isControlled = true;
      yield* crowd(target, shared, tools, { label: 'alone', round, width });
      if (!race.isExact) yield* lookAgain('race effects', target, race, tools);
      return { counted: null, proven: !race.isExact || isBeyond };
    });
    if (planted !== null) yield* repeated(target, planted, tools);
    // What the state of a resource permits comes to an end somewhere: one after the other shows where.
    if (shared === null && !isControlled && widest !== null) {
      yield* crowd(target, shared, tools, { label: 'alone', ...(widest as Place) });
    }
  },

  judge(target, evidence) {
    const played = roundsOf(evidence, 'race').map((race): Round => ({
      race,
      ...addedUp('race effects', target, evidence, race),
    }));
    const beyond = beyondSequence(target, evidence, played);
    if (beyond !== null) return found(beyond);
    const unclear = played.filter(({ race }) => needsControl(evidence.preflight, race));
    const [open] = unclear.flatMap(round => openAfterControl(target, evidence, round) ?? []);
    const late = forgotten(target, evidence);
    return (
      open ??
      off(target, evidence, played) ??
      crashedAlone(allOf(evidence, 'alone')) ??
      crashed(played.map(({ race }) => race)) ??
      (late === null ? exact(evidence, played) : found(late))
    );
  },
});

/** The steps that are judged. */
type Steps = Evidence<'alone' | 'alone effects'>;

type Code = 'forgotten-in-traffic' | 'effects-lost' | 'effects-added' | 'more-than-permitted' | 'crashed';
type Judged = Verdict<Code, 'one-at-a-time'>;
type Target = Pick<Subject, 'operation' | 'resource'>;

/** Where in the check a race stands. */
interface Place {
  readonly round: number;
  readonly width: number;
}

/** Sends different operations, together or one after the other; hands back the answers, and whether their effects add up. */
function* crowd(
  target: Target,
  shared: Scope | null,
  tools: Tools,
  { label, round, width }: Place & { readonly label: 'race' | 'alone' },
) {
  const { operation, resource } = target;
  const first = shared === null ? yield* stage(target, tools) : sibling(resource, shared, tools);
  const others = Array.from({ length: width - 1 }, () => (shared === null ? first : sibling(resource, shared, tools)));
  const scopes = [first, ...others];
  const since = yield* effects('before', { round, resource, operation, scope: first, seen: [] }, 'now');
  const requests = scopes.map(scope => outgoing(operation, scope, { key: tools.key() }));
  const seen =
    label === 'race'
      ? yield* together(label, requests, { round, warmUp: warmUp(resource, first) })
      : yield* queued(requests, round);
  const counted: Crowd = { scopes, since, seen, round };
  return { ...counted, isExact: yield* addingUp(`${label} effects`, target, counted, tools) };
}

function* queued(requests: readonly Outgoing[], round: number) {
  const seen: Exchange[] = [];
  for (const request of requests) seen.push(yield* send('alone', request, round));
  return seen;
}

function off(target: Target, evidence: Steps, played: readonly Round[]): Judged | null {
  const hits = played.filter(({ lost, added, trouble }) => trouble === null && lost + added > 0);
  const [hit] = hits;
  if (hit === undefined) return null;
  const accepted = hit.race.filter(isSuccess);
  const isPending = hit.added === 0 && accepted.some(exchange => statusOf(exchange) === 202);
  return isPending ? stillPending(evidence) : (openAfterControl(target, evidence, hit) ?? offBy(hit, hits, played));
}

function offBy(hit: Round, hits: readonly Round[], played: readonly Round[]): Judged {
  const { race, accepted, count } = hit;
  const args = { accepted, width: race.length, count, hits: hits.length, rounds: played.length };
  const proof = hits.filter(one => one.added > 0 === hit.added > 0).flatMap(one => one.race);
  return found(fail(hit.added > 0 ? 'effects-added' : 'effects-lost', args, proof));
}

/** Why the control does not show that the same operations, one after the other, add up; `null` when it does. */
function openAfterControl(target: Target, evidence: Steps, { race, accepted }: Round): Verdict<never, never> | null {
  const alone = allOf(evidence, 'alone', race[0]?.round);
  const control = addedUp('alone effects', target, evidence, alone);
  if (control.trouble !== null) return control.trouble;
  const refused = alone.filter(exchange => !isSuccess(exchange));
  // That a state permits no more of them is no trouble, where the race did not accept more.
  const odd = refused.find(exchange => control.accepted < accepted || !isRefusal(statusOf(exchange) ?? 0));
  if (odd !== undefined) {
    const answer = statusOf(odd) === null ? 'not answered' : `answered with ${statusOf(odd)}`;
    return inconclusive('control-failed', { detail: `one after the other, a request was ${answer}` });
  }
  if (control.accepted > 0 && control.lost + control.added === 0) return null;
  const detail = `one after the other, ${control.accepted} accepted requests took ${control.count} effects`;
  return inconclusive('control-failed', { detail });
}

function exact(evidence: Steps, played: readonly Round[]): Judged {
  const counting = played.filter(({ race }) => counts(race, [429]) && race.some(isSuccess));
  const both = counting.filter(({ race }) => overlaps(race.filter(isSuccess)));
  // Where a rate limiter let one through, none met another.
  const single = counting.filter(({ race }) => counts(race));
  const [best] = [...both, ...single];
  if (best === undefined) {
    const races = played.map(({ race }) => race);
    const isRefused = races.length > 0 && races.every(race => counts(race) && !race.some(isSuccess));
    return isRefused ? inconclusive('no-effect') : noRound(races);
  }
  const [trouble] = counting.flatMap(round => round.trouble ?? []);
  if (trouble !== undefined) return trouble;
  const seen = both.length > 0 ? both : single;
  return passCounted(evidence, best.reading, [
    both.length === 0 && note('one-at-a-time'),
    racePowerNote(seen.map(({ race }) => race)),
  ]);
}
