import { header, isAnswered, isSuccess, type Exchange } from '../../../core/http.js';
import type { Resource } from '../../../core/resource.js';
import { inconclusive, type Verdict } from '../../../core/verdict.js';
import { differences, jsonOf, type Difference } from '../json/json.js';
import { hasAnswer, lostAnswer } from './answers.js';
import { voided } from './statuses.js';

/** Whether a read shows the resource: answered with 2xx, and not marked as gone. */
export function isPresent({ gone }: Pick<Resource, 'gone'>, read: Exchange | undefined): boolean {
  if (read === undefined || !isSuccess(read)) return false;
  if (gone.kind === 'status') return !gone.statuses.includes(read.response.status);
  return !gone.value.all(read.response).some(value => value === gone.equals);
}

/** Whether a read shows that the resource is not there, or marked as gone. */
export function isAbsent({ gone }: Pick<Resource, 'gone'>, read: Exchange | undefined): boolean {
  if (read === undefined || !isAnswered(read)) return false;
  const { status } = read.response;
  if (status === 404 || status === 410) return true;
  if (gone.kind === 'status') return gone.statuses.includes(status);
  return isSuccess(read) && gone.value.all(read.response).some(value => value === gone.equals);
}

/**
 * Where two reads differ, leaving out some places. A body that is no JSON is one place, `$`. `null` when one of them is
 * no success, or differs and is not held completely, so that nothing can be said.
 */
export function changesBetween(
  before: Exchange | undefined,
  after: Exchange | undefined,
  ignored: readonly string[] = [],
): readonly Difference[] | null {
  if (before === undefined || after === undefined || !isSuccess(before) || !isSuccess(after)) return null;
  const [one, two] = [before.response, after.response];
  if (one.body === two.body && one.bodyEncoding === two.bodyEncoding && one.bodyBytes === two.bodyBytes) return [];
  if (one.truncated || two.truncated) return null;
  const [from, to] = [jsonOf(one), jsonOf(two)];
  if (from !== undefined && to !== undefined) return differences(from, to, ignored);
  return ignored.includes('$') ? [] : [{ path: '$', before: one.body, after: two.body }];
}

/** The places that changed between two reads with no write in between, and those the user calls volatile. */
export function restlessPaths(
  { volatile }: Pick<Resource, 'volatile'>,
  one: Exchange | undefined,
  two: Exchange | undefined,
): readonly string[] {
  const moved = changesBetween(one, two) ?? [];
  return [...volatile.map(({ text }) => text), ...moved.map(({ path }) => path)];
}

/** The header that says an answer came from a cache, or `null`. */
export function cachedBy(exchange: Exchange | undefined): string | null {
  if (exchange === undefined || !isAnswered(exchange)) return null;
  if (Number(header(exchange.response, 'age') ?? 0) > 0) return 'Age';
  return /\bhit\b/i.test(header(exchange.response, 'x-cache') ?? '') ? 'X-Cache' : null;
}

/** Why reads of the state show nothing: voided, lost, or answered with something else than 2xx; `null` when all do. */
export function readTrouble(reads: readonly (Exchange | undefined)[]): Verdict<never, never> | null {
  const unusable = voided(...reads);
  if (unusable !== null) return unusable;
  for (const read of reads) {
    if (!hasAnswer(read)) return lostAnswer(read);
    const { status } = read.response;
    if (!isSuccess(read)) return inconclusive('control-failed', { detail: `the read was answered with ${status}` });
  }
  return null;
}
