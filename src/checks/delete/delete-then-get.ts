import { make, outgoing } from '../../core/arrange.js';
import { defineCheck, skip } from '../../core/check.js';
import { isSuccess } from '../../core/http.js';
import { effects, later, send } from '../../core/step.js';
import { fail, findings, inconclusive, note, pass, suspect, warn } from '../../core/verdict.js';
import { hasAnswer, lostAnswer, needsSuccess, present } from '../lib/answers.js';
import { cachedBy, changes, isAbsent, isPresent } from '../lib/state.js';
import { isCrash, voided } from '../lib/statuses.js';
import { write } from '../lib/version.js';

/** A deletion that has not shown itself after the lag and this long has not happened, milliseconds. */
const PATIENCE_MS = 5_000;
const LOOKS_MS = [0, 250, 1_000, 2_500];

export const deleteThenGet = defineCheck({
  id: 'delete-then-get',
  group: 'delete',
  title: 'What was deleted is gone',
  severity: 'medium',
  basis: 'must',
  refs: ['RFC 9110 section 9.3.5', 'AIP-164'],
  sends:
    'Creates a resource, reads it, deletes it, reads it until it is gone or the lag and five seconds have passed, and looks for it in the list.',
  judges:
    'Passes when the read is answered with 404 or 410 and the list shows it no more, and when it is readable but marked as deleted. Fails when it is unchanged and still listed. Warns on 403.',
  expected: 'A deleted resource answers 404 or 410 and is in no list.',
  why: 'A record that is said to be deleted and is still served will be used, billed and shown.',
  fix: 'Delete the record, or mark it and filter the mark out of reads and lists.',
  guards: [
    'Waits for the lag the preflight measured and five seconds more.',
    'An answer from a cache decides nothing.',
    'A record that shows as cancelled, archived or deleted counts as gone.',
  ],
  messages: {
    'still-readable': 'The resource is read with {status} and unchanged after DELETE said {deleted}.',
    'still-listed': 'The resource cannot be read any more, but the list still shows it.',
    forbidden: 'The deleted resource is answered with {status}, not with 404 or 410.',
    crashed: 'Reading the deleted resource is answered with {status}.',
  },
  notes: {
    'soft-deleted': 'The resource stays readable, marked as deleted or out of the list.',
  },
  isolation: 'alone',

  select({ operation, resource }) {
    if (operation.role !== 'delete') return skip('not the delete of a resource');
    if (resource.create === null) return skip('no create operation to make something to delete');
    if (resource.read === null) return skip('no read operation to look with');
    return { operation, resource, create: resource.create, read: resource.read };
  },

  *probe({ operation, resource, create, read }, tools) {
    const { scope, exchange } = yield* make(resource, tools);
    yield* send('before', outgoing(read, scope));
    const removed = yield* write('delete', { operation, resource, scope }, { payload: 'body', key: tools.key() });
    if (!isSuccess(removed)) return;
    for (const ms of [...LOOKS_MS, PATIENCE_MS + tools.baseline.lagMs]) {
      yield* later('wait', ms, removed.endAtUs);
      const look = yield* send('look', outgoing(read, scope));
      if (!isPresent(resource, look)) break;
    }
    if (resource.list !== null) yield* effects('listed', { resource, operation: create, scope, seen: [exchange] });
  },

  judge({ resource, create }, evidence) {
    const [before, removed, look] = [
      evidence.exchange('before'),
      evidence.all('delete').at(-1),
      evidence.all('look').at(-1),
    ];
    const unusable = needsSuccess(before) ?? needsSuccess(removed);
    if (unusable !== null) return unusable;
    if (!hasAnswer(look)) return lostAnswer(look);
    const { status } = look.response;
    const reading = evidence.reading('listed');
    const isList =
      create.marked &&
      reading !== undefined &&
      (reading.kind === 'list' || reading.kind === 'filter') &&
      evidence.baseline.oracle === reading.kind;
    const isListed = isList && (reading.count ?? 0) >= 1;
    const blocked = voided(look);
    if (blocked !== null) return blocked;
    if (isPresent(resource, look)) {
      const cache = cachedBy(look);
      if (cache !== null) return inconclusive('cached', { header: cache });
      if (removed?.response?.status === 202) return inconclusive('still-pending', { waited: '5 s' });
      const changed = changes(resource, evidence, before, look);
      const isSame = changed !== null && changed.length === 0;
      if (!isSame || (isList && !isListed)) return pass([note('soft-deleted')]);
      return (
        findings([
          fail('still-readable', { status, deleted: removed?.response?.status ?? 0 }, present(before, removed, look)),
        ]) ?? pass()
      );
    }
    return (
      findings([
        isCrash(status) && suspect('crashed', { status }, [look]),
        isAbsent(resource, look) && isListed && fail('still-listed', {}, present(removed, look)),
        (status === 401 || status === 403) && warn('forbidden', { status }, [look]),
      ]) ??
      (isAbsent(resource, look)
        ? pass()
        : inconclusive('control-failed', { detail: `the read is answered with ${status}` }))
    );
  },
});
