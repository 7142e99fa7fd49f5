import { outgoing } from '../../core/arrange.js';
import { defineCheck, skip, type Subject, type Tools } from '../../core/check.js';
import { allOf, exchangeOf, readingOf, type Evidence } from '../../core/evidence.js';
import { isSuccess, statusOf, type Answered, type Exchange } from '../../core/http.js';
import { strengthOf } from '../../core/reading.js';
import { withValues, type Scope } from '../../core/scope.js';
import { effects, later, send } from '../../core/step.js';
import { seen } from '../../core/trait.js';
import {
  fail,
  findings,
  inconclusive,
  note,
  pass,
  suspect,
  warn,
  type Finding,
  type Verdict,
} from '../../core/verdict.js';
import { hasAnswer, lostAnswer, needsSuccess, present } from '../lib/http/answers.js';
import { carriesId } from '../lib/http/mentions.js';
import { isCrash, isRefusal, voided } from '../lib/http/statuses.js';
import { ignoredPaths } from '../lib/json/likeness.js';
import { IDLE_KEY, isCopy, isKeyIdle, isTelling } from '../lib/judging/copies.js';
import { passOne } from '../lib/judging/doubled.js';
import { as, asCaller, ifAllowed, othersOf } from '../lib/steps/as-caller.js';
import { madeScope, optional } from '../lib/steps/made.js';
import { actsAnew, sibling, stage } from '../lib/steps/stage.js';

export const scopePrincipal = defineCheck({
  id: 'scope-principal',
  group: 'scope',
  title: 'Another caller does not obtain my stored answer with my key',
  severity: 'critical',
  basis: 'convention',
  refs: ['draft-ietf-httpapi-idempotency-key-header-07 section 5 (expired)'],
  sends:
    "A keyed request as the target's own caller. Then, as each caller of `identities`: a request of its own under a key of its own (it must be allowed), the first caller's request with the first caller's key, a request of its own with that key, the first caller's request under a new key, and a read of what the first caller made. Where that caller's requests are refused under both keys: its own request under the new key too.",
  judges:
    "Passes when the other caller's requests are executed as its own, or refused like any other of its requests, and no answer shows what the first caller stored. Fails when an answer, also a refusal, shows the first caller's record, whether or not the other one may read it: callers given apart are tenants apart, and the request was not done. Fails too when a conflict (409, 417, 422) comes only because the first caller used the key: one tenant can block another. Any other such refusal is a warning: it tells that the key exists. Where both share an account and the contract says so (`scope: account`), the shared answer passes and the conflict is a warning.",
  expected: "Each caller has keys of its own: the other caller's request is executed for itself, or refused.",
  why: "Whoever guesses or reads a key gets somebody else's answer: an order, a name, a payment link.",
  fix: 'Look stored answers up by caller and key together, the caller taken from the verified credential.',
  guards: [
    'A record that the same request is answered with under a new key too is no matter of keys.',
    'An id counts only where it is long, or where nothing was counted for the other caller: tenants may number alike.',
    "A refusal counts against the key only when the same request under a new key is accepted, also where a request that the target refuses uses the other caller's own key up.",
    'Some APIs share keys within an account on purpose: `contract.scope: account` says so.',
    'A 429, 502, 503 or 504 voids the try.',
  ],
  messages: {
    'response-leaked': 'Another caller ({identity}) sent my key and was answered with {status} and what I had stored.',
    'leaked-in-refusal':
      'Another caller ({identity}) sent my key and was refused with {status}; the refusal shows my record.',
    'existence-revealed':
      'Another caller ({identity}) is refused with {status} because I used the key; under a new key the request is accepted.',
    crashed: 'Another caller ({identity}) sent my key and was answered with {status}.',
  },
  notes: {
    'shared-account':
      'Caller {identity} may read my record and got my answer: keys are shared within the account, as the contract says.',
    'caller-unused': 'Caller {identity} was not allowed the operation, and showed nothing.',
  },

  select(subject) {
    if (!actsAnew(subject)) return skip('not an operation that creates or acts');
    if (subject.operation.contract.key === null) return skip('takes no idempotency key');
    if (othersOf(subject.identities).length === 0)
      return skip('only one caller is known: give another one, with --identity or `identities` in the spec');
    return subject;
  },

  *probe(target, tools) {
    for (const [round, identity] of othersOf(target.identities).entries()) yield* tryAs(identity, round, target, tools);
  },

  judge(target, evidence) {
    const rounds = othersOf(target.identities).map((identity, round) => judgeRound(target, evidence, identity, round));
    const found = findings(rounds.flatMap(verdict => ('findings' in verdict ? verdict.findings : [])));
    if (found !== null) return found;
    const notes = rounds.flatMap(verdict => (verdict.verdict === 'pass' ? verdict.notes : []));
    const isTried = rounds.some(
      verdict => verdict.verdict === 'pass' && !verdict.notes.some(({ code }) => code === 'caller-unused'),
    );
    const open = rounds.find(verdict => verdict.verdict === 'inconclusive');
    if (open !== undefined && !isTried) return open;
    if (isTried) return pass(notes);
    return inconclusive('control-failed', { detail: 'no other caller is allowed the operation' });
  },

  observe(_target, evidence, verdict) {
    if (verdict.verdict !== 'pass') return [];
    const isShared = verdict.notes.some(({ code }) => code === 'shared-account');
    const proof = (['first', 'same-request', 'own-request'] as const).flatMap(step => allOf(evidence, step));
    return [seen('scope', isShared ? 'account' : 'principal', proof)];
  },
});

/** The steps that are judged. */
type Label =
  'first' | 'control' | 'same-request' | 'own-request' | 'again' | 'new-key' | 'new-key-own' | 'foreign-read';
type Steps = Evidence<Label | 'same-effects' | 'own-effects'>;

type Code = 'response-leaked' | 'leaked-in-refusal' | 'existence-revealed' | 'crashed';
type Judged = Verdict<Code, 'shared-account' | 'caller-unused'>;

function* tryAs(identity: string, round: number, { operation, resource }: Subject, tools: Tools) {
  const scope = yield* stage({ operation, resource }, tools);
  const key = tools.key();
  const original = outgoing(operation, scope, { key });
  const first = yield* send('first', original, round);
  if (!isSuccess(first)) return;
  yield* later('pause', Math.max(tools.preflight.lagMs, 100));
  const own = yield* ifAllowed(identity, stage({ operation, resource }, tools));
  if (own !== null) yield* send('control', as(identity, outgoing(operation, own, { key: tools.key() })), round);
  const same = yield* send('same-request', as(identity, original), round);
  // What an action did to the first caller's resource is not the other caller's to count.
  const counted = { resource, operation, round };
  if (operation.role === 'create') {
    yield* asCaller(identity, effects('same-effects', { ...counted, scope, seen: [same] }));
  }
  const mine = own === null ? null : yield* withOwnRequest(identity, round, { operation, resource }, own, key, tools);
  yield* send('again', original, round);
  const newKey = tools.key();
  const fresh = yield* send('new-key', as(identity, outgoing(operation, scope, { key: newKey })), round);
  if (mine !== null && isRefused(mine.answer) && isRefused(fresh)) {
    yield* send('new-key-own', as(identity, outgoing(operation, mine.scope, { key: newKey })), round);
  }
  const read = optional(resource.read, madeScope({ operation, resource }, scope, first) ?? existing(scope));
  if (read !== null) yield* send('foreign-read', as(identity, read), round);
}

/** The first caller's key on a request of the other caller's own. */
function* withOwnRequest(
  identity: string,
  round: number,
  { operation, resource }: Pick<Subject, 'operation' | 'resource'>,
  own: Scope,
  key: string,
  tools: Tools,
) {
  // What was done once to a resource may not be done again: each action has one of its own.
  const isCreate = operation.role === 'create';
  const scope = isCreate
    ? sibling(resource, own, tools)
    : yield* ifAllowed(identity, stage({ operation, resource }, tools));
  if (scope === null) return null;
  const counted = { resource, operation, scope, round };
  const before = yield* asCaller(identity, effects('before', { ...counted, seen: [] }, 'now'));
  const mine = yield* send('own-request', as(identity, outgoing(operation, scope, { key })), round);
  yield* asCaller(identity, effects('own-effects', { ...counted, seen: [mine], since: before }));
  return { scope, answer: mine };
}

function isRefused(exchange: Exchange): boolean {
  return isRefusal(statusOf(exchange) ?? 0);
}

function existing(scope: Scope): Scope | null {
  return scope.values['id'] === undefined ? null : withValues(scope, {});
}

function judgeRound(target: Subject, evidence: Steps, identity: string, round: number): Judged {
  const at = (step: Label) => exchangeOf(evidence, step, round);
  const [first, control, newKey] = [at('first'), at('control'), at('new-key')];
  const [same, mine] = [at('same-request'), at('own-request')];
  const unusable = voided(first) ?? needsSuccess(first);
  if (unusable !== null || !hasAnswer(first)) return unusable ?? lostAnswer(first);
  const seen = [same, mine].filter(hasAnswer);
  const shown = seen.find(answer => showsFirst(target, evidence, { first, answer, newKey, round }));
  if (shown !== undefined) return leak(target, evidence, { identity, first, shown, newKey, round });
  const odd = voided(same, mine, newKey);
  if (odd !== null) return odd;
  const isAllowed = control !== undefined && isSuccess(control);
  if (!isAllowed) {
    if (hasAnswer(control) && !isRefusal(control.response.status)) return voided(control) ?? crashedControl(control);
    return pass([note('caller-unused', { identity })]);
  }
  if (!hasAnswer(same) || !hasAnswer(mine)) return lostAnswer(hasAnswer(same) ? mine : same);
  const owned = at('new-key-own');
  const isShared = target.operation.contract.scope === 'account';
  const finding = refusedFor(identity, { first, same, mine, newKey, owned, control, isShared });
  if (finding !== null) return findings([finding]) ?? pass();
  if (isKeyIdle(target, first, at('again'))) return inconclusive('control-failed', IDLE_KEY);
  const answer = isSuccess(same) && target.operation.role === 'create' ? same : mine;
  const reading = readingOf(evidence, answer === same ? 'same-effects' : 'own-effects', round);
  if (!isSuccess(answer)) {
    const detail = `with the key, ${identity}'s own request was answered with ${statusOf(answer) ?? 0}`;
    return inconclusive('control-failed', { detail });
  }
  return passOne(evidence, reading, [answer], ignoredPaths(evidence.preflight, target.resource));
}

interface Comparison {
  readonly first: Answered;
  readonly answer: Answered;
  /** The first caller's request, sent by the other one under a new key. */
  readonly newKey: Exchange | undefined;
  readonly round: number;
}

/** Whether an answer to the other caller shows what the first one stored. */
function showsFirst(target: Subject, evidence: Steps, { first, answer, newKey, round }: Comparison): boolean {
  const { operation, resource } = target;
  const { response } = answer;
  const isOwn = answer.step === 'own-request';
  const reading = readingOf(evidence, isOwn ? 'own-effects' : 'same-effects', round);
  const isUncounted = reading !== undefined && strengthOf(reading.kind) === 'direct' && reading.count === 0;
  if (operation.role !== 'create') {
    const isForeign = newKey !== undefined && [401, 403, 404, 410].includes(statusOf(newKey) ?? 0);
    return isSuccess(answer) && isCopy(first, answer) && (isOwn ? isUncounted : isForeign);
  }
  const id = resource.id.from === null ? resource.id.of(first.response) : null;
  if (id === null) return isSuccess(answer) && isOwn && isCopy(first, answer) && isUncounted;
  if (!isSuccess(answer)) return isTelling(id) && carriesId(response, id);
  return resource.id.of(response) === id && (isTelling(id) || isUncounted);
}

function leak(
  target: Subject,
  evidence: Steps,
  found: {
    readonly identity: string;
    readonly first: Answered;
    readonly shown: Answered;
    readonly newKey: Exchange | undefined;
    readonly round: number;
  },
): Judged {
  const { identity, first, shown, newKey, round } = found;
  const read = exchangeOf(evidence, 'foreign-read', round);
  const { status } = shown.response;
  const mayRead = read !== undefined && isSuccess(read);
  if (target.operation.contract.scope === 'account') {
    if (mayRead) return pass([note('shared-account', { identity })]);
    const odd = voided(read);
    if (odd !== null) return odd;
  }
  if (isSameWithout(target, first, newKey)) {
    const detail = `${identity} is shown the first caller's record under a new key too`;
    return inconclusive('control-failed', { detail });
  }
  const code = isSuccess(shown) ? 'response-leaked' : 'leaked-in-refusal';
  return findings([fail(code, { identity, status }, present(first, shown, newKey, read))]) ?? pass();
}

/** Whether a create answers with what there is already, whatever the key. */
function isSameWithout({ operation, resource }: Subject, first: Answered, newKey: Exchange | undefined): boolean {
  if (operation.role !== 'create' || !hasAnswer(newKey)) return false;
  const id = resource.id.from === null ? resource.id.of(first.response) : null;
  if (id === null) return false;
  const { response } = newKey;
  return response.status < 300 ? resource.id.of(response) === id : carriesId(response, id);
}

/** What a server answers with to another payload under a used key. */
const CONFLICTS: readonly number[] = [409, 417, 422];

/** A refusal or a crash that only the first caller's use of the key explains. */
function refusedFor(
  identity: string,
  answers: {
    readonly first: Answered;
    readonly same: Answered;
    readonly mine: Answered;
    readonly newKey: Exchange | undefined;
    /** The other caller's own request, under a key that it alone used, for a request that was refused. */
    readonly owned: Exchange | undefined;
    readonly control: Exchange;
    /** Whether the contract says that the callers of an account share their keys. */
    readonly isShared: boolean;
  },
): Finding<Code> | null {
  const { first, same, mine, newKey, owned, control, isShared } = answers;
  const accepted = newKey !== undefined && isSuccess(newKey);
  const crash: Answered | undefined = [same, mine].find(({ response }) => isCrash(response.status));
  if (crash !== undefined && (accepted || crash === mine)) {
    return suspect('crashed', { identity, status: crash.response.status }, present(first, crash, control, newKey));
  }
  const atOnce = isRefusal(same.response.status) && accepted ? same : null;
  // Once the other caller's first use of the key was executed, or was what the key is kept for, the key is its own.
  const isUsedUp = isSuccess(same) || (owned !== undefined && !isSuccess(owned));
  const afterwards = !isUsedUp && isRefusal(mine.response.status) ? mine : null;
  const refusal = atOnce ?? afterwards;
  if (refusal === null) return null;
  const { status } = refusal.response;
  const shows = CONFLICTS.includes(status) && !isShared ? fail : warn;
  return shows('existence-revealed', { identity, status }, present(first, refusal, control, newKey, owned));
}

function crashedControl(control: Answered): Judged {
  const status = statusOf(control) ?? 0;
  return inconclusive('control-failed', { detail: `the other caller's own request was answered with ${status}` });
}
