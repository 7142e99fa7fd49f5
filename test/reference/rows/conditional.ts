import { DEFAULT_CHOICES } from '../../../src/reference/choices.js';
import type { ReferenceClient } from '../../support/reference-client.js';
import { row, type Row } from './row.js';

/** Changes under the tag of GET, under `*`, and under the tag a client is given that takes gzip. */
async function currentWrites(api: ReferenceClient) {
  const under = async (tagOf: (id: string) => Promise<string | null>) => {
    const { id } = await api.order();
    return (await api.patch(id, { amount: 1 }, await tagOf(id))).status;
  };
  return {
    current: await under(async id => (await api.get(id)).etag),
    any: await under(async () => '*'),
    gzip: await under(async id => (await api.get(id, { 'accept-encoding': 'gzip' })).etag),
  };
}

/** A PUT under the version of an order that is deleted by then. */
async function writtenAfterDelete(api: ReferenceClient) {
  const { id, etag } = await api.order();
  await api.remove(id);
  const put = await api.put(id, { amount: 1 }, etag);
  return { put: put.status, after: (await api.get(id)).status };
}

/** Requests that are refused: a change and a deposit that are not valid, and a deposit to an account that is not there. */
async function refusedWrites(api: ReferenceClient) {
  const { id, etag } = await api.order();
  const account = await api.account('o');
  const answers = [
    await api.patch(id, { status: 'shipped', amount: -1 }, etag),
    await api.deposit(account.id, -5),
    await api.deposit('unknown', 5),
  ];
  const { amount, status } = (await api.get(id)).json;
  const { balance } = (await api.send('GET', `/accounts/${account.id}`)).json;
  const unknown = (await api.send('GET', '/accounts/unknown')).status;
  return { statuses: answers.map(answer => answer.status), amount, status, balance, unknown };
}

const CURRENT = { current: 200, any: 200, gzip: 200 };
const WEAK = { current: 412, any: 200, gzip: 412 };
const DELETED = { put: 412, after: 404 };
const REFUSED = { statuses: [400, 400, 404], amount: 99.99, status: 'open', balance: 0, unknown: 404 };

/** Two clients read an order and change it, each with what it was given as the version. */
async function editedByTwo(api: ReferenceClient) {
  const { id } = await api.order();
  const [one, two] = [await api.get(id), await api.get(id)];
  const answers = [await api.patch(id, { amount: 1 }, one.etag), await api.patch(id, { amount: 2 }, two.etag)];
  return answers.map(({ status }) => status);
}

/** The flaws of writes under a version. */
export const conditionalRows: Readonly<Record<string, Row>> = {
  'edits-lost-without-version': row(editedByTwo, [200, 412], [200, 200], {}),
  'etag-of-other-bytes': row(currentWrites, CURRENT, { ...CURRENT, current: 412, gzip: 412 }),
  'weak-etag-refused': row(currentWrites, CURRENT, WEAK, DEFAULT_CHOICES),
  'weak-etag-matched': row(currentWrites, WEAK, CURRENT),
  'if-match-star-refused': row(currentWrites, CURRENT, { ...CURRENT, any: 412 }),
  'gzip-weakens-etag': row(currentWrites, CURRENT, { ...CURRENT, gzip: 412 }),
  'if-match-crashes': row(currentWrites, CURRENT, { current: 500, any: 500, gzip: 500 }),
  'put-after-delete-recreates': row(writtenAfterDelete, DELETED, { put: 201, after: 200 }),
  'write-after-delete-ignored': row(writtenAfterDelete, DELETED, { ...DELETED, put: 204 }),
  'write-after-delete-crashes': row(writtenAfterDelete, DELETED, { ...DELETED, put: 500 }),
  'invalid-write-half-applied': row(refusedWrites, REFUSED, { ...REFUSED, status: 'shipped' }),
  'invalid-write-resets-amount': row(refusedWrites, REFUSED, { ...REFUSED, amount: 0 }),
  'refused-deposit-booked': row(refusedWrites, REFUSED, { ...REFUSED, balance: -5 }),
  'refused-deposit-opens-account': row(refusedWrites, REFUSED, { ...REFUSED, unknown: 200 }),
};
