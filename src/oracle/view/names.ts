/**
 * Words of members that keep a record of writes or of requests, which a server may do as often as it likes (RFC 9110
 * section 9.2.2): they are no effect.
 */
const BOOKKEEPING: ReadonlySet<string> = new Set(
  (
    'version versions rowversion revision revisions rev generation etag seq sequence history audit log logs journal ' +
    'trail timeline activity attempts attempt retries retry requests request hits hit views view calls call accesses ' +
    'visits visit writes updates edits changes modifications'
  ).split(' '),
);

/** Whether a member is a version, a revision, or a log or count of requests, by its name. */
export function isBookkeeping(path: string): boolean {
  return wordsOf(path.split('.').at(-1) ?? '').some(word => BOOKKEEPING.has(word));
}

/** `lastRevision_no` as `last`, `revision`, `no`. */
export function wordsOf(name: string): readonly string[] {
  return name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter(word => word !== '');
}
