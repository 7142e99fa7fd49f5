import { ORDER, type ReferenceClient } from '../../support/reference-client.js';
import { row, type Row } from './row.js';

/** A client that goes away, and its retries: at once, and after a while. */
async function abandoned(api: ReferenceClient) {
  await api.abandoned(ORDER, 'k');
  const retry = await api.order(ORDER, 'k');
  const isThere = retry.status < 300 && (await api.get(retry.id)).status === 200;
  const count = await api.count();
  api.clock.advance(3_000);
  return { status: retry.status, isThere, count, later: (await api.order(ORDER, 'k')).status };
}

async function late(api: ReferenceClient) {
  await api.order(ORDER, 'k');
  api.clock.advance(4_000);
  await api.order(ORDER, 'k');
  return api.count();
}

/** A retry of the create after the DELETE. */
async function retriedAfterDelete(api: ReferenceClient) {
  const { id } = await api.order(ORDER, 'k');
  await api.remove(id);
  const { status } = await api.order(ORDER, 'k');
  return { status, old: (await api.get(id)).status, count: await api.count() };
}

/** A PATCH of an order, before its DELETE and after it. */
async function patchedAfterDelete(api: ReferenceClient) {
  const { id, etag } = await api.order(ORDER, 'k');
  const before = await api.patch(id, { status: 'shipped' }, etag);
  await api.remove(id);
  const { status } = await api.patch(id, { status: 'shipped' });
  return { before: before.status, status, read: (await api.get(id)).status };
}

/** A repeat after a restart. */
async function restarted(api: ReferenceClient) {
  const { id } = await api.order(ORDER, 'k');
  await api.send('POST', '/admin/restart');
  await api.order(ORDER, 'k');
  return { read: (await api.get(id)).status, count: await api.count() };
}

/** A request that is turned away, and its retry. */
async function turnedAway(api: ReferenceClient) {
  await api.send('POST', '/admin/limit');
  const first = await api.order(ORDER, 'k');
  api.clock.advance(1_000);
  const [other, retry] = [await api.order(), await api.order(ORDER, 'k')];
  return [first.status, other.status, retry.status];
}

/** A repeat, twice, when the key has lived for longer than 4 seconds. */
async function expired(api: ReferenceClient) {
  await api.order(ORDER, 'k');
  api.clock.advance(5_000);
  const [first, again] = [await api.order(ORDER, 'k'), await api.order(ORDER, 'k')];
  return { statuses: [first.status, again.status], count: await api.count() };
}

/** What the store keeps of a key while its request is under way, and afterwards; seconds, -1 = for ever. */
async function keptInStore(api: ReferenceClient) {
  const seconds = async () => (await api.inspect('k')).map(({ ttlMs }) => (ttlMs < 0 ? -1 : Math.ceil(ttlMs / 1000)));
  const answer = api.order(ORDER, 'k');
  let pending = await seconds();
  while (pending.length === 0) pending = await seconds();
  await answer;
  return { pending, finished: await seconds() };
}

const KEPT = { pending: [60], finished: [86_400] };

const RETRY = { status: 201, old: 404, count: 0 };

const LATE_PATCH = { before: 200, status: 404, read: 404 };

const EXPIRED = { statuses: [201, 201], count: 2 };

const ABANDONED = { status: 201, isThere: true, count: 1, later: 201 };

export const lifetimeRows: Readonly<Record<string, Row>> = {
  'abort-forgets-key': row(abandoned, ABANDONED, { ...ABANDONED, count: 2 }),
  'abort-undoes-effect': row(abandoned, ABANDONED, { ...ABANDONED, isThere: false, count: 0 }),
  'abort-renames-record': row(abandoned, ABANDONED, { ...ABANDONED, isThere: false }),
  'abort-breaks-key': row(abandoned, ABANDONED, { ...ABANDONED, status: 500, isThere: false, later: 500 }),
  'abort-burns-key': row(abandoned, ABANDONED, { status: 422, isThere: false, count: 0, later: 422 }),
  'abort-leaves-key-in-flight': row(abandoned, ABANDONED, { status: 409, isThere: false, count: 1, later: 409 }),
  'abort-holds-key-long': row(abandoned, ABANDONED, { status: 409, isThere: false, count: 1, later: 201 }),
  'ttl-shorter-than-declared': row(late, 1, 2),
  'ttl-short-undeclared': row(late, 1, 2),
  'key-kept-for-ever': row(keptInStore, KEPT, { ...KEPT, finished: [-1] }),
  'pending-key-kept-for-ever': row(keptInStore, KEPT, { ...KEPT, pending: [-1] }),
  'key-short-in-store': row(keptInStore, KEPT, { ...KEPT, finished: [3600] }),
  'deleted-key-forgotten': row(retriedAfterDelete, RETRY, { ...RETRY, count: 1 }),
  'deleted-order-restored': row(retriedAfterDelete, RETRY, { ...RETRY, old: 200, count: 1 }),
  'retry-of-deleted-crashes': row(retriedAfterDelete, RETRY, { ...RETRY, status: 500 }),
  'patch-revives-deleted': row(patchedAfterDelete, LATE_PATCH, { ...LATE_PATCH, status: 200, read: 200 }),
  'patch-of-deleted-crashes': row(patchedAfterDelete, LATE_PATCH, { ...LATE_PATCH, status: 500 }),
  'keys-lost-on-restart': row(restarted, { read: 200, count: 1 }, { read: 200, count: 2 }),
  'limit-stored': row(turnedAway, [429, 201, 201], [429, 201, 429]),
  'expired-key-stuck': row(expired, EXPIRED, { statuses: [409, 409], count: 1 }),
  'expired-key-crashes': row(expired, EXPIRED, { statuses: [500, 500], count: 1 }),
  'expired-key-refused': row(expired, EXPIRED, { statuses: [400, 400], count: 1 }),
  'expired-key-executed': row(expired, { statuses: [410, 410], count: 1 }, EXPIRED, {
    ttlSeconds: 4,
    expiredStatus: 410,
  }),
};
