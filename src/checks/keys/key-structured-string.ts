import { outgoing } from '../../core/arrange.js';
import { defineCheck, skip, type Subject, type Tools } from '../../core/check.js';
import { exchangeOf, readingOf, type Evidence } from '../../core/evidence.js';
import { isSuccess, statusOf, type Exchange } from '../../core/http.js';
import { effects, later, send } from '../../core/step.js';
import { fail, inconclusive, note, pass, type Note, type Verdict } from '../../core/verdict.js';
import { hasAnswer, lostAnswer, needsSuccess, present } from '../lib/http/answers.js';
import { isRefusal, anyVoided } from '../lib/http/statuses.js';
import { ignoredPaths } from '../lib/json/likeness.js';
import { countOf, countTrouble } from '../lib/judging/counting.js';
import { isDoubled, passOne } from '../lib/judging/doubled.js';
import { found } from '../lib/judging/found.js';
import { outlived } from '../lib/judging/outlived.js';
import { withKeyText } from '../lib/steps/key-text.js';
import { actsAnew, stage } from '../lib/steps/stage.js';

const quoted = (key: string) => `"${key}"`;
const raw = (key: string) => key;

/** Two requests under one key: how it is written in the first and in the second. The place is the round. */
const WRITINGS = [
  [quoted, quoted],
  [raw, raw],
  [quoted, raw],
] as const;

const [QUOTED, RAW, CROSSED] = [0, 1, 2];

export const keyStructuredString = defineCheck({
  id: 'key-structured-string',
  group: 'keys',
  title: 'A key protects as it is declared to be written, and a quoted one is not ignored',
  severity: 'low',
  basis: 'should',
  refs: ['draft-ietf-httpapi-idempotency-key-header-07 section 2.1 (expired)', 'RFC 9651 sections 3.3.3 and 4.2'],
  sends:
    'The request twice under one key in quotes, as the draft has it; twice under another key without; and once each way under a third.',
  judges:
    'Passes when the declared form protects, and the quoted one either protects or is refused. Fails when quoted keys are declared and two requests under one have two effects. Warns when keys are declared without quotes, and quoted ones are accepted without protecting while plain ones do. Whether the two spellings are one key, and whether the other form is refused, are notes. Stays open when the declared form is not accepted, or nothing can be counted.',
  expected: 'One effect for two requests under one key in quotes, or a refusal of the quotes.',
  why: 'A client that follows the draft sends the key in quotes. If it is parsed as something else and dropped, each retry acts again, and nothing tells the client so.',
  fix: 'Parse the header as a Structured Field string, or take it as it is; but do not treat what you cannot parse as if no key were there: answer 400.',
  guards: [
    'Only the draft speaks of quotes: a profile of a vendor says how its keys are written.',
    'A refusal of the form that is not declared is fine.',
    'Where plain keys do not protect either, it is not the quotes.',
    'The ids of a 202 may be those of jobs: two of them prove nothing.',
    'A 429, 502, 503 or 504 voids the try.',
  ],
  messages: {
    'quoted-unprotected':
      'Two requests under one key in quotes, as the draft writes it, were both accepted and had {count} effects.',
  },
  notes: {
    'quoted-refused': 'A key in quotes is refused ({status}).',
    'plain-refused': 'A key without quotes is refused ({status}).',
    'plain-unprotected': 'A key without quotes is accepted and does not protect.',
    'one-key': 'A key is the same with quotes and without.',
    'two-keys': 'A key is another one with quotes than without.',
  },

  select(subject) {
    const { contract } = subject.operation;
    if (!actsAnew(subject)) return skip('not an operation that creates or acts');
    if (contract.key === null) return skip('takes no idempotency key');
    if (contract.key.in !== 'header') return skip('the key is not in a header, so that it is no Structured Field');
    if (!contract.profile.startsWith('ietf')) return skip(`the profile ${contract.profile} says how keys are written`);
    return subject;
  },

  *probe(target, tools) {
    for (const [round, [first, second]] of WRITINGS.entries()) yield* twice(target, tools, round, first, second);
  },

  judge(target, evidence) {
    const isQuoted = target.operation.contract.key?.form === 'sf-string';
    const declared = isQuoted ? QUOTED : RAW;
    const first = exchangeOf(evidence, 'first', declared);
    const unusable = anyVoided(evidence) ?? needsSuccess(first);
    if (unusable !== null) return unusable;
    const [other, crossed] = [exchangeOf(evidence, 'first', isQuoted ? RAW : QUOTED), notesOf(evidence)];
    const late = WRITINGS.map((_, round) => outlived(target.operation.contract, ...pairOf(evidence, round)));
    const trouble = late.find(verdict => verdict !== null);
    if (trouble !== undefined) return trouble;
    if (!isQuoted && isTwice(evidence, RAW)) {
      return inconclusive('control-failed', { detail: 'a key without quotes does not protect either' });
    }
    if (isTwice(evidence, QUOTED)) {
      const proof = present(exchangeOf(evidence, 'first', QUOTED), exchangeOf(evidence, 'second', QUOTED));
      const args = { count: countOf(readingOf(evidence, 'after', QUOTED)) };
      return found(
        fail('quoted-unprotected', args, proof, isQuoted ? { basis: 'declared' } : { level: 'warn', basis: 'should' }),
      );
    }
    const main = protects(target, evidence, declared);
    if (main.verdict !== 'pass') return main;
    if (!hasAnswer(other)) return lostAnswer(other);
    const status = statusOf(other) ?? 0;
    const refused = isQuoted ? note('plain-refused', { status }) : note('quoted-refused', { status });
    if (isRefusal(status)) return pass([...main.notes, refused]);
    if (isQuoted) return pass([...main.notes, isTwice(evidence, RAW) && note('plain-unprotected'), ...crossed]);
    const also = protects(target, evidence, QUOTED);
    return also.verdict === 'pass' ? pass([...also.notes, ...crossed]) : also;
  },
});

/** The steps that are judged. */
type Steps = Evidence<'first' | 'second' | 'after'>;

type Writing = (key: string) => string;
type NoteCode = 'quoted-refused' | 'plain-refused' | 'plain-unprotected' | 'one-key' | 'two-keys';

function* twice(
  { operation, resource }: Pick<Subject, 'operation' | 'resource'>,
  tools: Tools,
  round: number,
  one: Writing,
  two: Writing,
) {
  const scope = yield* stage({ operation, resource }, tools);
  const before = yield* effects('before', { round, resource, operation, scope, seen: [] }, 'now');
  const key = tools.key();
  const request = outgoing(operation, scope);
  const first = yield* send('first', withKeyText(request, one(key)), round);
  if (!isSuccess(first)) return;
  yield* later('pause', Math.max(tools.preflight.lagMs, 100));
  const second = yield* send('second', withKeyText(request, two(key)), round);
  yield* effects('after', { round, resource, operation, scope, seen: [first, second], since: before });
}

function pairOf(evidence: Steps, round: number): readonly [Exchange | undefined, Exchange | undefined] {
  return [exchangeOf(evidence, 'first', round), exchangeOf(evidence, 'second', round)];
}

function isTwice(evidence: Steps, round: number): boolean {
  return isDoubled(readingOf(evidence, 'after', round), pairOf(evidence, round));
}

/** The pass that one way of writing allows: one effect of two requests. */
function protects({ resource }: Subject, evidence: Steps, round: number): Verdict<never, NoteCode> {
  const [first, second] = pairOf(evidence, round);
  const unusable = needsSuccess(first);
  if (unusable !== null) return unusable;
  if (!hasAnswer(second)) return lostAnswer(second);
  return passOne(
    evidence,
    readingOf(evidence, 'after', round),
    [first, second],
    ignoredPaths(evidence.preflight, resource),
  );
}

/** Whether the two spellings are one key, where both were accepted and counted. */
function notesOf(evidence: Steps): readonly Note<NoteCode>[] {
  const [first, second] = pairOf(evidence, CROSSED);
  const after = readingOf(evidence, 'after', CROSSED);
  const isAccepted = first !== undefined && second !== undefined && isSuccess(first) && isSuccess(second);
  if (!isAccepted || countTrouble(evidence, after) !== null) return [];
  return [note(isTwice(evidence, CROSSED) ? 'two-keys' : 'one-key')];
}
