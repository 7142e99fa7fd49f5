import { outgoing } from '../../core/arrange.js';
import { defineCheck, type Subject } from '../../core/check.js';
import { allOf, exchangeOf, readingOf, type Circumstances } from '../../core/evidence.js';
import { header, isAnswered, isSuccess, type Answered, type Exchange } from '../../core/http.js';
import { effects, later, send } from '../../core/step.js';
import { fail, inconclusive, suspect, type Verdict } from '../../core/verdict.js';
import { needsSuccess } from '../lib/http/answers.js';
import { markOf } from '../lib/http/marks.js';
import { isRefusal, voided } from '../lib/http/statuses.js';
import { ignoredPaths } from '../lib/json/likeness.js';
import { countOf } from '../lib/judging/counting.js';
import { isDoubled, passOne, stillPending } from '../lib/judging/doubled.js';
import { found } from '../lib/judging/found.js';
import { outlived } from '../lib/judging/outlived.js';
import { keyedSubject, stage } from '../lib/steps/stage.js';

/** How often the request is repeated: a load balancer that takes turns has then been round a few replicas. */
const REPEATS = 10;

/** Milliseconds before each repeat, taken in turn: uneven, so that no even rhythm of the balancer is met. */
const PAUSES_MS: readonly number[] = [50, 110, 170];

/** Headers in which servers name the instance that answered. */
const INSTANCE_HEADERS: readonly string[] = (
  'x-served-by x-instance x-instance-id x-server-id x-server-name x-backend x-backend-server x-node x-node-id x-pod ' +
  'x-pod-name x-replica x-replica-id x-hostname'
).split(' ');

export const keyReplayConsistent = defineCheck({
  id: 'key-replay-consistent',
  group: 'keys',
  title: 'Every repeat under one key gets the same result',
  severity: 'high',
  basis: 'should',
  refs: ['draft-ietf-httpapi-idempotency-key-header-07 section 2.6 (expired)'],
  sends: `The request with a key; once it is answered, the same bytes with the same key ${REPEATS} times, 50 to 170 milliseconds apart, each on a new connection and without cookies.`,
  judges:
    'Passes when one effect is counted and all repeats are alike. Fails when two effects are counted, or a repeat names another id than the first answer. Warns, when it comes again on a fresh resource, where repeats differ in status, or some carry the replay marker and others do not. Stays open when nothing can be counted, and when every answer names the same instance, so that others were never asked.',
  expected: 'One effect, and one result whichever replica is asked.',
  why: 'Keys that live in the memory of one process protect only the retries that happen to come back to it. Behind a load balancer that is seen at the third or fourth retry, not at the first.',
  fix: 'Keep keys in a store that all replicas share, with a claim that is atomic there.',
  guards: [
    'Repeats are held against each other; how the first of them relates to the original is judged by key-replay-response.',
    'The first repeats may still be told to wait.',
    'Cookies are not sent back, so that nothing ties the repeats to one replica.',
    'The ids of a 202 may be those of jobs: two of them prove nothing.',
    'Mixed answers count only when they come again; a 429, 502, 503 or 504 voids the try.',
  ],
  messages: {
    'executed-again': 'One key, one request and {repeats} repeats: {count} effects.',
    'another-id': 'Repeat {repeat} of {repeats} names another id: {second} where the first answer named {first}.',
    'mixed-answers': 'The same repeat was answered in different ways: {ways}.',
  },

  select: keyedSubject,

  *probe({ operation, resource }, tools) {
    const scope = yield* stage({ operation, resource }, tools);
    const before = yield* effects('before', { resource, operation, scope, seen: [] }, 'now');
    const request = outgoing(operation, scope, { key: tools.key() });
    const first = yield* send('first', request);
    if (!isSuccess(first)) return;
    yield* later('pause', Math.max(tools.preflight.lagMs, 100));
    const repeats: Exchange[] = [];
    for (let round = 0; round < REPEATS; round++) {
      yield* later('pause', PAUSES_MS[round % PAUSES_MS.length] ?? 50);
      repeats.push(yield* send('repeat', request, round));
    }
    yield* effects('after', { resource, operation, scope, seen: [first, ...repeats], since: before });
  },

  judge(target, evidence) {
    const first = exchangeOf(evidence, 'first');
    const repeats = allOf(evidence, 'repeat');
    const after = readingOf(evidence, 'after');
    const unusable = voided(first) ?? needsSuccess(first);
    if (unusable !== null || first === undefined) return unusable ?? inconclusive('lost-answers', { lost: 'not sent' });
    const seen = [first, ...repeats];
    const late = outlived(target.operation.contract, first, repeats.at(-1));
    if (late !== null) return late;
    if (isDoubled(after, seen)) {
      const args = { repeats: repeats.length, count: countOf(after) };
      return found(fail('executed-again', args, witnesses(target, first, repeats)));
    }
    const answers = repeats.filter(isAnswered);
    const other = anotherId(target, evidence, first, answers);
    if (other !== null) return other;
    const trouble = voided(...repeats) ?? enough(answers, repeats);
    if (trouble !== null) return trouble;
    const ways = waysOf(target, settled(target, answers));
    if (ways.length > 1) {
      return found(suspect('mixed-answers', { ways: ways.join(', ') }, [first, ...answers], { level: 'warn' }));
    }
    const instance = onlyInstance([first, ...answers]);
    const ignored = ignoredPaths(evidence.preflight, target.resource);
    const verdict = passOne(evidence, after, answers, ignored);
    if (verdict.verdict !== 'pass' || instance === null) return verdict;
    const detail = `all ${answers.length + 1} answers came from one instance (${instance}), others were never asked`;
    return inconclusive('control-failed', { detail });
  },
});

type Judged = Verdict<'another-id', never>;

/** The repeats that show a second effect by their id; all of them where none does. */
function witnesses({ resource }: Subject, first: Exchange, repeats: readonly Exchange[]): readonly Exchange[] {
  const idOf = (exchange: Exchange) => (isSuccess(exchange) ? resource.id.of(exchange.response) : null);
  const known = idOf(first);
  const others = repeats.filter(repeat => known !== null && ![null, known].includes(idOf(repeat)));
  return [first, ...(others.length > 0 ? others : repeats)];
}

/** What the id in an action's answer stands for is not known, so that only a create is held to it. */
function anotherId(
  { operation, resource }: Subject,
  evidence: Circumstances,
  first: Exchange,
  answers: readonly Answered[],
): Judged | null {
  if (operation.role !== 'create' || !isSuccess(first)) return null;
  const known = resource.id.of(first.response);
  const at = answers.findIndex(answer => isSuccess(answer) && isOther(known, resource.id.of(answer.response)));
  const answer = answers[at];
  if (answer === undefined || known === null) return null;
  if ([first, answer].some(({ response }) => response.status === 202)) return stillPending(evidence);
  const second = resource.id.of(answer.response) ?? '';
  return found(fail('another-id', { repeat: at + 1, repeats: answers.length, first: known, second }, [first, answer]));
}

function isOther(known: string | null, id: string | null): boolean {
  return known !== null && id !== null && known !== id;
}

/** A single lost answer is bad luck; more than half leave nothing to compare. */
function enough(answers: readonly Answered[], repeats: readonly Exchange[]): Verdict<never, never> | null {
  if (answers.length > 0 && answers.length * 2 >= REPEATS) return null;
  const lost = repeats.find(repeat => !isAnswered(repeat));
  return inconclusive('lost-answers', { lost: lost?.lost ?? 'not sent' });
}

/** Without the first repeats that were told to wait, where later ones were not. */
function settled({ operation }: Subject, answers: readonly Answered[]): readonly Answered[] {
  const { statuses } = operation.contract.inflight;
  const begin = answers.findIndex(({ response: { status } }) => !isRefusal(status) || !statuses.includes(status));
  return begin === -1 ? answers : answers.slice(begin);
}

/** The ways in which the repeats were answered, most frequent first: status, and whether the replay was marked. */
function waysOf({ operation }: Subject, answers: readonly Answered[]): readonly string[] {
  const marks = answers.map(({ response }) => markOf(operation.contract, response) !== null);
  const isMixed = new Set(marks).size > 1;
  const counted = new Map<string, number>();
  for (const [at, { response }] of answers.entries()) {
    const mark = isMixed ? (marks[at] === true ? ' marked' : ' unmarked') : '';
    const way = `${response.status}${mark}`;
    counted.set(way, (counted.get(way) ?? 0) + 1);
  }
  return [...counted].toSorted((a, b) => b[1] - a[1]).map(([way, times]) => `${times} x ${way}`);
}

/** The header and name of the one instance that gave every answer; `null` where several did, or nobody tells. */
function onlyInstance(answers: readonly Exchange[]): string | null {
  for (const name of INSTANCE_HEADERS) {
    const names = new Set(answers.filter(isAnswered).map(({ response }) => header(response, name)));
    const [only] = names;
    if (names.size === 1 && typeof only === 'string') return `${name}: ${only}`;
  }
  return null;
}
