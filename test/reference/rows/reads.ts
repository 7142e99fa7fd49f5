import { ORDER, type ReferenceClient } from '../../support/reference-client.js';
import { row, type Row } from './row.js';

/** What HEAD of an order is answered with. */
async function headed(api: ReferenceClient) {
  const { id } = await api.order();
  return (await api.head(id)).status;
}

/** How often an order says that it was looked at, after a safe request of each kind. */
const views = (methods: readonly string[]) => async (api: ReferenceClient) => {
  const { id } = await api.order();
  for (const method of methods) await api.send(method, `/orders/${id}`);
  return (await api.get(id)).json['views'];
};

/** What two reads of a purchase leave of the stock of its product. */
async function readTwice(api: ReferenceClient) {
  const keyed = () => ({ 'idempotency-key': api.newKey() });
  const { id: product } = await api.send('POST', '/products', { name: 'chair', stock: 10 }, keyed());
  const { id } = await api.send('POST', '/purchases', { product, quantity: 2 }, keyed());
  for (const _ of [1, 2]) await api.send('GET', `/purchases/${id}`);
  return (await api.send('GET', `/products/${product}`)).json['stock'];
}

/** A retry, and whether it says of the order what the first answer said. */
async function retried(api: ReferenceClient) {
  const [first, again] = [await api.order(ORDER, 'k'), await api.order(ORDER, 'k')];
  return { isSameId: first.id === again.id, amount: again.json['amount'] };
}

async function underTwoKeys(api: ReferenceClient) {
  const [one, two] = [await api.order(ORDER, 'a'), await api.order(ORDER, 'b')];
  return { statuses: [one.status, two.status], isSameId: one.id === two.id, count: await api.count() };
}

/** A retry after eight orders of others. */
async function afterOthers(api: ReferenceClient) {
  await api.order(ORDER, 'k');
  for (let at = 0; at < 8; at++) await api.order({ ...ORDER, reference: 'other' });
  await api.order(ORDER, 'k');
  return api.count();
}

/** A write under the tag of the last of two reads, and whether both have the same. */
async function writtenUnderTag(api: ReferenceClient) {
  const { id } = await api.order();
  const [one, two] = [await api.get(id), await api.get(id)];
  return { isSameTag: one.etag === two.etag, status: (await api.patch(id, { amount: 1 }, two.etag)).status };
}

/** Two orders at the same moment, and one after them. */
async function madeTogether(api: ReferenceClient) {
  const answers = await Promise.all([api.order(), api.order()]);
  const { id: later } = await api.order();
  const ids = answers.map(({ id }) => id);
  const statuses = answers.map(({ status }) => status);
  return { statuses, isSameId: ids[0] === ids[1], isLaterSame: ids.includes(later), count: await api.count() };
}

const TAGS = { isSameTag: true, status: 200 };

/** How flaws of reads, tags and replays show themselves, of which only some are failures. */
export const readsRows: Readonly<Record<string, Row>> = {
  'concurrent-creates-share-record': row(
    madeTogether,
    { statuses: [201, 201], isSameId: false, isLaterSame: false, count: 3 },
    { statuses: [201, 201], isSameId: true, isLaterSame: false, count: 2 },
  ),
  'head-not-found': row(headed, 200, 404),
  'head-counts-views': row(views(['GET', 'HEAD', 'HEAD']), undefined, 2),
  'options-counts-views': row(views(['GET', 'OPTIONS', 'OPTIONS']), undefined, 2),
  'read-takes-stock': row(readTwice, 8, 6),
  'replay-of-other-content': row(retried, { isSameId: true, amount: ORDER.amount }, { isSameId: true, amount: 0.01 }),
  'second-key-deduplicated-as-200': row(
    underTwoKeys,
    { statuses: [200, 200], isSameId: false, count: 2 },
    { statuses: [200, 200], isSameId: true, count: 1 },
  ),
  'keys-evicted-by-others': row(afterOthers, 1, 2),
  'etag-random': row(writtenUnderTag, TAGS, { ...TAGS, isSameTag: false }),
  'etag-random-refused': row(writtenUnderTag, TAGS, { isSameTag: false, status: 412 }),
};
