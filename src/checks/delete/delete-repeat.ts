import { make, outgoing } from '../../core/arrange.js';
import { defineCheck, skip } from '../../core/check.js';
import { isSuccess, type Answered } from '../../core/http.js';
import { withValues } from '../../core/scope.js';
import { send } from '../../core/step.js';
import { fail, findings, inconclusive, note, pass, suspect, warn } from '../../core/verdict.js';
import { hasAnswer, lostAnswer, needsSuccess, present } from '../lib/answers.js';
import { isAbsent, isPresent } from '../lib/state.js';
import { isCrash, voided } from '../lib/statuses.js';
import { neverIssuedLike } from '../lib/never-issued.js';
import { write } from '../lib/version.js';

export const deleteRepeat = defineCheck({
  id: 'delete-repeat',
  group: 'delete',
  title: 'A second DELETE does no harm',
  severity: 'high',
  basis: 'must',
  refs: ['RFC 9110 section 9.2.2', 'RFC 9110 section 9.3.5', 'AIP-135'],
  sends:
    'Creates a resource, deletes it, reads it, deletes it again on a new connection, reads it again. Variant never-existed: one DELETE of an id of the same shape that was never given out.',
  judges:
    'Passes when the repeat is answered with 2xx, 404 or 410 and the resource stays away. Fails on a 5xx that comes again on a fresh resource, and when the resource is back in two reads. Warns on any other 4xx.',
  expected: 'A second DELETE is answered with 2xx, 404 or 410, and the resource stays gone.',
  why: 'A client whose first DELETE was answered too late sends it again; a 500 there pages someone at night for nothing.',
  fix: 'Treat "already gone" as a normal case: answer 404 (or 204) where the record is not found, before touching it.',
  guards: [
    'A 500 must come again on a fresh resource; 429, 502, 503 and 504 void the try.',
    '"Came back" needs an absent read first and two present ones after.',
    'What the first DELETE left readable is judged by delete-then-get.',
  ],
  messages: {
    'repeat-crashed': 'The second DELETE was answered with {status}.',
    'came-back': 'The resource was gone after the first DELETE and back after the second.',
    'odd-status': 'The second DELETE was answered with {status}, where {expected} is usual.',
    'never-existed-crashed': 'DELETE of an id that never existed was answered with {status}.',
  },
  isolation: 'alone',
  variants: [null, 'never-existed'],

  select({ operation, resource }, variant) {
    if (operation.role !== 'delete') return skip('not the delete of a resource');
    if (resource.create === null) return skip('no create operation to make something to delete');
    return { operation, resource, read: resource.read, variant };
  },

  *probe({ operation, resource, read, variant }, tools) {
    const { scope, id } = yield* make(resource, tools);
    const target = { operation, resource, scope };
    if (variant === 'never-existed') {
      yield* send('unknown', outgoing(operation, withValues(scope, { id: neverIssuedLike(id, tools.fresh()) })));
      return;
    }
    const first = yield* write('first', target, { payload: 'body', key: tools.key() });
    if (!isSuccess(first)) return;
    if (read !== null) yield* send('gone', outgoing(read, scope));
    yield* send('repeat', outgoing(operation, scope, { key: tools.key() }));
    if (read === null) return;
    const after = yield* send('after', outgoing(read, scope));
    if (isPresent(resource, after)) yield* send('after again', outgoing(read, scope));
  },

  judge({ operation, resource, read, variant }, evidence) {
    if (variant === 'never-existed') {
      const unknown = evidence.exchange('unknown');
      if (!hasAnswer(unknown)) return lostAnswer(unknown);
      const { status } = unknown.response;
      const isUsual = isUsualStatus(unknown);
      return (
        voided(unknown) ??
        findings([isCrash(status) && suspect('never-existed-crashed', { status }, [unknown])]) ??
        pass([!isUsual && note('status-outside', { status, expected: '2xx, 404 or 410' })])
      );
    }
    const [first, repeat] = [evidence.all('first').at(-1), evidence.exchange('repeat')];
    const [gone, after, again] = ['gone', 'after', 'after again'].map(step => evidence.exchange(step));
    const unusable = needsSuccess(first);
    if (unusable !== null) return unusable;
    if (!hasAnswer(repeat)) return lostAnswer(repeat);
    const { status } = repeat.response;
    const isBack = isAbsent(resource, gone) && isPresent(resource, after) && isPresent(resource, again);
    const allowed = operation.contract.deleteMissing;
    const isOdd =
      !isCrash(status) && !(allowed === null ? isUsualStatus(repeat) : allowed.includes(status) || isSuccess(repeat));
    const expected = allowed === null ? '2xx, 404 or 410' : allowed.join(', ');
    const found = findings([
      isBack && fail('came-back', {}, present(gone, repeat, after, again)),
      isCrash(status) && suspect('repeat-crashed', { status }, [repeat]),
      isOdd && warn('odd-status', { status, expected }, [repeat]),
    ]);
    if (found !== null) return found;
    if (read !== null && isPresent(resource, gone))
      return inconclusive('control-failed', { detail: 'the first DELETE left the resource readable' });
    if (read !== null && !isAbsent(resource, after)) return lostOrOdd();
    return pass();
  },
});

function isUsualStatus({ response: { status } }: Answered): boolean {
  return (status >= 200 && status < 300) || status === 404 || status === 410;
}

function lostOrOdd() {
  return inconclusive('control-failed', {
    detail: 'the read after the repeat shows neither the resource nor its absence',
  });
}
