import type { Evidence } from '../../core/evidence.js';
import { header, isAnswered, isSuccess, type Exchange } from '../../core/http.js';
import type { Resource } from '../../core/resource.js';
import { differences, jsonOf, type Difference } from './json.js';

/** Whether a read shows the resource: answered with 2xx, and not marked as gone. */
export function isPresent({ gone }: Resource, read: Exchange | undefined): boolean {
  if (read === undefined || !isSuccess(read)) return false;
  if (gone.kind === 'status') return !gone.statuses.includes(read.response.status);
  return !gone.value.all(read.response).some(value => value === gone.equals);
}

/** Whether a read shows that the resource is not there. */
export function isAbsent({ gone }: Resource, read: Exchange | undefined): boolean {
  if (read === undefined || !isAnswered(read)) return false;
  const { status } = read.response;
  if (status === 404 || status === 410) return true;
  if (gone.kind === 'status') return gone.statuses.includes(status);
  return isSuccess(read) && gone.value.all(read.response).some(value => value === gone.equals);
}

/** What changed between two reads, beside what changes by itself; `null` when one of them is no success. */
export function changes(
  resource: Resource,
  { baseline }: Pick<Evidence, 'baseline'>,
  before: Exchange | undefined,
  after: Exchange | undefined,
): readonly Difference[] | null {
  if (before === undefined || after === undefined || !isSuccess(before) || !isSuccess(after)) return null;
  const [from, to] = [jsonOf(before.response), jsonOf(after.response)];
  if (from === undefined || to === undefined) {
    return before.response.body === after.response.body
      ? []
      : [{ path: '$', before: before.response.body, after: after.response.body }];
  }
  const ignored = [...baseline.volatile, ...resource.volatile.map(({ text }) => text)];
  return differences(from, to, ignored);
}

/** Whether a path's name says that it holds a version or the time of a change. */
export function isTime(path: string): boolean {
  return /(version|revision|\brev\b|etag|modified|updated|changed|last_?seen|timestamp|_at$|At$)[^.]*$/i.test(path);
}

/** The header that says an answer came from a cache, or `null`. */
export function cachedBy(exchange: Exchange | undefined): string | null {
  if (exchange === undefined || !isAnswered(exchange)) return null;
  if (Number(header(exchange.response, 'age') ?? 0) > 0) return 'Age';
  return /\bhit\b/i.test(header(exchange.response, 'x-cache') ?? '') ? 'X-Cache' : null;
}

/** The last exchange of a step. */
export function lastOf(evidence: Evidence, step: string, round?: number): Exchange | undefined {
  return evidence.all(step, round).at(-1);
}
