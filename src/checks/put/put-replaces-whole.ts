import { outgoing } from '../../core/arrange.js';
import { defineCheck, skip, type Subject, type Tools } from '../../core/check.js';
import { exchangeOf, lastOf, type Evidence } from '../../core/evidence.js';
import { isSuccess, type Exchange } from '../../core/http.js';
import type { Operation, Payload } from '../../core/operation.js';
import type { Scope } from '../../core/scope.js';
import { later, send } from '../../core/step.js';
import { fail, findings, inconclusive, note, pass, warn } from '../../core/verdict.js';
import { hasAnswer, lostAnswer, needsSuccess, present } from '../lib/http/answers.js';
import { cachedBy } from '../lib/http/state.js';
import { voided } from '../lib/http/statuses.js';
import { fieldsIn, isAlike, onlyIn, shows, type Leaf } from '../lib/json/fields.js';
import { jsonOf } from '../lib/json/json.js';
import { takingAway, withNull } from '../lib/json/patching.js';
import { placed, whyNoPut } from '../lib/steps/putting.js';
import { NEXT_SECOND_MS, settle, writing } from '../lib/steps/writing.js';

/** What a document says of a PUT that replaces, and of one that does so in part. */
const REPLACES = /\b(?:replac(?:e|es|ed|ing|ement)|overwrit\w*)\b/i;
const PARTLY = /\b(?:partial\w*|merg\w*|only the (?:given|provided|specified)|omitted \w+ (?:are|is|stay|remain))\b/i;

export const putReplacesWhole = defineCheck({
  id: 'put-replaces-whole',
  group: 'put',
  title: 'PUT replaces the whole representation',
  severity: 'medium',
  basis: 'must',
  refs: ['RFC 9110 section 9.3.4'],
  sends:
    'Creates a resource and puts a body without its optional fields, then one with them, then the first one again. Reads after each, and twice after the last, a second apart. Where a field was kept: a PUT with null in its place, and a PATCH that takes it away, each followed by a read. Where a version is wanted, each PUT carries the current one.',
  judges:
    'Passes when every optional field that the second PUT set is gone, or has another value, once the third left it out. Warns when it still has the value, and had another one after the same body before: then it is no default, but what was there; fails where the document says that PUT replaces, or where neither a PUT nor a PATCH that says null takes it away. Warns when it still has the value and the create had already given it that one, so that it may be a default. Stays open when no such field is shown by a read, or a body without it is refused. Does not apply where no optional field is known (`omit` of the operation).',
  expected:
    'After a PUT the resource says what the body says; what the body leaves out is gone or back at its default.',
  why: 'A client that clears a field by leaving it out believes it cleared; and a PUT that merges gives another result each time, depending on what was there.',
  fix: 'Build the new state from the body and the defaults alone. Offer PATCH (RFC 7396) for changes of single fields.',
  guards: [
    'The same body must give two different states before anything fails: a default is always the same.',
    'Fields that a read does not show with the value written (write-only, or set by the server) are left out.',
    'The state counts only when two reads, a second apart, agree.',
    'An answer from a cache leaves it open.',
  ],
  messages: {
    'old-value-kept': 'A PUT without {path} left its old value there: it was applied as a merge.',
    'perhaps-kept': 'A PUT without {path} left the value there that was written before; it may be a default.',
  },
  notes: {
    'fields-unseen': 'Not judged, since a read does not show what was written: {paths}.',
  },

  select(subject) {
    const { operation, resource } = subject;
    const { read } = resource;
    const reason = whyNoPut(subject);
    if (reason !== null || read === null) return skip(reason ?? 'no read operation to see the state with');
    if (!operation.payloads.has('omit')) return skip('no optional field is known that can be left out');
    return { operation, resource, read };
  },

  *probe({ operation, resource, read }, tools) {
    const scope = yield* placed(operation, resource, tools);
    const put = function* <const Label extends string>(label: Label, payload: Payload) {
      const sent = outgoing(operation, scope, { payload, key: tools.key() });
      const answer = yield* writing(label, sent, { resource, scope });
      yield* settle(tools);
      return answer;
    };
    yield* put('without', 'omit');
    yield* send('bare', outgoing(read, scope));
    const whole = yield* put('with', 'body');
    if (!isSuccess(whole)) return;
    const filled = yield* send('filled', outgoing(read, scope));
    const again = yield* put('without again', 'omit');
    if (!isSuccess(again)) return;
    const after = yield* send('after', outgoing(read, scope));
    yield* later('control', NEXT_SECOND_MS);
    const late = yield* send('later', outgoing(read, scope));
    const kept = keptOf(seenOf(omittedBy(whole, again), filled), after, late);
    if (kept.length > 0) yield* takenAway({ operation, resource, read, scope }, kept, tools);
  },

  judge({ operation }, evidence) {
    const [whole, again] = [lastOf(evidence, 'with'), lastOf(evidence, 'without again')];
    const unusable = voided(whole) ?? needsSuccess(whole) ?? voided(again);
    if (unusable !== null || whole === undefined) return unusable ?? lostAnswer(whole);
    if (!hasAnswer(again)) return lostAnswer(again);
    const { status } = again.response;
    if (!isSuccess(again)) {
      return inconclusive('control-failed', { detail: `the body without the field was answered with ${status}` });
    }
    const unreadable = readTrouble(evidence);
    if (unreadable !== null) return unreadable;
    const omitted = omittedBy(whole, again);
    const seen = seenOf(omitted, lastOf(evidence, 'filled'));
    const kept = keptOf(seen, lastOf(evidence, 'after'), lastOf(evidence, 'later'));
    const lost = kept.find(field => !isDoubtful(evidence, field));
    const doubtful = kept.find(field => isDoubtful(evidence, field) && isCreatedWith(evidence, field));
    const proof = present(lastOf(evidence, 'filled'), again, lastOf(evidence, 'later'));
    const found = findings([
      lost !== undefined && keptFinding(operation, evidence, lost, proof),
      lost === undefined && doubtful !== undefined && warn('perhaps-kept', { path: doubtful.path }, proof),
    ]);
    if (found !== null) return found;
    const replaced = seen.filter(field => !kept.includes(field) && !isShown(evidence, 'later', field));
    if (replaced.length === 0) {
      return inconclusive('control-failed', { detail: 'no field that can be left out shows what was written to it' });
    }
    const unseen = omitted.filter(field => !seen.includes(field)).map(({ path }) => path);
    return pass([unseen.length > 0 && note('fields-unseen', { paths: unseen.join(', ') })]);
  },
});

/** The steps that are judged. */
type Steps = Evidence<'without' | 'bare' | 'create' | 'filled' | 'after' | 'later' | 'null' | 'after null'>;

/** The fields that the whole body says and the one without them does not. */
function omittedBy(whole: Exchange, again: Exchange): readonly Leaf[] {
  return onlyIn(whole.request, again.request).filter(({ path }) => !isSaid(path, again));
}

function seenOf(omitted: readonly Leaf[], filled: Exchange | undefined): readonly Leaf[] {
  return omitted.filter(field => showsIn(filled, field));
}

function keptOf(seen: readonly Leaf[], ...reads: readonly (Exchange | undefined)[]): readonly Leaf[] {
  return seen.filter(field => reads.every(read => showsIn(read, field)));
}

interface Spot extends Pick<Subject, 'operation' | 'resource'> {
  readonly read: Operation;
  readonly scope: Scope;
}

/** Tries to take fields away in other ways: by a PUT that says null, then by a PATCH; each is followed by a read. */
function* takenAway({ operation, resource, read, scope }: Spot, kept: readonly Leaf[], tools: Tools) {
  const paths = kept.map(({ path }) => path);
  const place = { resource, scope };
  const [put, patch] = [operation, resource.update].map(one =>
    one === null ? null : outgoing(one, scope, { key: tools.key() }),
  );
  const tries = [
    put && { sent: put, request: withNull(put.request, paths) },
    patch && { sent: patch, request: takingAway(patch.request, paths) },
  ];
  for (const [round, one] of tries.entries()) {
    if (!one || one.request === null) continue;
    yield* writing('null', { ...one.sent, request: one.request }, place, { round });
    yield* settle(tools);
    yield* send('after null', outgoing(read, scope), round);
  }
}

/** A PUT that keeps what is left out is a nuisance; a defect where it is said to replace, or nothing else takes it away. */
function keptFinding({ documented }: Operation, evidence: Steps, field: Leaf, proof: readonly Exchange[]) {
  const { summary = '', description = '' } = documented?.page ?? {};
  const isSaidToReplace = REPLACES.test(`${summary} ${description}`) && !PARTLY.test(`${summary} ${description}`);
  const writes = [0, 1].flatMap(round => lastOf(evidence, 'null', round) ?? []);
  const looks = [0, 1].flatMap(round => exchangeOf(evidence, 'after null', round) ?? []);
  const isStuck = writes.some(isSuccess) && looks.every(look => isSuccess(look) && showsIn(look, field));
  const args = { path: field.path };
  if (isSaidToReplace) return fail('old-value-kept', args, proof, { basis: 'declared' });
  return (isStuck ? fail : warn)('old-value-kept', args, [...proof, ...writes, ...looks]);
}

/** Whether a request says something at a place, be it another value. */
function isSaid(path: string, { request }: Exchange): boolean {
  return fieldsIn(request).some(leaf => leaf.path === path);
}

function isShown(evidence: Steps, step: 'bare' | 'later', field: Leaf): boolean {
  return showsIn(lastOf(evidence, step), field);
}

function showsIn(read: Exchange | undefined, field: Leaf): boolean {
  return hasAnswer(read) && shows(jsonOf(read.response), field);
}

/** Whether the first body without the field did not leave another value there, so that the value may be its default. */
function isDoubtful(evidence: Steps, field: Leaf): boolean {
  const [put, bare] = [lastOf(evidence, 'without'), lastOf(evidence, 'bare')];
  const isUsable = put !== undefined && isSuccess(put) && bare !== undefined && isSuccess(bare);
  return !isUsable || isShown(evidence, 'bare', field);
}

/** Whether the create wrote the value: one that nobody has written yet is a default. */
function isCreatedWith(evidence: Steps, { path, value }: Leaf): boolean {
  const create = lastOf(evidence, 'create');
  const written = create === undefined ? [] : fieldsIn(create.request);
  return written.some(leaf => leaf.path === path && isAlike(leaf.value, value));
}

function readTrouble(evidence: Steps) {
  const reads = [lastOf(evidence, 'filled'), lastOf(evidence, 'after'), lastOf(evidence, 'later')];
  const unusable = voided(...reads);
  if (unusable !== null) return unusable;
  for (const read of reads) {
    if (!hasAnswer(read)) return lostAnswer(read);
    const { status } = read.response;
    if (!isSuccess(read)) return inconclusive('control-failed', { detail: `the read was answered with ${status}` });
    const cache = cachedBy(read);
    if (cache !== null) return inconclusive('cached', { header: cache });
  }
  return null;
}
