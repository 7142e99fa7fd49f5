import { make, outgoing } from '../../core/arrange.js';
import { defineCheck, skip } from '../../core/check.js';
import { isAnswered, isSuccess, type Exchange } from '../../core/http.js';
import { send, together } from '../../core/step.js';
import { fail, findings, inconclusive, pass, suspect } from '../../core/verdict.js';
import { present } from '../lib/answers.js';
import { counts, noRound, racePowerNote, rounds } from '../lib/racing.js';
import { isPresent } from '../lib/state.js';
import { warmUp } from '../lib/stage.js';

/** Answers a loser of the race may have. */
const LOSERS = [404, 410, 409, 412, 423, 429];

export const deleteConcurrent = defineCheck({
  id: 'delete-concurrent',
  group: 'delete',
  title: 'Concurrent DELETEs of one resource end well',
  severity: 'high',
  basis: 'must',
  refs: ['RFC 9110 section 9.2.2', 'RFC 9110 section 9.3.5'],
  sends:
    'Creates a resource and releases several DELETEs of it at once, then reads it; five rounds, each wider than the last.',
  judges:
    'Passes when every request is answered with 2xx, 404, 410, 409, 412, 423 or 429 and the resource is gone. Fails on a 500 that comes in two rounds, and when the resource is still there although a DELETE succeeded.',
  expected: 'One or more DELETEs succeed, the others find it gone, none crashes.',
  why: 'Two workers that clean up the same record must not leave a deadlock or a half-deleted record behind.',
  fix: 'Delete by one statement and treat "no row affected" as already gone.',
  guards: ['A pass needs a round in which the requests overlapped.', '"Still there" needs two reads.'],
  messages: {
    crashed: 'A DELETE of the race was answered with {status}.',
    'still-there': 'A DELETE of the race succeeded, and the resource can still be read.',
  },
  isolation: 'alone',

  select({ operation, resource }) {
    if (operation.role !== 'delete') return skip('not the delete of a resource');
    if (resource.create === null) return skip('no create operation to make something to delete');
    return { operation, resource, read: resource.read };
  },

  *probe({ operation, resource, read }, tools) {
    yield* rounds(tools, function* (round, width) {
      const { scope } = yield* make(resource, tools);
      const one = outgoing(operation, scope);
      const race = yield* together(
        'race',
        Array.from({ length: width }, () => one),
        { round, warmUp: warmUp(resource, scope) },
      );
      if (read !== null && race.some(isSuccess)) {
        const after = yield* send('after', outgoing(read, scope), round);
        if (isPresent(resource, after)) yield* send('after again', outgoing(read, scope), round);
      }
      return { counted: null };
    });
  },

  judge({ resource, read }, evidence) {
    const played = evidence.rounds('race');
    const crashed = played.filter(round => round.some(isCrashed));
    const standing = played.filter(round => round.some(isSuccess) && isStillThere(round));
    const found = findings([
      standing.length > 0 && fail('still-there', {}, standing.flat()),
      crashed.length > 0 &&
        (crashed.length > 1 ? fail : suspect)(
          'crashed',
          { status: statusIn(crashed) },
          crashed.flat().filter(isCrashed),
        ),
    ]);
    if (found !== null) return found;
    const counting = played.filter(round => counts(round, LOSERS) && round.some(isSuccess));
    if (counting.length === 0) return noRound(played, LOSERS);
    if (read === null) return inconclusive('oracle-blind');
    return pass([racePowerNote(counting)]);

    function isStillThere(round: readonly Exchange[]): boolean {
      const at = round[0]?.round;
      const reads = present(evidence.exchange('after', at), evidence.exchange('after again', at));
      return reads.length === 2 && reads.every(one => isPresent(resource, one));
    }
  },
});

function isCrashed(exchange: Exchange): boolean {
  return isAnswered(exchange) && (exchange.response.status === 500 || exchange.response.status === 501);
}

function statusIn(rounds: readonly (readonly Exchange[])[]): number {
  return rounds.flat().find(isCrashed)?.response?.status ?? 500;
}
