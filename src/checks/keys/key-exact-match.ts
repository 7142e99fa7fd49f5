import { defineCheck, type Subject, type Tools } from '../../core/check.js';
import { exchangeOf, readingOf, type Evidence } from '../../core/evidence.js';
import { isSuccess, statusOf } from '../../core/http.js';
import type { Operation } from '../../core/operation.js';
import { fail, findings, inconclusive, note, suspect, type Finding } from '../../core/verdict.js';
import { lostAnswer, needsSuccess, present } from '../lib/http/answers.js';
import { isRefusal, anyVoided } from '../lib/http/statuses.js';
import { countTrouble, passCounted } from '../lib/judging/counting.js';
import { keyText } from '../lib/steps/key-text.js';
import { keyedSubject } from '../lib/steps/stage.js';
import { deedOf, trialsOf, type Trials } from '../lib/steps/trials.js';

/** Two keys that differ: `first` and `second` make them of a fresh key, `text` puts them on the wire. */
interface Pair {
  readonly name: string;
  /** What the two differ in, for the message. */
  readonly how: string;
  readonly first: (key: string) => string;
  readonly second: (key: string) => string;
  /** Kept apart from the others, since servers may have a say in it. */
  readonly kind: 'plain' | 'case' | 'parameter';
  /** Tried only where the pair of this name was refused, for its length. */
  readonly insteadOf: string | null;
}

const PAIRS: readonly Pair[] = [
  pair('last-character', 'their last character', key => key, withOtherEnd),
  { ...pair('upper-case', 'the case of a UUID', key => key, swapCase), kind: 'case' },
  pair(
    'token-case',
    'the case of a letter',
    key => `Ic-${key}`,
    key => `iC-${key}`,
  ),
  pair(
    'percent',
    'a trailing %20',
    key => key,
    key => `${key}%20`,
  ),
  {
    ...pair(
      'parameter',
      'a trailing ;p=1',
      key => key,
      key => `${key};p=1`,
    ),
    kind: 'parameter',
  },
  pair(
    'long-300',
    'character 280 of 300',
    key => long(key, 300, 280, 'a'),
    key => long(key, 300, 280, 'b'),
  ),
  {
    ...pair(
      'long-240',
      'character 230 of 240',
      key => long(key, 240, 230, 'a'),
      key => long(key, 240, 230, 'b'),
    ),
    insteadOf: 'long-300',
  },
  {
    ...pair(
      'long-60',
      'character 58 of 60',
      key => long(key, 60, 58, 'a'),
      key => long(key, 60, 58, 'b'),
    ),
    insteadOf: 'long-240',
  },
];

export const keyExactMatch = defineCheck({
  id: 'key-exact-match',
  group: 'keys',
  title: 'Keys that differ are different keys',
  severity: 'high',
  basis: 'should',
  refs: ['draft-ietf-httpapi-idempotency-key-header-07 sections 2.2 and 5 (expired)', 'RFC 9562 section 4'],
  sends:
    'Pairs of requests, each with a payload of its own, under two keys that differ in one place: the last character, the case of a UUID, the case of a letter, a trailing %20, a trailing `;p=1`, and one character near the end of a key of 300 characters (of 240, and of 60, where the longer one is refused). A second key that is refused is followed by a fresh one of the same shape.',
  judges:
    'Passes when at least one second key was carried out and counted, and none was taken for the first. Fails when the second request is answered with what the first one made, takes no effect although it is accepted, or is refused, again on fresh resources, while a fresh key of its shape is accepted. For keys that differ only in the case of a UUID that is a warning, and for `;p=1` a note. A shape of key that is refused altogether says nothing. Stays open when no second key is accepted.',
  expected: 'Each key is an operation of its own, however little it differs from another.',
  why: 'Keys that are cut to a column width or folded to lower case collide: the second operation is dropped, and its client gets the answer of another one.',
  fix: 'Compare keys byte by byte and store them whole. Refuse a key that is longer than you can store.',
  guards: [
    'The two requests have different payloads, so that no deduplication by content can look like a collision.',
    'A refusal counts only while a fresh key of the same shape is accepted, and when it comes again.',
    'A UUID may be compared without regard to case (RFC 9562): a warning.',
    'A 429, 502, 503 or 504 voids the try.',
  ],
  messages: {
    collided:
      'Two keys that differ in {how} are one key to the API: the second request was answered with {status} and did nothing of its own.',
    'case-ignored':
      'Two UUIDs that differ in case alone are one key to the API: the second request was answered with {status} and did nothing of its own.',
  },
  notes: {
    'parameter-ignored': 'A key with a trailing ;p=1 is the same key without it.',
    'not-accepted': 'Nothing can be said of keys that differ in {which}: they were not accepted.',
  },

  select: keyedSubject,

  *probe({ operation, resource }, tools) {
    const trials = yield* trialsOf({ operation, resource }, tools);
    const refused = new Set<string>();
    for (const [at, one] of PAIRS.entries()) {
      if (one.insteadOf !== null && !refused.has(one.insteadOf)) continue;
      const first = yield* tried(one, at, operation, trials, tools);
      if (isRefusal(statusOf(first) ?? 0)) refused.add(one.name);
      // The first pair has a key as the API is used to: without it there is nothing to compare.
      if (at === 0 && !isSuccess(first)) return;
    }
    yield* trials.count();
  },

  judge(target, evidence) {
    const base = exchangeOf(evidence, 'first', 0);
    const unusable = anyVoided(evidence) ?? needsSuccess(base);
    if (unusable !== null) return unusable;
    const tried = PAIRS.map((one, at) => ({ one, second: exchangeOf(evidence, 'second', roundOf(at).second), at }));
    const isTaken = ({ at }: { readonly at: number }) => takenAs(target, evidence, at) !== null;
    const isIgnored = tried.some(each => each.one.kind === 'parameter' && isTaken(each));
    const notes = [isIgnored && note('parameter-ignored')];
    const bad = findings(
      tried.map(each => (each.one.kind === 'parameter' ? null : takenAs(target, evidence, each.at))),
      notes,
    );
    if (bad !== null) return bad;
    const good = tried.filter(({ at }) => isApart(target, evidence, at));
    const [best] = good;
    if (best === undefined) return noSecond(evidence);
    const open = tried.filter(each => each.one.insteadOf === null && !good.includes(each) && !isTaken(each));
    const which = open.map(({ one }) => one.how).join(', ');
    return passCounted(evidence, readingOf(evidence, 'after', roundOf(best.at).second), [
      ...notes,
      which !== '' && note('not-accepted', { which }),
    ]);
  },
});

/** The steps that are judged. */
type Steps = Evidence<'after' | 'first' | 'second' | 'control'>;

function pair(name: string, how: string, first: Pair['first'], second: Pair['second']): Pair {
  return { name, how, first, second, kind: 'plain', insteadOf: null };
}

/** The rounds of a pair: its first and second request, and the fresh key of the second one's shape. */
function roundOf(at: number) {
  return { first: 3 * at, second: 3 * at + 1, control: 3 * at + 2 };
}

/** Plays a pair, and hands back its first exchange. A second key that is refused is followed by a fresh one. */
function* tried({ first, second, kind }: Pair, at: number, operation: Operation, trials: Trials, tools: Tools) {
  const key = tools.key();
  const rounds = roundOf(at);
  const opened = yield* trials.play({ label: 'first', round: rounds.first, text: keyText(operation, first(key)) });
  if (!isSuccess(opened)) return opened;
  const textOf = (from: string) => wire(operation, kind, from, second);
  const answer = yield* trials.play({ label: 'second', round: rounds.second, text: textOf(key) });
  if (isRefusal(statusOf(answer) ?? 0)) {
    yield* trials.play({ label: 'control', round: rounds.control, text: textOf(tools.key()) });
  }
  return opened;
}

/** A parameter stands outside the quotes of a Structured Field string. */
function wire(operation: Operation, kind: Pair['kind'], key: string, second: Pair['second']): string {
  return kind === 'parameter' ? second(keyText(operation, key)) : keyText(operation, second(key));
}

/** The finding on a pair whose second request was taken for the first, or `null`. */
function takenAs(target: Subject, evidence: Steps, at: number): Finding<'collided' | 'case-ignored'> | null {
  const rounds = roundOf(at);
  const [first, second] = [exchangeOf(evidence, 'first', rounds.first), exchangeOf(evidence, 'second', rounds.second)];
  const control = exchangeOf(evidence, 'control', rounds.control);
  const one = PAIRS[at];
  if (one === undefined || first === undefined || !isSuccess(first)) return null;
  const deed = deedOf(target, evidence, second, first);
  const isAlone = deed === 'refused' && deedOf(target, evidence, control, first) === 'executed';
  if (deed !== 'taken' && !isAlone) return null;
  const proof = present(first, second, control);
  const args = { how: one.how, status: statusOf(second) ?? 0 };
  const described = isAlone ? suspect : fail;
  if (one.kind === 'case') return described('case-ignored', args, proof, { level: 'warn' });
  return described('collided', args, proof);
}

/** Both requests of the pair were carried out. */
function isApart(target: Subject, evidence: Steps, at: number): boolean {
  const rounds = roundOf(at);
  const [first, second] = [exchangeOf(evidence, 'first', rounds.first), exchangeOf(evidence, 'second', rounds.second)];
  return first !== undefined && isSuccess(first) && deedOf(target, evidence, second, first) === 'executed';
}

function noSecond(evidence: Steps) {
  const second = exchangeOf(evidence, 'second', roundOf(0).second);
  if (second === undefined || statusOf(second) === null) return lostAnswer(second);
  // Accepted, and yet nothing shows whether it was done: the count says what it lacks.
  const uncounted = isSuccess(second) ? countTrouble(evidence, readingOf(evidence, 'after', second.round)) : null;
  const status = statusOf(second) ?? 0;
  return (
    uncounted ??
    inconclusive('control-failed', {
      detail: `no second key was accepted (${status} for another last character); say what keys look like, as in "key: {form: sf-string}"`,
    })
  );
}

/** Another last character of the same kind, so that a UUID stays one. */
function withOtherEnd(key: string): string {
  return `${key.slice(0, -1)}${key.endsWith('0') ? '1' : '0'}`;
}

function swapCase(key: string): string {
  return key === key.toUpperCase() ? key.toLowerCase() : key.toUpperCase();
}

/** A key of `length` characters of which one, counted from 1, is given. */
function long(key: string, length: number, position: number, letter: string): string {
  const filled = `${key}${'x'.repeat(length)}`.slice(0, length);
  return `${filled.slice(0, position - 1)}${letter}${filled.slice(position)}`;
}
