import { outgoing } from '../../core/arrange.js';
import { ANONYMOUS, GARBAGE } from '../../core/callers.js';
import { defineCheck, skip, type Subject } from '../../core/check.js';
import { exchangeOf, type Evidence } from '../../core/evidence.js';
import { isSuccess, statusOf, type Answered, type Exchange } from '../../core/http.js';
import { later, send } from '../../core/step.js';
import {
  fail,
  findings,
  inconclusive,
  note,
  pass,
  suspect,
  warn,
  type Finding,
  type Note,
} from '../../core/verdict.js';
import { hasAnswer, lostAnswer, needsSuccess, present } from '../lib/http/answers.js';
import { isCrash, isRefusal, voided } from '../lib/http/statuses.js';
import { IDLE_KEY, isKeyIdle } from '../lib/judging/copies.js';
import { as, othersOf } from '../lib/steps/as-caller.js';
import { actsAnew, sibling, stage } from '../lib/steps/stage.js';

/** Ways to come without a valid credential; the place of each is its round. */
const STRANGERS = [
  { identity: ANONYMOUS, how: 'without a credential' },
  { identity: GARBAGE, how: 'with a worthless credential' },
] as const;

export const replayReauthorises = defineCheck({
  id: 'replay-reauthorises',
  group: 'scope',
  title: 'A retry still needs a valid credential',
  severity: 'high',
  basis: 'convention',
  refs: ['draft-ietf-httpapi-idempotency-key-header-07 section 5 (expired)'],
  sends:
    'A keyed request; then the same request and key without a credential, and with a worthless one in its place; before each, the operation under a new key in the same way. Each caller of `identities` that is refused the operation under a new key repeats the first request too.',
  judges:
    'Passes when the retries without a valid credential are refused with 401 or 403, or just as the operation itself is. Fails when one is answered with success although the operation under a new key is refused. Warns when the refusal speaks of the key instead of the credential, and when a caller that may not do the operation is given the stored answer (the contract may allow that: `scope: account`). Stays open when the operation needs no credential.',
  expected: 'A 401 or 403, as for any other request without a valid credential.',
  why: 'A key in a log or a proxy then opens what it once created to anybody; a revoked token keeps reading.',
  fix: 'Authenticate and authorise first, and look at the key afterwards.',
  guards: [
    'What counts is the difference to the same caller under a new key.',
    'An operation open to everybody has nothing to protect.',
    'The key must have been seen to protect the first request.',
    'A 429, 502, 503 or 504 voids the try.',
  ],
  messages: {
    replayed: 'The retry {how} was answered with {status}; under a new key the operation is refused ({control}).',
    'key-before-credential':
      'The retry {how} was refused with {status}, under a new key with {control}: the key was looked at first, and shows that it exists.',
    'replayed-to-lesser':
      'Caller {identity} may not do the operation ({control}), but was given the stored answer ({status}).',
    crashed: 'The retry {how} was answered with {status}.',
  },
  notes: {
    open: 'The operation {how} is accepted: there is nothing to protect in that.',
    'account-wide':
      'Caller {identity} may not do the operation, and reads what is stored in the account, as the contract says.',
  },

  select(subject) {
    if (!actsAnew(subject)) return skip('not an operation that creates or acts');
    if (subject.operation.contract.key === null) return skip('takes no idempotency key');
    if (!subject.isAuthenticated) return skip('the requests of the run carry no credential');
    return subject;
  },

  *probe({ operation, resource, identities }, tools) {
    const scope = yield* stage({ operation, resource }, tools);
    const original = outgoing(operation, scope, { key: tools.key() });
    const first = yield* send('first', original);
    if (!isSuccess(first)) return;
    yield* later('pause', Math.max(tools.preflight.lagMs, 100));
    const callers = [...STRANGERS.map(({ identity }) => identity), ...othersOf(identities)];
    for (const [round, identity] of callers.entries()) {
      const other = operation.role === 'create' ? sibling(resource, scope, tools) : scope;
      const control = yield* send('new-key', as(identity, outgoing(operation, other, { key: tools.key() })), round);
      if (round >= STRANGERS.length && !isForbidden(control)) continue;
      yield* send('replay', as(identity, original), round);
    }
    yield* send('again', original);
  },

  judge(target, evidence) {
    const first = exchangeOf(evidence, 'first');
    const unusable = voided(first) ?? needsSuccess(first);
    if (unusable !== null || !hasAnswer(first)) return unusable ?? lostAnswer(first);
    const strangers = STRANGERS.map(({ how }, round) => strangerIn(evidence, first, how, round));
    const lessers = othersOf(target.identities).map((identity, at) =>
      lesserIn(target, evidence, first, identity, at + STRANGERS.length),
    );
    const all = [...strangers, ...lessers];
    const found = findings(all.map(({ finding }) => finding));
    if (found !== null) return found;
    const open = strangers.find(({ trouble }) => trouble !== null);
    if (open !== undefined && open.trouble !== null) return open.trouble;
    if (isKeyIdle(target, first, exchangeOf(evidence, 'again'))) return inconclusive('control-failed', IDLE_KEY);
    const notes = all.map(seen => seen.note);
    if (strangers.every(seen => seen.note?.code === 'open')) {
      return inconclusive('control-failed', { detail: 'the operation needs no credential' });
    }
    return pass(notes);
  },
});

/** The steps that are judged. */
type Steps = Evidence<'new-key' | 'replay'>;

type Code = 'replayed' | 'key-before-credential' | 'replayed-to-lesser' | 'crashed';

/** What became of one caller's retry. */
interface Seen {
  readonly finding: Finding<Code> | null;
  readonly note: Note<'open' | 'account-wide' | 'status-outside'> | null;
  readonly trouble: ReturnType<typeof inconclusive> | null;
}

const NOTHING: Seen = { finding: null, note: null, trouble: null };

function strangerIn(evidence: Steps, first: Answered, how: string, round: number): Seen {
  const [control, replay] = [exchangeOf(evidence, 'new-key', round), exchangeOf(evidence, 'replay', round)];
  if (!hasAnswer(control) || !hasAnswer(replay)) {
    return { ...NOTHING, trouble: voided(control, replay) ?? lostAnswer(hasAnswer(control) ? replay : control) };
  }
  const odd = voided(control, replay);
  if (odd !== null) return { ...NOTHING, trouble: odd };
  const [status, refusedWith] = [replay.response.status, control.response.status];
  if (isSuccess(control)) return { ...NOTHING, note: note('open', { how }) };
  const args = { how, status, control: refusedWith };
  const proof = present(first, control, replay);
  if (isSuccess(replay)) return { ...NOTHING, finding: fail('replayed', args, proof) };
  if (isCrash(status) && !isCrash(refusedWith)) return { ...NOTHING, finding: suspect('crashed', args, proof) };
  if (status === 401 || status === 403) return NOTHING;
  if (status === refusedWith) return { ...NOTHING, note: note('status-outside', { status, expected: '401 or 403' }) };
  if (isRefusal(status)) return { ...NOTHING, finding: warn('key-before-credential', args, proof) };
  return { ...NOTHING, trouble: inconclusive('control-failed', { detail: `the retry ${how}: ${status}` }) };
}

/** A caller of the user's that may not do the operation: the stored answer is not meant for it either. */
function lesserIn(target: Subject, evidence: Steps, first: Answered, identity: string, round: number): Seen {
  const [control, replay] = [exchangeOf(evidence, 'new-key', round), exchangeOf(evidence, 'replay', round)];
  if (control === undefined || replay === undefined || !isForbidden(control) || !isSuccess(replay)) return NOTHING;
  if (target.operation.contract.scope === 'account') return { ...NOTHING, note: note('account-wide', { identity }) };
  const args = { identity, status: replay.response.status, control: statusOf(control) ?? 0 };
  return { ...NOTHING, finding: warn('replayed-to-lesser', args, present(first, control, replay)) };
}

function isForbidden(control: Exchange): boolean {
  const status = statusOf(control);
  return status === 401 || status === 403;
}
