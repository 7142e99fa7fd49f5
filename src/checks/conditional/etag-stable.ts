import { make, outgoing } from '../../core/arrange.js';
import { defineCheck, skip } from '../../core/check.js';
import { isSuccess, withHeader, type Answered } from '../../core/http.js';
import { later, send } from '../../core/step.js';
import { fail, findings, inconclusive, pass, warn } from '../../core/verdict.js';
import { hasAnswer, lostAnswer, needsSuccess } from '../lib/answers.js';
import { likeness } from '../lib/likeness.js';
import { tagOf } from '../lib/version.js';

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
    'Creates a resource and reads it five times on new connections, 200 ms apart; then once more with If-None-Match.',
  judges:
    'Passes when the tag stays and If-None-Match is answered with 304. Fails on a malformed tag and on one strong tag for different content. Warns when the tag changes although the content does not, when the bytes alone differ, and when no 304 comes.',
  expected: 'The same ETag on every read, and 304 for If-None-Match.',
  why: 'A tag that changes by itself makes every honest If-Match fail; one that stays over other content lets a lost update through.',
  fix: 'Derive the tag from the stored version or from a canonical serialisation, the same on every replica.',
  guards: [
    'Only content that is equal is held against a changing tag.',
    'The conditional read goes out without Cache-Control: no-cache, which some frameworks take as a wish for 200.',
  ],
  messages: {
    'bytes-differ': 'The strong tag {tag} stands over different content.',
    'tag-unstable': 'The tag changed from {tag} to {other} although the content did not.',
    'malformed-tag': 'ETag {tag} is not a valid entity tag (it must be quoted).',
    'no-304': 'If-None-Match with the current tag was answered with {status}.',
    reformatted: 'The strong tag {tag} stands over the same JSON in other bytes.',
  },

  select({ operation, resource }) {
    if (operation.role !== 'read') return skip('not the read of a resource');
    if (resource.create === null) return skip('no create operation to make something to read');
    return { operation, resource };
  },

  *probe({ operation, resource }, tools) {
    const { scope } = yield* make(resource, tools);
    yield* later('settle', tools.baseline.settleMs);
    const get = outgoing(operation, scope);
    let tag: string | null = null;
    for (let at = 0; at < READS; at++) {
      if (at > 0) yield* later('pause', PAUSE_MS);
      const read = yield* send('read', get, at);
      if (isSuccess(read)) tag = tagOf(read.response)?.value ?? null;
    }
    if (tag === null) return;
    const conditional = withHeader(withHeader(get.request, 'If-None-Match', tag), 'Cache-Control', 'max-age=0');
    yield* send('if-none-match', { ...get, request: conditional });
  },

  judge(_, evidence) {
    const reads = evidence.all('read');
    for (const read of reads) {
      const unusable = needsSuccess(read);
      if (unusable !== null) return unusable;
    }
    const answers = reads.filter(isSuccess);
    if (answers.length < READS) return lostAnswer(undefined);
    const [first, ...others] = answers;
    const tag = first === undefined ? null : tagOf(first.response);
    if (first === undefined || tag === null) return inconclusive('no-version');
    const malformed = answers.find(({ response }) => tagOf(response)?.kind === 'malformed');
    if (malformed !== undefined) {
      return findings([fail('malformed-tag', { tag: tagOf(malformed.response)?.value ?? '' }, [malformed])]) ?? pass();
    }
    const isSameTag = (one: Answered) => tagOf(one.response)?.value === tag.value;
    const alike = (one: Answered) => likeness(first.response, one.response, []);
    const isStrong = tag.kind === 'strong';
    const other = others.find(one => isStrong && isSameTag(one) && ['other', 'unreadable'].includes(alike(one)));
    const reformatted = others.find(one => isStrong && isSameTag(one) && alike(one) === 'json');
    const unstable = others.find(one => !isSameTag(one) && ['bytes', 'json'].includes(alike(one)));
    const conditional = evidence.exchange('if-none-match');
    if (!hasAnswer(conditional)) return lostAnswer(conditional);
    const has304 = conditional.response.status === 304;
    const found = findings([
      other !== undefined && fail('bytes-differ', { tag: tag.value }, [first, other]),
      unstable !== undefined &&
        warn('tag-unstable', { tag: tag.value, other: tagOf(unstable.response)?.value ?? 'none' }, [first, unstable]),
      reformatted !== undefined && other === undefined && warn('reformatted', { tag: tag.value }, [first, reformatted]),
      !has304 &&
        unstable === undefined &&
        others.every(isSameTag) &&
        isSuccess(conditional) &&
        warn('no-304', { status: conditional.response.status }, [first, conditional]),
    ]);
    if (found !== null) return found;
    return has304 ? pass() : inconclusive('unsteady');
  },
});
