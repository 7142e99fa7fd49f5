import { make, outgoing } from '../../core/arrange.js';
import { defineCheck, skip, type Tools } from '../../core/check.js';
import { allOf, exchangeOf, lastOf, type Evidence } from '../../core/evidence.js';
import { isSuccess, type Answered, type Exchange } from '../../core/http.js';
import type { Operation } from '../../core/operation.js';
import type { Resource } from '../../core/resource.js';
import type { Scope } from '../../core/scope.js';
import { later, send } from '../../core/step.js';
import { fail, findings, inconclusive, note, pass, warn, type Finding } from '../../core/verdict.js';
import { hasAnswer, lostAnswer, needsSuccess } from '../lib/http/answers.js';
import { cachedBy } from '../lib/http/state.js';
import { voided } from '../lib/http/statuses.js';
import { isSameTag, markOf, tagOf, versionPath } from '../lib/http/version.js';
import { ignoredPaths, likeness } from '../lib/json/likeness.js';
import { drafted, hasRivals, remarked, settle, writing, type Draft } from '../lib/steps/writing.js';

export const etagChangesOnUpdate = defineCheck({
  id: 'etag-changes-on-update',
  group: 'conditional',
  title: 'An update changes the ETag',
  severity: 'high',
  basis: 'must',
  refs: ['RFC 9110 section 8.8.1', 'RFC 9110 section 9.3.4'],
  sends:
    'Creates a resource and reads it, then writes different bodies one straight after the other, where possible of one length and within one second, and reads after each; the first body comes again at the end.',
  judges:
    'Passes when every write that changed the content changed the tag. Fails when a strong tag, or a version in the representation, stays over changed content. Warns when a weak one does, and when a write is answered with a strong ETag that the read after it does not have. Stays open when no ETag is seen, or no write changes the content.',
  expected: 'Another ETag whenever the content is another one.',
  why: 'Where the tag stays, If-Match lets a client overwrite a change it never saw, and a cache goes on serving the old content.',
  fix: 'Derive the tag from a version counter or from the content, never from a time in seconds and the length alone.',
  guards: [
    'Only a change that the read shows counts, and fields that vary anyway do not.',
    'A tag that comes back with the old content is fine.',
    'Answers from a cache stay out of it.',
  ],
  messages: {
    'tag-kept': 'The content changed, and its version, {tag}, stayed.',
    'weak-tag-kept': 'The content changed, and the weak tag {tag} stayed.',
    'response-tag-differs': 'The write was answered with the version {written}; the read straight after it has {read}.',
  },
  notes: {
    'weak-response-tag':
      'The write was answered with a weak ETag that the read does not have: it is that of the answer, not of the resource.',
  },

  select({ operation, resource }) {
    if (operation.role !== 'replace' && operation.role !== 'update') return skip('not an update of a resource');
    if (resource.create === null) return skip('no create operation to make something to update');
    if (resource.read === null) return skip('no read operation to see the tag with');
    if (!hasRivals(operation)) return skip('no second, different body is known');
    return { operation, resource, read: resource.read };
  },

  *probe({ operation, resource, read }, tools) {
    const { scope } = yield* make(resource, tools);
    yield* settle(tools);
    const start = yield* send('read', outgoing(read, scope), 0);
    if (markOf(resource, start) === null) return;
    for (const [at, draft] of draftsOf(operation, scope, tools).entries()) {
      const round = at + 1;
      yield* writing('write', drafted(operation, draft, tools), { resource, scope }, { round });
      // No other wait: the next write shall come within the same second.
      if (tools.preflight.lagMs > 0) yield* later('settle', 3 * tools.preflight.lagMs);
      yield* send('read', outgoing(read, scope), round);
    }
  },

  judge({ resource }, evidence) {
    const start = exchangeOf(evidence, 'read', 0);
    const unusable = voided(start) ?? needsSuccess(start);
    if (unusable !== null) return unusable;
    if (!hasAnswer(start)) return lostAnswer(start);
    const reads = allOf(evidence, 'read').filter(isSuccess);
    if (reads.every(read => markOf(resource, read) === null)) return inconclusive('no-version');
    const ignored = [...ignoredPaths(evidence.preflight, resource), ...versionPath(resource)];
    const steps = stepsOf(evidence);
    const odd = steps.filter(step => isAnsweredWithOtherTag(resource, step));
    const found = findings([
      steps.map(step => keptBy(resource, step, ignored)).find(one => one?.code === 'tag-kept'),
      steps.map(step => keptBy(resource, step, ignored)).find(one => one?.code === 'weak-tag-kept'),
      odd.map(step => oddFinding(resource, step)).find(one => one !== null),
    ]);
    return found ?? passed(resource, evidence, steps, ignored, odd.length > 0);
  },
});

/** The steps that are judged. */
type Steps = Evidence<'read' | 'write'>;

/** One write between two reads. */
interface Change {
  readonly before: Answered;
  readonly write: Exchange;
  readonly after: Answered;
}

/** Different bodies in a row, of one length where the marker alone differs, and the first one again. */
function draftsOf({ payloads, marked }: Operation, scope: Scope, tools: Tools): readonly Draft[] {
  const first: Draft = { scope, payload: 'body' };
  return [
    first,
    ...(marked ? [{ ...first, scope: remarked(scope, tools) }] : []),
    ...(payloads.has('changed') ? [{ ...first, payload: 'changed' as const }] : []),
    first,
  ];
}

function stepsOf(evidence: Steps): readonly Change[] {
  const reads = allOf(evidence, 'read');
  return reads.flatMap((after, at) => {
    const [before, write] = [reads[at - 1], lastOf(evidence, 'write', after.round)];
    const isWhole = before !== undefined && write !== undefined && before.round === after.round - 1;
    return isWhole && isSuccess(before) && isSuccess(after) ? [{ before, write, after }] : [];
  });
}

function keptBy(
  resource: Resource,
  { before, write, after }: Change,
  ignored: readonly string[],
): Finding<'tag-kept' | 'weak-tag-kept'> | null {
  const [first, second] = [markOf(resource, before), markOf(resource, after)];
  if (first === null || second === null || first.value !== second.value || isCached(before, after)) return null;
  if (!isChanged(before, after, ignored)) return null;
  const proof = [before, write, after];
  const tag = first.value;
  if (first.kind === 'weak') return warn('weak-tag-kept', { tag }, proof);
  return first.kind === 'strong' || first.kind === 'field' ? fail('tag-kept', { tag }, proof) : null;
}

function isChanged(before: Answered, after: Answered, ignored: readonly string[]): boolean {
  return ['other', 'unreadable'].includes(likeness(before.response, after.response, ignored));
}

function isCached(...reads: readonly Exchange[]): boolean {
  return reads.some(read => cachedBy(read) !== null);
}

function isAnsweredWithOtherTag(resource: Resource, { write, after }: Change): boolean {
  if (!isSuccess(write) || write.response.status === 202 || isCached(after)) return false;
  return differing(resource, write, after) !== null;
}

/** A strong tag only: a weak one on every answer is what frameworks do, and is told as a note. */
function oddFinding(resource: Resource, { write, after }: Change): Finding<'response-tag-differs'> | null {
  const pair = isSuccess(write) ? differing(resource, write, after) : null;
  return pair === null || pair.written.kind === 'weak'
    ? null
    : warn('response-tag-differs', { written: pair.written.value, read: pair.read.value }, [write, after]);
}

/** Where write and read each show a version, in a header or in their content, and not the same one. */
function differing(resource: Resource, write: Answered, after: Answered) {
  const pairs = [
    { written: markOf(resource, write), read: markOf(resource, after) },
    { written: tagOf(write.response), read: tagOf(after.response) },
  ];
  return (
    pairs.flatMap(({ written, read }) =>
      written !== null && read !== null && !isSameTag(written, read) ? [{ written, read }] : [],
    )[0] ?? null
  );
}

function passed(
  resource: Resource,
  evidence: Steps,
  steps: readonly Change[],
  ignored: readonly string[],
  isOdd: boolean,
) {
  const writes = allOf(evidence, 'write');
  const changed = steps.filter(({ before, after }) => isChanged(before, after, ignored) && !isCached(before, after));
  if (changed.length > 0) {
    if (changed.some(({ after }) => markOf(resource, after) === null)) return inconclusive('no-version');
    return pass([isOdd && note('weak-response-tag')]);
  }
  const cache = allOf(evidence, 'read')
    .map(cachedBy)
    .find(name => name !== null);
  if (cache !== undefined) return inconclusive('cached', { header: cache });
  const [first] = writes;
  if (!writes.some(isSuccess))
    return voided(...writes) ?? needsSuccess(lastOf(evidence, 'write', 1) ?? first) ?? lostAnswer(first);
  return inconclusive('control-failed', { detail: 'no write changed what the read shows' });
}
