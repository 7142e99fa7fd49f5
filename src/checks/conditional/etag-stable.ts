import { outgoing } from '../../core/arrange.js';
import { defineCheck, skip, type Tools } from '../../core/check.js';
import { allOf, exchangeOf, lastOf, type Evidence } from '../../core/evidence.js';
import { header, isSuccess, statusOf, withHeader, type Answered } from '../../core/http.js';
import type { Outgoing, Resource } from '../../core/resource.js';
import type { Scope } from '../../core/scope.js';
import { later, send } from '../../core/step.js';
import { fail, findings, inconclusive, pass, warn, type Finding, type Verdict } from '../../core/verdict.js';
import { hasAnswer, lostAnswer, needsSuccess } from '../lib/http/answers.js';
import { voided } from '../lib/http/statuses.js';
import { isSameTag, isSameVersion, markOf, tagOf, underVersion, versionPath } from '../lib/http/version.js';
import { ignoredPaths, likeness } from '../lib/json/likeness.js';
import { found } from '../lib/judging/found.js';
import { readable } from '../lib/steps/readable.js';
import { canBeRead } from '../lib/steps/reads.js';
import { drafted, rivals } from '../lib/steps/writing.js';

const READS = 5;
const PAUSE_MS = 200;

export const etagStable = defineCheck({
  id: 'etag-stable',
  group: 'conditional',
  title: 'The ETag stays while the representation does',
  severity: 'medium',
  basis: 'must',
  refs: ['RFC 9110 section 8.8.1', 'RFC 9110 section 8.8.3', 'RFC 9110 section 13.1.2'],
  sends:
    'The same GET five times on new connections, 200 ms apart; then once more with If-None-Match and the tag. Where a strong tag changed by itself: a write under the tag that a read has just shown, twice at most.',
  judges:
    'Passes when equal content has an equal tag and If-None-Match is answered with 304. Fails when one strong tag stands over different content, when a tag is malformed, and when a strong tag changes though the content does not, so that a write under the one just read is refused (412) each time. Warns when the tag changes and such a write is accepted, when a strong tag stands over the same JSON in other bytes, and when If-None-Match brings no 304. Stays open when there is no ETag, or the content is never twice the same.',
  expected: 'One ETag for one content, and 304 to If-None-Match.',
  why: 'A tag that changes by itself makes honest updates under If-Match fail and caches useless; a tag that stays over other content lets caches serve what is outdated.',
  fix: 'Derive the tag from a version counter, or from a canonical serialisation of the content; the same on every replica. Compare If-None-Match with it, and answer 304 where it matches.',
  guards: [
    'Only answers with the same Content-Encoding are compared.',
    'A version in the representation stands over no bytes: all that is asked of it is that it stays.',
    'A weak tag may stand over different bytes, and a weak tag that grows strong by itself is the same one.',
    'Where content and tag both change, the resource has changed: that pair says nothing.',
    'The conditional GET says Cache-Control: max-age=0, since no-cache makes some servers answer in full.',
  ],
  messages: {
    'bytes-differ': 'One strong tag, {tag}, stands over different content.',
    'tag-unstable': 'The content stayed, and the tag changed from {first} to {second}.',
    'tag-unusable':
      'The content stayed, and the tag changed from {first} to {second}; a write under the tag just read is refused with {status}.',
    'malformed-tag': 'The ETag {tag} is no entity tag: that is "..." or W/"..." with its quotes.',
    'no-304': 'If-None-Match with the current tag was answered with {status} instead of 304.',
    reformatted: 'One strong tag, {tag}, stands over the same JSON in other bytes.',
  },

  select({ operation, resource }) {
    if (operation.method !== 'GET') return skip('not a GET');
    if (operation.role === 'list' && operation.documented?.responseHeaders.includes('etag') !== true) {
      return skip('a list for which no ETag is documented');
    }
    if (operation.role !== 'read' && operation.role !== 'list') return skip('not the read or the list of a resource');
    if (operation.role === 'read' && !canBeRead(resource))
      return skip('neither a create nor a list to find something to read');
    return { operation, resource };
  },

  *probe({ operation, resource }, tools) {
    const { scope } = yield* readable({ operation, resource }, tools);
    const get = outgoing(operation, scope);
    const allRead: Answered[] = [];
    for (let round = 0; round < READS; round++) {
      if (round > 0) yield* later('pause', PAUSE_MS);
      const read = yield* send('read', get, round);
      if (!isSuccess(read)) return;
      allRead.push(read);
    }
    const tag = markOf(resource, allRead.at(-1));
    if (tag === null || tag.kind === 'field') return;
    const request = withHeader(withHeader(get.request, 'If-None-Match', tag.value), 'Cache-Control', 'max-age=0');
    yield* send('revalidate', { ...get, request });
    if (isRestless(allRead) && operation.role === 'read') yield* written(resource, scope, get, tools);
  },

  judge({ resource }, evidence) {
    const reads = allOf(evidence, 'read');
    for (const read of reads) {
      const unusable = voided(read) ?? needsSuccess(read);
      if (unusable !== null) return unusable;
    }
    const answers = reads.filter(isSuccess);
    if (answers.length < 2) return lostAnswer(reads[1]);
    if (answers.every(answer => markOf(resource, answer) === null)) return inconclusive('no-version');
    if (resource.version?.in === 'body') return ofField(resource, answers, evidence);
    const pairs = answers.flatMap((one, at) => answers.slice(at + 1).map(other => compared(one, other)));
    const described = findings([
      malformed(answers),
      pairs.find(pair => pair?.code === 'bytes-differ'),
      pairs.find(pair => pair?.code === 'reformatted'),
      unusable(evidence, pairs) ?? pairs.find(pair => pair?.code === 'tag-unstable'),
      withoutNotModified(evidence),
    ]);
    return described ?? passed(evidence, answers);
  },
});

/** The steps that are judged. */
type Steps = Evidence<'read' | 'revalidate' | 'fresh' | 'write'>;

type Code = 'bytes-differ' | 'tag-unstable' | 'tag-unusable' | 'malformed-tag' | 'no-304' | 'reformatted';

/** A version in the representation: it says nothing of bytes, and If-None-Match is not asked with it. */
function ofField(resource: Resource, answers: readonly Answered[], evidence: Steps): Verdict<Code, never> {
  const ignored = [...ignoredPaths(evidence.preflight, resource), ...versionPath(resource)];
  const pairs = answers.flatMap((one, at) => answers.slice(at + 1).map(other => ({ one, other })));
  const alike = pairs.filter(({ one, other }) =>
    ['bytes', 'json', 'volatile'].includes(likeness(one.response, other.response, ignored)),
  );
  const moved = alike.find(({ one, other }) => !isSameVersion(markOf(resource, one), markOf(resource, other)));
  if (moved !== undefined) {
    const [first, second] = [moved.one, moved.other].map(answer => markOf(resource, answer)?.value ?? 'none');
    const args = { first: first ?? 'none', second: second ?? 'none' };
    return found(warn('tag-unstable', args, [moved.one, moved.other]));
  }
  return alike.length > 0 ? pass() : inconclusive('unsteady');
}

/** Whether a strong tag changed while the content stayed. */
function isRestless(answers: readonly Answered[]): boolean {
  return answers.some((one, at) =>
    answers.slice(at + 1).some(other => {
      const tags = [tagOf(one.response), tagOf(other.response)];
      return tags.every(tag => tag?.kind === 'strong') && compared(one, other)?.code === 'tag-unstable';
    }),
  );
}

/** A write under the tag that a read has just shown; once more where that is refused. */
function* written(resource: Resource, scope: Scope, get: Outgoing, tools: Tools) {
  const change = resource.update ?? resource.replace;
  if (change === null || resource.create === null) return;
  const [draft] = rivals(change, { resource, scope }, tools);
  for (const round of [0, 1]) {
    const fresh = yield* send('fresh', get, round);
    const version = isSuccess(fresh) ? tagOf(fresh.response) : null;
    if (version?.kind !== 'strong') return;
    const write = yield* send('write', underVersion(drafted(change, draft, tools), resource, version), round);
    if (isSuccess(write)) return;
  }
}

/** No write goes through under the tag just read: 412 says that the tag is why (RFC 9110 section 15.5.13). */
function unusable(evidence: Steps, pairs: readonly (Finding<Code> | null)[]): Finding<'tag-unusable'> | null {
  const moved = pairs.find(pair => pair?.code === 'tag-unstable');
  const writes = allOf(evidence, 'write');
  const isRefused = writes.length > 1 && writes.every(write => statusOf(write) === 412);
  if (!moved || !isRefused) return null;
  return fail('tag-unusable', { ...moved.args, status: 412 }, [...allOf(evidence, 'fresh'), ...writes]);
}

function malformed(answers: readonly Answered[]): Finding<'malformed-tag'> | null {
  const one = answers.find(({ response }) => tagOf(response)?.kind === 'malformed');
  return one === undefined ? null : fail('malformed-tag', { tag: tagOf(one.response)?.value ?? '' }, [one]);
}

/** What two answers say about the tag; `null` when it is as it must be, or the resource has changed. */
function compared(one: Answered, other: Answered): Finding<Code> | null {
  if (header(one.response, 'content-encoding') !== header(other.response, 'content-encoding')) return null;
  const [first, second] = [tagOf(one.response), tagOf(other.response)];
  const like = likeness(one.response, other.response, []);
  if (!isSameTag(first, second)) {
    const args = { first: first?.value ?? 'none', second: second?.value ?? 'none' };
    return like === 'bytes' ? warn('tag-unstable', args, [one, other]) : null;
  }
  if (first?.kind !== 'strong' || second?.kind !== 'strong' || like === 'bytes') return null;
  const args = { tag: first.value };
  return like === 'json' ? warn('reformatted', args, [one, other]) : fail('bytes-differ', args, [one, other]);
}

/** The answer to If-None-Match was no 304, though the tag it was asked with is still the current one. */
function withoutNotModified(evidence: Steps): Finding<'no-304'> | null {
  const [last, again] = [lastOf(evidence, 'read'), exchangeOf(evidence, 'revalidate')];
  if (last === undefined || !isSuccess(last) || !hasAnswer(again) || voided(again) !== null) return null;
  const status = statusOf(again) ?? 0;
  const hasChanged = isSuccess(again) && tagOf(again.response)?.value !== tagOf(last.response)?.value;
  return status === 304 || hasChanged ? null : warn('no-304', { status }, [last, again]);
}

function passed(evidence: Steps, answers: readonly Answered[]): Verdict<never, never> {
  const again = exchangeOf(evidence, 'revalidate');
  const isTwice = answers.some((one, at) => answers.slice(at + 1).some(other => isSame(one, other)));
  if (!isTwice) return inconclusive('unsteady');
  if (!hasAnswer(again)) return lostAnswer(again);
  return voided(again) ?? (statusOf(again) === 304 ? pass() : inconclusive('unsteady'));
}

/** Equal to the byte, or, as the weak tag itself says, in meaning (RFC 9110 section 8.8.1). */
function isSame(one: Answered, other: Answered): boolean {
  const [first, second] = [tagOf(one.response), tagOf(other.response)];
  const isByTag = first?.kind === 'weak' && first.value === second?.value;
  return isByTag || likeness(one.response, other.response, []) === 'bytes';
}
