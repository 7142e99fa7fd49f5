import { make, outgoing } from '../../core/arrange.js';
import { defineCheck, skip } from '../../core/check.js';
import { isSuccess } from '../../core/http.js';
import { send } from '../../core/step.js';
import { fail, findings, inconclusive, pass, suspect, warn } from '../../core/verdict.js';
import { hasAnswer, lostAnswer, needsSuccess, present } from '../lib/answers.js';
import { changes, isAbsent } from '../lib/state.js';
import { isCrash, isRefusal, voided } from '../lib/statuses.js';
import { NEVER_ISSUED, offersControl, versioned, versionOf, write } from '../lib/version.js';

export const ifMatchStaleRejected = defineCheck({
  id: 'if-match-stale-rejected',
  group: 'conditional',
  title: 'A write with an outdated version is not applied',
  severity: 'critical',
  basis: 'must',
  refs: ['RFC 9110 section 13.1.1', 'RFC 9110 section 13.2.1', 'AIP-154'],
  sends:
    'Reads a resource, lets client A change it, then sends the write of client B under the version from before, and reads it again. Variant never-issued: a write under a tag that was never given out.',
  judges:
    'Passes when B is refused with 412 (409 where the version is a field) and the state is still that of A. Fails when the state is that of B. Warns on other refusals, and when the API offers no more than a weak tag.',
  expected: '412, and nothing written.',
  why: 'This is the lost update: B overwrites what A wrote, without having seen it, and nobody is told.',
  fix: 'Compare If-Match with the current tag in the same transaction as the write (UPDATE ... WHERE version = ?).',
  guards: [
    'Applied means that the read shows it; a 2xx alone does not fail.',
    'A weak tag alone is no promise of concurrency control: warn.',
    'A refusal for another reason (400, 403, 422) is no pass.',
  ],
  messages: {
    'stale-applied': 'A write under the outdated version {version} was applied (answer {status}).',
    'unknown-tag-applied': 'A write under a tag that was never issued was applied (answer {status}).',
    'refused-but-applied': 'The write was refused with {status}, and applied all the same.',
    'odd-status': 'The write was refused with {status}, where {expected} is usual.',
    crashed: 'The write was answered with {status}.',
  },
  variants: [null, 'never-issued'],

  select({ operation, resource }, variant) {
    const isWrite = operation.role === 'replace' || operation.role === 'update' || operation.role === 'delete';
    if (!isWrite) return skip('not a write to a resource');
    if (resource.create === null) return skip('no create operation to make something to write to');
    if (resource.read === null) return skip('no read operation to see the state with');
    const change = operation.role === 'delete' ? (resource.update ?? resource.replace) : operation;
    if (variant === null && (change === null || !change.payloads.has('variant')))
      return skip('no second body is known for client A');
    return { operation, resource, read: resource.read, change, variant };
  },

  *probe({ operation, resource, read, change, variant }, tools) {
    const { scope } = yield* make(resource, tools);
    const target = { operation, resource, scope };
    const start = yield* send('start', outgoing(read, scope));
    const version = versionOf(resource, start);
    if (version === null) return;
    if (variant === null && change !== null) {
      const a = yield* write('A', { operation: change, resource, scope }, { payload: 'variant', key: tools.key() });
      if (!isSuccess(a)) return;
      yield* send('after A', outgoing(read, scope));
    }
    yield* send(
      'B',
      versioned(
        target,
        'body',
        variant === null ? version : { ...NEVER_ISSUED, kind: version.kind === 'field' ? 'field' : 'strong' },
      ),
    );
    yield* send('after B', outgoing(read, scope));
  },

  judge({ operation, resource, variant }, evidence) {
    const start = evidence.exchange('start');
    const unusable = needsSuccess(start);
    if (unusable !== null) return unusable;
    const version = versionOf(resource, start);
    if (version === null) return inconclusive('no-version');
    const [b, after] = [evidence.exchange('B'), evidence.exchange('after B')];
    const before = variant === null ? evidence.exchange('after A') : start;
    if (variant === null) {
      const first = needsSuccess(evidence.all('A').at(-1)) ?? needsSuccess(before);
      if (first !== null) return first;
      const byA = changes(resource, evidence, start, before);
      if (byA !== null && byA.length === 0 && versionOf(resource, before)?.value === version.value)
        return inconclusive('no-effect');
    }
    if (!hasAnswer(b)) return lostAnswer(b);
    if (!hasAnswer(after)) return lostAnswer(after);
    const blocked = voided(b, after);
    if (blocked !== null) return blocked;
    const { status } = b.response;
    const changed = changes(resource, evidence, before, after);
    const isApplied = operation.role === 'delete' ? isAbsent(resource, after) : changed !== null && changed.length > 0;
    const level =
      offersControl(operation, version) && version.kind !== 'modified' ? ('fail' as const) : ('warn' as const);
    const proof = present(start, evidence.all('A').at(-1), before, b, after);
    const expected =
      version.kind === 'field' ? [409, 412, ...operation.contract.etag.mismatch] : operation.contract.etag.mismatch;
    const applied =
      variant === null
        ? fail('stale-applied', { version: version.value, status }, proof, { level })
        : fail('unknown-tag-applied', { status }, proof, { level });
    const found = findings([
      isApplied && isSuccess(b) && applied,
      isApplied && isRefusal(status) && fail('refused-but-applied', { status }, proof),
      isCrash(status) && suspect('crashed', { status }, [b]),
      !isApplied &&
        isRefusal(status) &&
        !expected.includes(status) &&
        warn('odd-status', { status, expected: [...new Set(expected)].join(', ') }, [b]),
    ]);
    if (found !== null) return found;
    const isSeen = operation.role === 'delete' ? isSuccess(after) : changed !== null;
    if (!isSeen) return inconclusive('control-failed', { detail: 'the state after the write could not be read' });
    return isRefusal(status) ? pass() : inconclusive('no-effect');
  },
});
