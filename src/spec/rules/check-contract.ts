import type { Contract, Key } from '../../generated/spec.js';
import { secondsOf } from '../duration.js';
import type { Path } from '../source.js';
import { checkHeaderName, type Rules } from './rule-book.js';

/** Durations that are none, keys without a name, and statuses in words. */
export function checkContract(contract: Contract | undefined, path: Path, rules: Rules): void {
  if (contract === undefined) return;
  const { ttl, ttlFloor, inflightTimeout, marker, etag, key } = contract;
  if (ttl !== 'never' && ttl !== 'unknown')
    checkDuration(ttl, [...path, 'ttl'], rules, '; "never" says that keys do not expire');
  checkDuration(ttlFloor?.fail, [...path, 'ttlFloor', 'fail'], rules);
  checkDuration(ttlFloor?.warn, [...path, 'ttlFloor', 'warn'], rules);
  checkDuration(inflightTimeout, [...path, 'inflightTimeout'], rules);
  if (typeof marker === 'string') checkHeaderName(marker, [...path, 'marker'], rules);
  else if (marker !== undefined) checkHeaderName(marker.header, [...path, 'marker', 'header'], rules);
  if (typeof etag?.missing === 'string' && etag.missing !== 'permitted') {
    const place = [...path, 'etag', 'missing'];
    rules.add(place, `${rules.quoted(place)} is neither a status, nor a list of them, nor "permitted"`);
  }
  checkKey(key, [...path, 'key'], rules);
}

/** A header is called Idempotency-Key when nobody says otherwise; a field or parameter has no usual name. */
export function checkKey(key: Key | undefined, path: Path, rules: Rules): void {
  if (typeof key !== 'object') return;
  if (key.name === '') rules.add([...path, 'name'], 'must not be empty');
  else if ((key.in === 'body' || key.in === 'query') && key.name === undefined) {
    rules.add(path, `needs the "name" of the ${key.in === 'body' ? 'body field' : 'query parameter'}`, 'key');
  } else if (key.in === 'header' && key.name !== undefined) checkHeaderName(key.name, [...path, 'name'], rules);
}

function checkDuration(value: string | number | undefined, path: Path, { add, quoted }: Rules, also = ''): void {
  if (value === undefined || secondsOf(value) !== null) return;
  add(path, `${quoted(path)} is no duration; write it as in 30s, 5m, 24h or 7d${also}`);
}
