import { make, outgoing } from '../../core/arrange.js';
import { defineCheck, skip } from '../../core/check.js';
import { isSuccess } from '../../core/http.js';
import { send } from '../../core/step.js';
import { fail, findings, inconclusive, note, pass, warn } from '../../core/verdict.js';
import { hasAnswer, lostAnswer, needsSuccess, present } from '../lib/answers.js';
import { changes } from '../lib/state.js';
import { isRefusal, voided } from '../lib/statuses.js';
import { versionOf, write } from '../lib/version.js';

export const preconditionRequired = defineCheck({
  id: 'precondition-required',
  group: 'conditional',
  title: 'A write without a version cannot silently overwrite',
  severity: 'medium',
  basis: 'should',
  refs: ['RFC 6585 section 3', 'AIP-154'],
  sends:
    'Reads a resource, lets client A change it, then sends the write of client B without any version, and reads it again.',
  judges:
    'Passes when B is refused with 428 (or the declared status) and the state is still that of A. Warns when B is applied. Fails when a version is declared to be required.',
  expected: '428, and nothing written.',
  why: 'Tags protect only those who send them; one client that does not overwrites the change of all others.',
  fix: 'Answer a PUT or PATCH without If-Match with 428 Precondition Required.',
  guards: [
    '428 is optional in HTTP: without a declaration this warns and never fails.',
    'Where the API declares that it permits such writes, it passes with a note.',
  ],
  messages: {
    'overwritten-silently':
      'A write without a version was answered with {status} and overwrote the change of another client.',
    'not-demanded': 'A version is declared to be required, and a write without one was applied (answer {status}).',
  },
  notes: { permitted: 'The API says that it permits writes without a version; a lost update is possible.' },

  select({ operation, resource }) {
    if (operation.role !== 'replace' && operation.role !== 'update') return skip('not an update of a resource');
    if (resource.create === null) return skip('no create operation to make something to write to');
    if (resource.read === null) return skip('no read operation to see the state with');
    if (!operation.payloads.has('variant')) return skip('no second body is known for client A');
    return { operation, resource, read: resource.read };
  },

  *probe({ operation, resource, read }, tools) {
    const { scope } = yield* make(resource, tools);
    const start = yield* send('start', outgoing(read, scope));
    if (versionOf(resource, start) === null) return;
    const a = yield* write('A', { operation, resource, scope }, { payload: 'variant', key: tools.key() });
    if (!isSuccess(a)) return;
    yield* send('after A', outgoing(read, scope));
    yield* send('B', outgoing(operation, scope, { payload: 'body', key: tools.key() }));
    yield* send('after B', outgoing(read, scope));
  },

  judge({ operation, resource }, evidence) {
    const start = evidence.exchange('start');
    const unusable = needsSuccess(start);
    if (unusable !== null) return unusable;
    if (versionOf(resource, start) === null) return inconclusive('no-version');
    const [before, b, after] = ['after A', 'B', 'after B'].map(step => evidence.exchange(step));
    const first = needsSuccess(evidence.all('A').at(-1)) ?? needsSuccess(before);
    if (first !== null) return first;
    if (!hasAnswer(b)) return lostAnswer(b);
    if (!hasAnswer(after)) return lostAnswer(after);
    const blocked = voided(b, after);
    if (blocked !== null) return blocked;
    const { status } = b.response;
    const { missing } = operation.contract.etag;
    const changed = changes(resource, evidence, before, after);
    if (changed === null) return inconclusive('control-failed', { detail: 'the state could not be read' });
    const isApplied = isSuccess(b) && changed.length > 0;
    const proof = present(before, b, after);
    if (isApplied && missing === 'permitted') return pass([note('permitted')]);
    const found = findings([
      isApplied && Array.isArray(missing) && fail('not-demanded', { status }, proof, { basis: 'declared' }),
      isApplied && missing === null && warn('overwritten-silently', { status }, proof),
    ]);
    if (found !== null) return found;
    if (isRefusal(status) && changed.length > 0) return inconclusive('unsteady');
    const expected = Array.isArray(missing) ? missing : [428, 412, 409, 400];
    if (expected.includes(status)) return pass();
    return isSuccess(b) ? inconclusive('no-effect') : inconclusive('first-refused', { status });
  },
});
