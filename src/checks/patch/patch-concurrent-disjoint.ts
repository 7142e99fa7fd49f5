import { make, outgoing } from '../../core/arrange.js';
import { defineCheck, skip, type Subject, type Tools } from '../../core/check.js';
import { allOf, exchangeOf, lastOf, roundsOf, type Evidence } from '../../core/evidence.js';
import { isSuccess, statusOf, type Answered, type Exchange, type Request } from '../../core/http.js';
import { withKey, type Operation, type Payload } from '../../core/operation.js';
import type { Outgoing, Resource } from '../../core/resource.js';
import { sampleOf } from '../../core/sample.js';
import { send, together } from '../../core/step.js';
import { fail, inconclusive, note, pass, type Verdict } from '../../core/verdict.js';
import { lostAnswer, needsSuccess } from '../lib/http/answers.js';
import { cachedBy } from '../lib/http/state.js';
import { isRefusal, listed, voided } from '../lib/http/statuses.js';
import { entityTag, offersControl, underVersion, versionOf, versionPath } from '../lib/http/version.js';
import { fieldsIn, shows, type Leaf } from '../lib/json/fields.js';
import { jsonOf } from '../lib/json/json.js';
import { isJsonPatch, membersIn, withOnly } from '../lib/json/patching.js';
import { found } from '../lib/judging/found.js';
import { crashed } from '../lib/racing/crashed.js';
import { counts, noRound, racePowerNote, rounds } from '../lib/racing/racing.js';
import { attempt, settle, type Place } from '../lib/steps/writing.js';

/** Statuses that one of two patches which meet may be refused with (RFC 5789 section 2.2). */
const USUAL: readonly number[] = [409, 412, 423, 428];

export const patchConcurrentDisjoint = defineCheck({
  id: 'patch-concurrent-disjoint',
  group: 'patch',
  title: 'Concurrent PATCHes of different fields do not lose one',
  severity: 'medium',
  basis: 'convention',
  refs: ['RFC 5789 section 2', 'RFC 5789 section 2.2', 'RFC 7396'],
  sends:
    'First, one after the other and in both orders: two patches that write different fields, the body of the spec and the members that only its variant has; or, where both have the same members, two that the variant changes. Then, in each round and on a new resource, both at the same moment on warm connections, and a read. They carry a version only where one is wanted.',
  judges:
    'Passes when at least one round counts (both in flight together and answered, none with 429, 502, 503 or 504) and every accepted patch is in the state: both, or one while the other is refused. Fails when an accepted one is missing and the API offers concurrency control (a strong tag, a version field, If-Match in its document); warns where it offers none, since no standard forbids it. Fails when two rounds crash. Stays open when the patches do not show, or undo each other, one after the other.',
  expected: 'Both changes in the state, or one of the patches refused with 409, 412, 423 or 428.',
  why: 'Two people who edit different fields of one record do not expect to be in conflict. Where PATCH reads the whole record, changes it and writes it back, one of them loses the work and both read 200.',
  fix: 'Write only the columns that the patch names, or compare the version in the same statement and answer 412.',
  guards: [
    'Both patches show in the state when they come one after the other, in either order.',
    'Lost means that two reads, some time apart and none from a cache, do not show it.',
    'A 202 is not accepted yet.',
    'A 500 in a single round counts only when it comes again.',
  ],
  messages: {
    'patch-lost':
      '{accepted} of two simultaneous patches of different fields succeeded, and what one of them says ({path}) is not in the state; seen in {hits} of {rounds} rounds.',
    crashed: 'One of two simultaneous patches was answered with {status} (in {hits} of {rounds} rounds).',
  },

  select({ operation, resource }) {
    if (operation.role !== 'update' || operation.method !== 'PATCH') return skip('not a PATCH of a resource');
    if (resource.create === null) return skip('no create operation to make something to patch');
    if (resource.read === null) return skip('no read operation to see the state with');
    const parts = partsOf(operation, resource);
    return 'why' in parts ? skip(parts.why) : { operation, resource, read: resource.read, parts: parts.parts };
  },

  *probe(target, tools) {
    const { resource, read, parts } = target;
    const isVersioned: boolean[] = [];
    for (const [order, pair] of [parts, parts.toReversed()].entries()) {
      const { scope } = yield* make(resource, tools);
      const place = { resource, scope };
      yield* settle(tools);
      yield* send('control before', outgoing(read, scope), order);
      for (const part of pair) {
        const one = yield* attempt('control', patch(target, part, place, tools), place, { round: order });
        if (!isSuccess(one.exchange)) return;
        isVersioned.push(one.version !== null);
      }
      yield* settle(tools);
      yield* send('control state', outgoing(read, scope), order);
    }
    yield* rounds(tools, round => raced(target, isVersioned.includes(true), tools, round));
  },

  judge(target, evidence) {
    const open = openAfterControl(target, evidence);
    if (open !== null) return open;
    const played = roundsOf(evidence, 'race');
    return lost(target, evidence, played) ?? crashed(played) ?? kept(target, evidence, played);
  },
});

/** The steps that are judged. */
type Steps = Evidence<'control before' | 'control state' | 'control' | 'state' | 'before'>;

/** A part of a payload: which members of which one. */
interface Part {
  readonly payload: Payload;
  readonly names: readonly string[];
}

type Target = Pick<Subject, 'operation' | 'resource'> & { readonly read: Operation; readonly parts: readonly Part[] };
type Round = readonly Exchange[];
type Judged = Verdict<'patch-lost' | 'crashed', never>;

/**
 * Two parts that write different fields: one payload, and what only the other one has; of payloads with the same fields
 * two that the variant changes; or why there are none.
 */
function partsOf(
  operation: Operation,
  resource: Resource,
): { readonly parts: readonly Part[] } | { readonly why: string } {
  const same =
    'its two payloads write the same fields; give the variant a field of its own in the spec, such as variant: {note: "checked"}';
  if (!operation.payloads.has('changed')) return { why: same };
  const [body, variant] = [sampleOf(operation, resource), sampleOf(operation, resource, 'changed')];
  if (body === null || variant === null) return { why: 'its request needs a value that only an earlier answer gives' };
  if (isJsonPatch(body)) return { why: 'a JSON Patch, which names steps and no fields' };
  const [mine, theirs] = [membersIn(body), membersIn(variant)];
  const [onlyMine, onlyTheirs] = [
    mine.filter(name => !theirs.includes(name)),
    theirs.filter(name => !mine.includes(name)),
  ];
  const other = onlyMine.length + onlyTheirs.length === 0 ? differing(body, variant, mine) : [];
  if (other.length > 1) {
    const halves = [other.slice(0, 1), other.slice(1)];
    return { parts: halves.map(names => ({ payload: 'changed', names })) };
  }
  const [first, second] = onlyTheirs.length > 0 ? [mine, onlyTheirs] : [onlyMine, theirs];
  if (first.length === 0 || second.length === 0) return { why: same };
  return {
    parts: [
      { payload: 'body', names: first },
      { payload: 'changed', names: second },
    ],
  };
}

/** The members to which two requests give different values. */
function differing(one: Request, other: Request, names: readonly string[]): readonly string[] {
  return names.filter(name => withOnly(one, [name]).body !== withOnly(other, [name]).body);
}

function patch({ operation }: Target, { payload, names }: Part, { scope }: Place, tools: Tools): Outgoing {
  const whole = outgoing(operation, scope, { payload });
  return { ...whole, request: withKey(withOnly(whole.request, names), operation.contract, tools.key()) };
}

function* raced(target: Target, isVersioned: boolean, tools: Tools, round: number) {
  const { resource, read, parts } = target;
  const { scope } = yield* make(resource, tools);
  const place = { resource, scope };
  const look = outgoing(read, scope);
  yield* settle(tools);
  const version = versionOf(resource, yield* send('before', look, round));
  const lanes = parts
    .map(part => patch(target, part, place, tools))
    .map(sent => (isVersioned && version !== null ? underVersion(sent, resource, version) : sent));
  const race = yield* together('race', lanes, { round, warmUp: look });
  yield* settle(tools);
  if (missingIn(target, race, yield* send('state', look, round)) === null) return { counted: null };
  yield* settle(tools);
  return { counted: null, proven: missingIn(target, race, yield* send('state', look, round)) !== null };
}

function openAfterControl(target: Target, evidence: Steps) {
  for (const order of [0, 1]) {
    const before = exchangeOf(evidence, 'control before', order);
    const state = exchangeOf(evidence, 'control state', order);
    const tries = allOf(evidence, 'control', order);
    const last = tries.at(-1);
    const unusable =
      voided(before, last) ?? needsSuccess(before) ?? needsSuccess(last) ?? voided(state) ?? needsSuccess(state);
    if (unusable !== null) return unusable;
    const accepted = tries.filter(isSuccess);
    const [first, second] = accepted;
    if (first === undefined || second === undefined) return lostAnswer(first);
    const shown = accepted.find(
      write => before !== undefined && isSuccess(before) && missing(target, write, before).length === 0,
    );
    if (shown !== undefined) {
      return inconclusive('control-failed', { detail: 'the resource shows what a patch says before it was sent' });
    }
    const undone = accepted.flatMap(write =>
      state !== undefined && isSuccess(state) ? missing(target, write, state) : [],
    );
    if (undone[0] !== undefined) {
      const detail = `one after the other, the patches do not both show: ${undone[0].path}`;
      return inconclusive('control-failed', { detail });
    }
  }
  return null;
}

/** The fields a write says and a state does not show; the version it was made to and its key are none of them. */
function missing({ operation, resource }: Target, write: Exchange, state: Answered): readonly Leaf[] {
  const document = jsonOf(state.response);
  const { key } = operation.contract;
  const passing = [...versionPath(resource), ...(key?.in === 'body' ? [`$.${key.name}`] : [])];
  const own = fieldsIn(write.request).filter(({ path }) => !passing.includes(path));
  return own.filter(leaf => leaf.value !== null && !shows(document, leaf));
}

/** Those that were accepted for certain: a 202 may still be refused. */
function acceptedIn(round: Round): readonly Answered[] {
  return round.filter(isSuccess).filter(({ response }) => response.status !== 202);
}

/** The first field of an accepted patch that a state does not show; `null` when all are there, or nobody knows. */
function missingIn(target: Target, round: Round, state: Exchange | undefined): Leaf | null {
  if (state === undefined || !isSuccess(state) || cachedBy(state) !== null) return null;
  if (jsonOf(state.response) === undefined) return null;
  return acceptedIn(round).flatMap(write => missing(target, write, state))[0] ?? null;
}

function lost(target: Target, evidence: Steps, played: readonly Round[]): Judged | null {
  const { operation, resource } = target;
  const hits = played.flatMap(round => {
    const looks = allOf(evidence, 'state', round[0]?.round);
    const gone = looks.map(look => missingIn(target, round, look));
    const leaf = gone.at(-1);
    return gone.length > 1 && !gone.includes(null) && leaf ? [{ round, leaf, looks }] : [];
  });
  const [hit] = hits;
  if (hit === undefined) return null;
  const { round, leaf, looks } = hit;
  const accepted = acceptedIn(round);
  const version = versionOf(resource, exchangeOf(evidence, 'before', round[0]?.round)) ?? entityTag('');
  const args = { accepted: accepted.length, path: leaf.path, hits: hits.length, rounds: played.length };
  const level = offersControl(operation, version) ? 'fail' : 'warn';
  return found(fail('patch-lost', args, [...accepted, ...looks], { level }));
}

function kept(target: Target, evidence: Steps, played: readonly Round[]): Judged {
  const overlapping = played.filter(round => counts(round));
  if (overlapping.length === 0) return noRound(played);
  const settled = overlapping.filter(round => acceptedIn(round).length > 0);
  if (settled.length === 0) {
    const detail = `of two patches at once none was accepted (${statusOf(overlapping[0]?.[0])})`;
    return inconclusive('control-failed', { detail });
  }
  const looks = settled.map(round => lastOf(evidence, 'state', round[0]?.round));
  const seen = settled.filter((round, at) => isShown(target, round, looks[at]));
  if (seen.length === 0) return unseen(looks[0]);
  const odd = seen
    .flat()
    .find(exchange => isRefusal(statusOf(exchange) ?? 0) && !USUAL.includes(statusOf(exchange) ?? 0));
  return pass([
    odd !== undefined && note('status-outside', { status: statusOf(odd) ?? 0, expected: listed(USUAL) }),
    racePowerNote(seen),
  ]);
}

/** Whether a read can be held against a round, and shows everything that was accepted in it. */
function isShown(target: Target, round: Round, look: Exchange | undefined): boolean {
  if (look === undefined || !isSuccess(look) || cachedBy(look) !== null) return false;
  return jsonOf(look.response) !== undefined && missingIn(target, round, look) === null;
}

function unseen(look: Exchange | undefined): Verdict<never, never> {
  const unusable = voided(look) ?? needsSuccess(look);
  if (unusable !== null) return unusable;
  const cache = cachedBy(look);
  return cache === null ? inconclusive('unsteady') : inconclusive('cached', { header: cache });
}
