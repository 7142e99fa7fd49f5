import { outgoing } from '../../core/arrange.js';
import { defineCheck, skip, type Subject } from '../../core/check.js';
import { exchangeOf, readingOf } from '../../core/evidence.js';
import { isSuccess, type Answered, type Exchange } from '../../core/http.js';
import { effects, later, send } from '../../core/step.js';
import { fail, note, suspect, warn, type Verdict } from '../../core/verdict.js';
import { hasAnswer, lostAnswer, needsSuccess, present } from '../lib/http/answers.js';
import { isCrash, listed, voided } from '../lib/http/statuses.js';
import { ignoredPaths } from '../lib/json/likeness.js';
import { countOf } from '../lib/judging/counting.js';
import { isDoubled, passOne } from '../lib/judging/doubled.js';
import { found } from '../lib/judging/found.js';
import { actsAnew, stage } from '../lib/steps/stage.js';

/** Answers that are usual for a record that is there already (AIP-133, Zalando, RFC 9110 section 15.4.4). */
const USUAL: readonly number[] = [200, 204, 303, 400, 409, 422];

export const naturalDuplicateSequential = defineCheck({
  id: 'natural-duplicate-sequential',
  group: 'duplicates',
  title: 'A request repeated without a key makes no second record and does not crash',
  severity: 'medium',
  basis: 'convention',
  refs: ['RFC 9110 section 15.5.10', 'AIP-133'],
  sends:
    'The same request twice, the second when the first is answered: without a key, or with two different keys where the operation takes one.',
  judges:
    'Passes when one effect is counted and the repeat is answered like one for something that exists (409, 422, 400, 200, 204, 303; another 4xx is a note). Fails when two effects are counted though a field is declared unique, and when the repeat crashes, again on a fresh resource. Warns when two effects are counted and nothing is declared unique: a retry is unprotected. Warns on a 201 for a repeat that created nothing. Does not apply where the operation takes a key and declares no unique field: there the key is what protects, and a request under another key is another operation.',
  expected: 'One effect, or an idempotency key that makes a retry safe.',
  why: 'A client that lost the response can only send again. Without a key or a unique field that makes a second order.',
  fix: 'Accept an idempotency key. Where a field identifies the record, put a unique index on it and answer the repeat with 409 or with the existing record.',
  guards: [
    'Two effects fail only where the spec declares the field unique.',
    'Effects are counted, not answers.',
    'A pass needs an oracle that was seen to count to two.',
    'A 429, 502, 503 or 504 voids the try; a 500 counts only when it comes again.',
  ],
  messages: {
    'unique-not-enforced': '{fields} is declared unique, but the same request twice took {count} effects.',
    'unprotected-retry':
      'A client that retries after a lost answer {does} (shown: {count} {what}). It takes no idempotency key.',
    'created-again': 'The repeat created nothing, but was answered with 201 as if it had.',
    crashed: 'The repeat was answered with {status}.',
  },

  select(subject) {
    const { contract, unique } = subject.operation;
    if (!actsAnew(subject)) return skip('not an operation that creates or acts');
    if (subject.operation.method === 'PUT') return skip('a PUT, which names what it creates');
    if (contract.key !== null && (unique?.length ?? 0) === 0) {
      return skip('takes an idempotency key, and no field of it is declared unique');
    }
    return subject;
  },

  *probe({ operation, resource }, tools) {
    const scope = yield* stage({ operation, resource }, tools);
    const before = yield* effects('before', { resource, operation, scope, seen: [] }, 'now');
    // An optional key is left out; any other is a new one each time, so that it protects nothing here.
    const isKeyed = operation.contract.key !== null && operation.contract.key.required !== false;
    const request = () => outgoing(operation, scope, isKeyed ? { key: tools.key() } : {});
    const first = yield* send('first', request());
    if (!isSuccess(first)) return;
    yield* later('pause', Math.max(tools.preflight.lagMs, 100));
    const repeat = yield* send('repeat', request());
    yield* effects('after', { resource, operation, scope, seen: [first, repeat], since: before });
  },

  judge(target, evidence) {
    const [first, repeat] = [exchangeOf(evidence, 'first'), exchangeOf(evidence, 'repeat')];
    const after = readingOf(evidence, 'after');
    const unusable = voided(first) ?? needsSuccess(first);
    if (unusable !== null) return unusable;
    if (isDoubled(after, [first, repeat])) {
      return doubled(target, countOf(after), present(first, repeat));
    }
    const unanswered = voided(repeat);
    if (!hasAnswer(repeat) || unanswered !== null) return unanswered ?? lostAnswer(repeat);
    const { status } = repeat.response;
    if (isCrash(status)) return found(suspect('crashed', { status }, present(first, repeat)));
    const passed = passOne(evidence, after, [first, repeat], ignoredPaths(evidence.preflight, target.resource), [
      !USUAL.includes(status) && note('status-outside', { status, expected: listed([409]) }),
    ]);
    return passed.verdict === 'pass' && status === 201 ? createdAgain(first, repeat) : passed;
  },
});

type Judged = Verdict<'unique-not-enforced' | 'unprotected-retry' | 'created-again' | 'crashed', never>;

function doubled({ operation, resource }: Subject, count: number, proof: readonly Exchange[]): Judged {
  const { unique } = operation;
  if (unique === null || unique.length === 0) {
    const isCreate = operation.role === 'create';
    const does = isCreate ? `makes a second ${resource.name}` : 'has it done a second time';
    return found(warn('unprotected-retry', { does, count, what: isCreate ? 'records' : 'effects' }, proof));
  }
  return found(fail('unique-not-enforced', { fields: unique.join(', '), count }, proof, { basis: 'declared' }));
}

function createdAgain(first: Exchange | undefined, repeat: Answered): Judged {
  return found(warn('created-again', {}, present(first, repeat)));
}
