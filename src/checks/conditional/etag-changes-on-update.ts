import { make, outgoing } from '../../core/arrange.js';
import { defineCheck, skip } from '../../core/check.js';
import { isSuccess, type Exchange } from '../../core/http.js';
import { send } from '../../core/step.js';
import { fail, findings, inconclusive, pass, warn } from '../../core/verdict.js';
import { needsSuccess, present } from '../lib/answers.js';
import { tagOf, write } from '../lib/version.js';

/** Updates in a row: an update within the same second as the one before is where coarse tags fail. */
const UPDATES = 4;

export const etagChangesOnUpdate = defineCheck({
  id: 'etag-changes-on-update',
  group: 'conditional',
  title: 'An update changes the ETag',
  severity: 'high',
  basis: 'must',
  refs: ['RFC 9110 section 8.8.1', 'RFC 9110 section 9.3.4'],
  sends:
    'Creates a resource, reads it, then updates it four times in a row with alternating bodies, reading after each.',
  judges:
    'Passes when the tag changed with every change of the content. Fails when a strong tag stays over changed content; a weak one warns. Warns when the answer to the update carries another tag than the read after it.',
  expected: 'Another ETag after every change.',
  why: 'If the tag stays, If-Match lets the next client overwrite a change it never saw.',
  fix: 'Derive the tag from a version counter or the content, not from a time in seconds.',
  guards: ['Only changes that the read shows count.', 'Answers from caches and 202 decide nothing.'],
  messages: {
    'tag-kept': 'The strong tag {tag} stayed although the content changed.',
    'weak-tag-kept': 'The weak tag {tag} stayed although the content changed.',
    'response-tag-differs': 'The update was answered with ETag {tag}, the read after it with {other}.',
  },

  select({ operation, resource }) {
    if (operation.role !== 'replace' && operation.role !== 'update') return skip('not an update of a resource');
    if (resource.create === null) return skip('no create operation to make something to update');
    if (resource.read === null) return skip('no read operation to see the tag with');
    if (!operation.payloads.has('variant')) return skip('only one body is known, so that nothing would change');
    return { operation, resource, read: resource.read };
  },

  *probe({ operation, resource, read }, tools) {
    const { scope } = yield* make(resource, tools);
    yield* send('read', outgoing(read, scope), 0);
    for (let round = 1; round <= UPDATES; round++) {
      const payload = round % 2 === 1 ? 'body' : 'variant';
      const written = yield* write(`write ${round}`, { operation, resource, scope }, { payload, key: tools.key() });
      if (!isSuccess(written)) return;
      yield* send('read', outgoing(read, scope), round);
    }
  },

  judge(_, evidence) {
    const reads = evidence.all('read');
    const [start, ...later] = reads;
    const unusable = needsSuccess(start);
    if (unusable !== null) return unusable;
    if (start === undefined || !isSuccess(start) || tagOf(start.response) === null) return inconclusive('no-version');
    const writes = [1, 2, 3, 4].map(round => evidence.all(`write ${round}`).at(-1));
    const first = needsSuccess(writes[0]);
    if (first !== null) return first;
    const steps = later.map((after, at) => ({ before: reads[at], write: writes[at], after }));
    const changed = steps.filter(({ before, after }) => isChanged(before, after));
    const kept = changed.find(({ before, after }) => tag(before) !== null && tag(before)?.value === tag(after)?.value);
    const odd = steps.find(
      ({ write: one, after }) => tag(one) !== null && tag(after) !== null && tag(one)?.value !== tag(after)?.value,
    );
    const keptTag = tag(kept?.after);
    const found = findings([
      kept !== undefined &&
        keptTag !== null &&
        (keptTag.kind === 'weak'
          ? warn('weak-tag-kept', { tag: keptTag.value }, present(kept.before, kept.write, kept.after))
          : fail('tag-kept', { tag: keptTag.value }, present(kept.before, kept.write, kept.after))),
      odd !== undefined &&
        warn(
          'response-tag-differs',
          { tag: tag(odd.write)?.value ?? '', other: tag(odd.after)?.value ?? '' },
          present(odd.write, odd.after),
        ),
    ]);
    if (found !== null) return found;
    if (changed.length === 0) return inconclusive('no-effect');
    return changed.every(({ after }) => tag(after) !== null) ? pass() : inconclusive('no-version');
  },
});

function tag(exchange: Exchange | undefined) {
  return exchange !== undefined && isSuccess(exchange) ? tagOf(exchange.response) : null;
}

function isChanged(before: Exchange | undefined, after: Exchange): boolean {
  return before !== undefined && isSuccess(before) && isSuccess(after) && before.response.body !== after.response.body;
}
