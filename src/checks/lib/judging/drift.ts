import type { Exchange } from '../../../core/http.js';
import type { Resource } from '../../../core/resource.js';
import { hasAnswer } from '../http/answers.js';
import { changesBetween, restlessPaths } from '../http/state.js';
import { fieldsIn, isAlike, isExactly, isFieldAt, isTimeField, isVersionField, type Leaf } from '../json/fields.js';
import { differences, isObject, jsonOf, type Difference } from '../json/json.js';

/**
 * What a change of the state means that a repeated write brought: `lost`, something a repeat must not change; `side`,
 * something it had better not; `moved`, a version or the time of a change, which it may.
 */
export interface Drift {
  readonly lost: readonly Difference[];
  readonly side: readonly Difference[];
  readonly moved: readonly Difference[];
}

/** Sorts the changes a repeat of a write brought, given what the write says. */
export function sortDrift(changes: readonly Difference[], written: readonly Leaf[]): Drift {
  const kinds = changes
    .filter(change => !isArriving(change, written))
    .map(change => [kindOf(change, written), change] as const);
  const of = (wanted: keyof Drift) => kinds.filter(([kind]) => kind === wanted).map(([, change]) => change);
  return { lost: of('lost'), side: of('side'), moved: of('moved') };
}

/** What a repeat changed, by two reads before it and one after it; `null` when they cannot be compared. */
export function driftBetween(
  resource: Pick<Resource, 'volatile'>,
  first: Exchange,
  [state, control, after]: readonly [Exchange | undefined, Exchange | undefined, Exchange | undefined],
): Drift | null {
  const changes = changesBetween(control, after, restlessPaths(resource, state, control));
  return changes === null ? null : sortDrift(changes, fieldsIn(first.request));
}

/** Whether a repeat moved a number: a twin tells whether it is the record's own. */
export function movesNumber(drift: Drift | null): boolean {
  return drift?.lost.some(change => stepOf(change) !== null) ?? false;
}

/**
 * The drift without the numbers that a repeat moved by another step on the twin, with writes elsewhere between: those count
 * the writes of a whole server (etcd v2, `modifiedIndex`), and may move.
 */
export function withoutCountOfAll(
  drift: Drift | null,
  [before, after]: readonly [Exchange | undefined, Exchange | undefined],
): Drift | null {
  if (drift === null || !hasAnswer(before) || !hasAnswer(after)) return drift;
  const twin = differences(jsonOf(before.response), jsonOf(after.response), []);
  const isOfAll = (change: Difference) => {
    const [step, other] = [stepOf(change), twin.find(({ path }) => path === change.path)];
    return step !== null && other !== undefined && stepOf(other) !== null && stepOf(other) !== step;
  };
  return {
    lost: drift.lost.filter(change => !isOfAll(change)),
    side: drift.side,
    moved: [...drift.moved, ...drift.lost.filter(isOfAll)],
  };
}

/** How far a number went; `null` of anything else. */
function stepOf({ before, after }: Difference): string | null {
  const isNumber = (value: unknown) => typeof value === 'number' || typeof value === 'bigint';
  return isNumber(before) && isNumber(after) ? String(Number(after) - Number(before)) : null;
}

/** Whether what was written changes between two reads without a write, so that a repeat cannot be told from it. */
export function isRestless(written: readonly Leaf[], one: Exchange | undefined, two: Exchange | undefined): boolean {
  return (changesBetween(one, two) ?? []).some(({ path, after }) => {
    const here = written.filter(leaf => isFieldAt(leaf.path, path));
    return path === '$' || (here.length > 0 && !here.some(leaf => isAlike(leaf.value, after)));
  });
}

/** Whether the field only now shows what was written: the read before it came too early. */
function isArriving({ path, after }: Difference, written: readonly Leaf[]): boolean {
  return written.some(leaf => isExactly(leaf.path, path) && isAlike(leaf.value, after));
}

function kindOf(change: Difference, written: readonly Leaf[]): keyof Drift {
  if (isVersionField(change.path)) return 'moved';
  if (isListOfOtherLength(change)) return 'lost';
  if (isHard(change.before) || isHard(change.after)) return isTimeField(change.path) ? 'side' : 'lost';
  return isOwnText(change, written) ? 'lost' : 'side';
}

function isListOfOtherLength({ path, before, after }: Difference): boolean {
  const isOne = before === undefined || after === undefined;
  const isItem = path.endsWith(']') || [before, after].some(value => Array.isArray(value) && value.length > 0);
  return isOne && isItem;
}

function isHard(value: unknown): boolean {
  return typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean';
}

/** A text the client wrote and that was stored as written; one that was not (a hash, a token) may differ each time. */
function isOwnText({ path, before }: Difference, written: readonly Leaf[]): boolean {
  if (path === '$' || isObject(before)) return false;
  return written.some(leaf => isFieldAt(leaf.path, path) && isAlike(leaf.value, before));
}
