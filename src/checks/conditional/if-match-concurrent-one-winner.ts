import { make, outgoing } from '../../core/arrange.js';
import { defineCheck, skip, type Tools } from '../../core/check.js';
import { isAnswered, isSuccess, type Exchange } from '../../core/http.js';
import type { Outgoing } from '../../core/resource.js';
import { withValues } from '../../core/scope.js';
import { send, together } from '../../core/step.js';
import { fail, findings, inconclusive, pass, suspect, warn } from '../../core/verdict.js';
import { needsSuccess } from '../lib/answers.js';
import { differences, isObject, jsonOf, parseJson } from '../lib/json.js';
import { counts, noRound, racePowerNote, rounds } from '../lib/racing.js';
import { sibling, warmUp } from '../lib/stage.js';
import { offersControl, versioned, versionOf, type Target } from '../lib/version.js';

const LOSERS = [412, 409, 423, 429];

export const ifMatchConcurrentOneWinner = defineCheck({
  id: 'if-match-concurrent-one-winner',
  group: 'conditional',
  title: 'Of several writes under one version exactly one wins',
  severity: 'critical',
  basis: 'must',
  refs: ['RFC 9110 section 13.1.1'],
  sends:
    'First alone: a write under the current version, and one under the outdated one. Then several different writes under one version at once, and a read; five rounds, each wider than the last, each on a fresh version.',
  judges:
    "Passes when one write is answered with 2xx, the others with 412 (409, 423, 429), and the state is the winner's. Fails when two or more win. Inconclusive when the sequential control does not hold: then if-match-stale-rejected has the word.",
  expected: 'One 2xx; 412 for the rest; the state of the winner.',
  why: 'A check that is not part of the write lets two clients pass it together: one change is lost although both asked politely.',
  fix: 'Make comparison and write one atomic step: UPDATE ... WHERE id = ? AND version = ?, and answer 412 when no row changed.',
  guards: [
    'The bodies differ, so that "already in effect" does not excuse a second 2xx.',
    'A pass needs rounds in which the requests overlapped.',
    'A weak tag alone is no promise: warn.',
  ],
  messages: {
    'several-winners': '{winners} of {width} concurrent writes under one version were answered with 2xx.',
    'winner-overwritten': 'One write won, and the state is not what it wrote.',
    'no-winner': 'None of {width} concurrent writes under the current version won.',
    crashed: 'A write of the race was answered with {status}.',
  },

  select({ operation, resource }) {
    if (operation.role !== 'replace' && operation.role !== 'update') return skip('not an update of a resource');
    if (resource.create === null) return skip('no create operation to make something to write to');
    if (resource.read === null) return skip('no read operation to see the version with');
    if (!operation.payloads.has('variant')) return skip('only one body is known, so that the writes would be the same');
    return { operation, resource, read: resource.read };
  },

  *probe({ operation, resource, read }, tools) {
    const { scope } = yield* make(resource, tools);
    const target: Target = { operation, resource, scope };
    const start = yield* send('start', outgoing(read, scope));
    const version = versionOf(resource, start);
    if (version === null) return;
    const current = yield* send('current', versioned(target, 'variant', version));
    const stale = yield* send('stale', versioned(target, 'body', version));
    if (!isSuccess(current) || isSuccess(stale)) return;
    yield* rounds(tools, function* (round, width) {
      const fresh = yield* send('version', outgoing(read, scope), round);
      const now = versionOf(resource, fresh);
      if (now === null) return { counted: null, proven: true };
      const lanes = lanesOf(target, now, width, tools);
      const race = yield* together('race', lanes, { round, warmUp: warmUp(resource, scope) });
      yield* send('state', outgoing(read, scope), round);
      return { counted: null, proven: race.filter(isSuccess).length > 1 };
    });
  },

  judge({ operation, resource }, evidence) {
    const start = evidence.exchange('start');
    const unusable = needsSuccess(start);
    if (unusable !== null) return unusable;
    const version = versionOf(resource, start);
    if (version === null) return inconclusive('no-version');
    const [current, stale] = [evidence.exchange('current'), evidence.exchange('stale')];
    const played = evidence.rounds('race');
    const doubled = played.filter(round => round.filter(isSuccess).length > 1);
    const crashed = played.filter(round => round.some(isCrashed));
    const level =
      offersControl(operation, version) && version.kind !== 'modified' ? ('fail' as const) : ('warn' as const);
    const [worst] = doubled.toSorted((a, b) => b.filter(isSuccess).length - a.filter(isSuccess).length);
    const isControlled =
      current !== undefined && isSuccess(current) && stale !== undefined && isAnswered(stale) && !isSuccess(stale);
    if (!isControlled) {
      const detail =
        current !== undefined && isSuccess(current)
          ? 'a stale version is accepted even alone'
          : 'the current version is not accepted';
      return inconclusive('control-failed', { detail });
    }
    const overwritten = played.find(round => isOverwritten(round, evidence.exchange('state', round[0]?.round)));
    const counting = played.filter(round => counts(round, LOSERS));
    const idle = counting.filter(round => !round.some(isSuccess) && !round.some(isCrashed));
    const found = findings([
      worst !== undefined &&
        fail(
          'several-winners',
          { winners: worst.filter(isSuccess).length, width: worst.length },
          doubled.flatMap(round => round.filter(isSuccess)),
          { level },
        ),
      worst === undefined && overwritten !== undefined && suspect('winner-overwritten', {}, overwritten),
      crashed.length > 0 &&
        (crashed.length > 1 ? fail : suspect)(
          'crashed',
          { status: crashed.flat().find(isCrashed)?.response?.status ?? 500 },
          crashed.flat().filter(isCrashed),
        ),
      counting.length > 0 &&
        idle.length === counting.length &&
        warn('no-winner', { width: idle[0]?.length ?? 0 }, idle.flat()),
    ]);
    if (found !== null) return found;
    const won = counting.filter(round => round.some(isSuccess));
    return won.length === 0 ? noRound(played, LOSERS) : pass([racePowerNote(won)]);
  },
});

/** Writes that can be told apart: each with a marker of its own where the body shows one, else alternating bodies. */
function lanesOf(
  target: Target,
  version: Parameters<typeof versioned>[2],
  width: number,
  tools: Tools,
): readonly Outgoing[] {
  const { operation, resource, scope } = target;
  return Array.from({ length: width }, (_, lane) => {
    const own = operation.marked ? { ...sibling(resource, scope, tools), values: scope.values } : scope;
    return versioned({ ...target, scope: withValues(own, {}) }, lane % 2 === 0 ? 'body' : 'variant', version);
  });
}

function isCrashed(exchange: Exchange): boolean {
  return isAnswered(exchange) && (exchange.response.status === 500 || exchange.response.status === 501);
}

/** Whether the one winner's fields are not in the state, and a loser's are. */
function isOverwritten(round: readonly Exchange[], state: Exchange | undefined): boolean {
  const winners = round.filter(isSuccess);
  const [winner] = winners;
  if (winners.length !== 1 || winner === undefined || state === undefined || !isSuccess(state)) return false;
  const now = jsonOf(state.response);
  return (
    !shows(now, winner) &&
    round.some(one => one !== winner && one.request.body !== winner.request.body && shows(now, one))
  );
}

function shows(state: unknown, { request }: Exchange): boolean {
  const sent = request.body === null ? undefined : parseJson(request.body);
  if (!isObject(sent) || !isObject(state)) return false;
  return Object.entries(sent).every(
    ([name, value]) => !(name in state) || differences(value, state[name]).length === 0,
  );
}
