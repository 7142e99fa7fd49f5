import { arrange, outgoing } from '../../core/arrange.js';
import { defineCheck, skip, type Subject } from '../../core/check.js';
import type { Contract } from '../../core/contract.js';
import { exchangesOf, lastOf, type Evidence } from '../../core/evidence.js';
import { isSuccess, statusOf, type Exchange } from '../../core/http.js';
import { withKey, type Operation } from '../../core/operation.js';
import type { Outgoing } from '../../core/resource.js';
import { send } from '../../core/step.js';
import { inconclusive, pass, suspect, type Verdict } from '../../core/verdict.js';
import { hasAnswer, lostAnswer, needsSuccess, present } from '../lib/http/answers.js';
import { cachedBy, changesBetween, restlessPaths } from '../lib/http/state.js';
import { voided } from '../lib/http/statuses.js';
import type { Difference } from '../lib/json/json.js';
import { found } from '../lib/judging/found.js';
import { finishedScope } from '../lib/steps/made.js';
import { whyNoRead } from '../lib/steps/reads.js';
import { drafted, rivals, settle, writing } from '../lib/steps/writing.js';

/** A read of something that can be made under a key, and changed. */
interface Target extends Subject {
  readonly create: Operation;
  readonly change: Operation;
}

export const safeIgnoresKey = defineCheck({
  id: 'safe-ignores-key',
  group: 'safe',
  title: 'An idempotency key on a read changes nothing',
  severity: 'low',
  basis: 'convention',
  refs: ['RFC 9110 section 9.2.1', 'draft-ietf-httpapi-idempotency-key-header-07 section 1 (expired)'],
  sends:
    'Creates a resource under a key, reads it without a key and with another one, changes it, and reads it four times more: without a key, with the key of the read, with the key of the create, and without again.',
  judges:
    'Passes when the reads with a key show what those without show. Fails, when it comes again on a fresh resource, where a read with a key shows the state before the change, or the answer of the create. Warns where a read is refused because of its key. Stays open when the change does not show without a key, or an answer came from a cache.',
  expected: 'The present state, whatever key the read carries.',
  why: 'Clients and gateways that put a key on every request would read the first answer for ever, or the answer of the POST in place of the resource.',
  fix: 'Apply the key layer to the methods that need it (POST, PATCH), or make the method part of what a key stands for and let safe methods through.',
  guards: [
    'Reads without a key before and after show that the change is there to be seen.',
    'Fields that change by themselves are left out.',
    'An answer from a cache is none of the key layer.',
    'An odd answer counts only when it comes again.',
  ],
  messages: {
    'stale-read':
      'A read with a key that an earlier read had shows {path} as it was then ({before}), and not as it is ({after}).',
    'create-replayed':
      'A read with the key of the create was answered with what the create was answered with ({status}).',
    'refused-with-key': 'The read was answered with {status} when it carried a key, and with {plain} without one.',
  },

  select(subject): Target | ReturnType<typeof skip> {
    const { create, update, replace } = subject.resource;
    const reason = whyNoRead(subject);
    if (reason !== null || subject.operation.role !== 'read' || create === null)
      return skip(reason ?? 'not a read of one resource');
    if (create.contract.key === null) return skip('what creates the resource takes no idempotency key');
    if (create.contract.key.in === 'body') return skip('keys travel in the body, and a read has none');
    const change = update ?? replace;
    return change === null ? skip('nothing changes the resource between two reads') : { ...subject, create, change };
  },

  *probe({ operation, resource, create, change }, tools) {
    const [createKey, readKey] = [tools.key(), tools.key()];
    const empty = yield* arrange(resource, tools);
    const created = yield* send('create', outgoing(create, empty, { key: createKey }));
    const scope = yield* finishedScope({ operation: create, resource }, empty, created);
    if (scope === null) return;
    const plain = outgoing(operation, scope);
    yield* settle(tools);
    yield* send('plain', plain);
    yield* send('keyed', carrying(plain, create.contract, readKey));
    const [other] = rivals(change, { resource, scope }, tools);
    const changing = drafted(change, other, tools);
    if (!isSuccess(yield* writing('change', changing, { resource, scope }))) return;
    yield* settle(tools);
    yield* send('plain-after', plain);
    yield* send('keyed-after', carrying(plain, create.contract, readKey));
    yield* send('create-key', carrying(plain, create.contract, createKey));
    yield* send('plain-last', plain);
  },

  judge(target, evidence) {
    const [created, plain, keyed] = exchangesOf(evidence, 'create', 'plain', 'keyed');
    const unusable = voided(created) ?? needsSuccess(created);
    if (unusable !== null) return unusable;
    if (plain === undefined) return inconclusive('setup-no-id', { operation: target.create.name });
    const trouble = voided(plain, keyed) ?? needsSuccess(plain);
    if (trouble !== null) return trouble;
    if (!hasAnswer(keyed)) return lostAnswer(keyed);
    if (!isSuccess(keyed)) return refused(plain, keyed);
    return afterChange(target, evidence);
  },
});

/** The steps that are judged. */
type Steps = Evidence<
  'create' | 'plain' | 'keyed' | 'plain-after' | 'keyed-after' | 'create-key' | 'plain-last' | 'change'
>;

type Judged = Verdict<'stale-read' | 'create-replayed' | 'refused-with-key', never>;

function carrying(sent: Outgoing, contract: Contract, key: string): Outgoing {
  return { ...sent, request: withKey(sent.request, contract, key) };
}

function refused(plain: Exchange, keyed: Exchange): Judged {
  const args = { status: statusOf(keyed) ?? 0, plain: statusOf(plain) ?? 0 };
  return found(suspect('refused-with-key', args, [plain, keyed], { level: 'warn' }));
}

function afterChange({ resource, change }: Target, evidence: Steps): Judged {
  const [created, plain, keyed] = exchangesOf(evidence, 'create', 'plain', 'keyed');
  const [after, keyedAfter, createKey, last] = exchangesOf(
    evidence,
    'plain-after',
    'keyed-after',
    'create-key',
    'plain-last',
  );
  const write = lastOf(evidence, 'change');
  if (write === undefined || !isSuccess(write)) {
    return inconclusive('setup-request-failed', { operation: change.name, status: statusOf(write) ?? 0 });
  }
  const reads = [after, keyedAfter, createKey, last];
  const trouble = voided(...reads) ?? reads.map(cached).find(verdict => verdict !== null);
  if (trouble !== null && trouble !== undefined) return trouble;
  const ignored = restlessPaths(resource, plain, keyed);
  const changes = changesBetween(plain, after, ignored) ?? [];
  const [shown] = changes;
  if (shown === undefined || shows(plain, last, changes, ignored)) {
    return inconclusive('control-failed', { detail: 'the change does not show in a read without a key' });
  }
  if (isOther(createKey, after)) {
    return found(
      suspect('create-replayed', { status: statusOf(createKey) ?? 0 }, present(created, write, after, createKey)),
    );
  }
  if (shows(plain, keyedAfter, changes, ignored)) {
    const args = { path: shown.path, before: text(shown.before), after: text(shown.after) };
    return found(suspect('stale-read', args, present(keyed, write, after, keyedAfter)));
  }
  if (shows(plain, createKey, changes, ignored)) {
    return found(
      suspect('create-replayed', { status: statusOf(createKey) ?? 0 }, present(created, write, after, createKey)),
    );
  }
  const lost = reads.find(read => !hasAnswer(read));
  if (lost !== undefined || reads.includes(undefined)) return lostAnswer(lost);
  const late = reads.find(read => read !== undefined && !isSuccess(read));
  return late === undefined || after === undefined ? pass() : refused(after, late);
}

function cached(read: Exchange | undefined): Verdict<never, never> | null {
  const header = cachedBy(read);
  return header === null ? null : inconclusive('cached', { header });
}

/** Answered with success, and with another status than a read without a key: the 201 of the create. */
function isOther(keyed: Exchange | undefined, plain: Exchange | undefined): boolean {
  return keyed !== undefined && isSuccess(keyed) && statusOf(keyed) !== statusOf(plain);
}

/** Whether a read still shows what an old one showed, in every place that has changed since. */
function shows(
  old: Exchange | undefined,
  read: Exchange | undefined,
  changes: readonly Difference[],
  ignored: readonly string[],
): boolean {
  const since = changesBetween(old, read, ignored);
  return since !== null && !since.some(({ path }) => changes.some(change => change.path === path));
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? 'absent');
}
