import { outgoing } from '../../../core/arrange.js';
import type { Subject, Tools } from '../../../core/check.js';
import type { Contract } from '../../../core/contract.js';
import { exchangeOf, readingsOf, type Evidence } from '../../../core/evidence.js';
import type { Reading } from '../../../core/reading.js';
import { watched } from '../../../core/step.js';
import { findings, note, pass, warn, type Verdict } from '../../../core/verdict.js';
import { lostAnswer, needsSuccess } from '../../lib/http/answers.js';
import { voided } from '../../lib/http/statuses.js';
import { duration, measured } from '../../lib/judging/duration.js';
import { unclearBecause } from '../../lib/judging/lifetime.js';
import { stage } from '../../lib/steps/stage.js';

/** The part of a promised lifetime that must still be left right after the answer. */
const DUE = 0.9;

type Codes = 'kept-for-ever' | 'pending-for-ever' | 'short-in-store';
type Notes = 'stored' | 'pending-stored';

/** Sends one request with a new key, and looks into the store for it (step `watched`). */
export function* stored({ operation, resource }: Subject, tools: Tools) {
  const scope = yield* stage({ operation, resource }, tools);
  const key = tools.key();
  yield* watched('watched', outgoing(operation, scope, { key }), key);
}

/** What the store says of the lifetime of a key: the entry that lives longest is the answer's. */
export function storedVerdict(
  { ttl, ttlFloor }: Contract,
  evidence: Evidence<'watched' | 'watched pending' | 'watched finished'>,
): Verdict<Codes, Notes> {
  const sent = exchangeOf(evidence, 'watched');
  const unusable = voided(sent) ?? needsSuccess(sent);
  if (unusable !== null || sent === undefined) return unusable ?? lostAnswer(sent);
  const [pending, finished] = [
    readingsOf(evidence, 'watched pending').flatMap(entryOf),
    readingsOf(evidence, 'watched finished').flatMap(entryOf),
  ];
  const [first] = finished;
  if (first === undefined) return unclearBecause('no entry of the key was found in the store');
  const promised = typeof ttl === 'number' ? duration(ttl) : ttl === 'never' ? 'for ever' : 'nothing';
  const endless = finished.find(({ ttlMs }) => ttlMs < 0);
  const taken = pending.find(({ ttlMs }) => ttlMs < 0);
  const leftMs = Math.max(...finished.map(({ ttlMs }) => ttlMs));
  const left = endless === undefined ? measured(leftMs / 1000) : 'ever';
  const least = typeof ttl === 'number' ? ttl * DUE : ttl === 'unknown' ? ttlFloor.fail : Infinity;
  const isShort = endless === undefined && leftMs < least * 1000;
  const found = findings<Codes, Notes>([
    endless !== undefined && ttl !== 'never' && warn('kept-for-ever', { entry: endless.entry, ttl: promised }, [sent]),
    taken !== undefined && warn('pending-for-ever', { entry: taken.entry }, [sent]),
    isShort && warn('short-in-store', { left, ttl: promised }, [sent]),
  ]);
  const pendingMs = Math.max(0, ...pending.map(({ ttlMs }) => ttlMs));
  return (
    found ??
    pass([note('stored', { left }), pendingMs > 0 && note('pending-stored', { left: measured(pendingMs / 1000) })])
  );
}

function entryOf({ ids, value }: Reading) {
  return value === null ? [] : [{ entry: ids[0] ?? '', ttlMs: value }];
}
