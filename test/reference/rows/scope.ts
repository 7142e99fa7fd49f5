import { ORDER, type ReferenceClient } from '../../support/reference-client.js';
import { row, type Row } from './row.js';

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

/** One tenant's key in another's request: what that one is answered with, and whether it shows the first one's order. */
async function foreignKey(api: ReferenceClient) {
  const mine = await api.order(ORDER, 'k', bearer('tenant-a'));
  const theirs = await api.order(ORDER, 'k', bearer('tenant-b'));
  return { status: theirs.status, showsMine: theirs.text.includes(mine.id) };
}

/** One tenant's key in another request of another tenant. */
async function foreignOwn(api: ReferenceClient) {
  await api.order(ORDER, 'k', bearer('tenant-a'));
  return (await api.order({ ...ORDER, amount: 1 }, 'k', bearer('tenant-b'))).status;
}

/** One user's key for one tenant in a request for another. */
async function otherTenant(api: ReferenceClient) {
  const as = (tenant: string) => ({ ...bearer('user'), 'x-tenant': tenant });
  const mine = await api.order(ORDER, 'k', as('a'));
  const theirs = await api.order(ORDER, 'k', as('b'));
  return { status: theirs.status, showsMine: theirs.text.includes(mine.id) };
}

/** The key of a new account on a deposit to another one, then on the first request again. */
async function otherOperation(api: ReferenceClient) {
  const target = await api.account('b');
  const first = await api.account('a', 'k');
  const deposit = await api.deposit(target.id, 5, 'k');
  const again = await api.account('a', 'k');
  const { balance } = (await api.send('GET', `/accounts/${target.id}`)).json;
  return { status: deposit.status, showsFirst: deposit.text === first.text, balance, again: again.status };
}

/** The key of a deposit on the same deposit to another account. */
async function otherPath(api: ReferenceClient) {
  const [one, two] = [await api.account('a'), await api.account('b')];
  const first = await api.deposit(one.id, 5, 'k');
  const second = await api.deposit(two.id, 5, 'k');
  const { balance } = (await api.send('GET', `/accounts/${two.id}`)).json;
  return { showsFirst: first.text === second.text, balance };
}

/** The retry without a token, with a worthless one, and with one that may only read. */
async function retries(api: ReferenceClient) {
  await api.order(ORDER, 'k', bearer('tenant-a'));
  const statuses = [];
  for (const headers of [{}, bearer('worthless'), bearer('tenant-a-reader')]) {
    statuses.push((await api.order(ORDER, 'k', headers)).status);
  }
  return statuses;
}

/** A key that came with a worthless token first: what the right caller is answered with. */
async function afterWorthless(api: ReferenceClient) {
  const statuses = [];
  for (const token of ['worthless', 'tenant-a', 'tenant-a'])
    statuses.push((await api.order(ORDER, 'k', bearer(token))).status);
  return statuses;
}

const FOREIGN = { status: 201, showsMine: false };
const OTHER = { status: 201, showsFirst: false, balance: 5, again: 201 };
const PATH = { showsFirst: false, balance: 5 };
const RETRIES = [401, 401, 403];

/** How each flaw of the scope checks shows itself to a client. */
export const scopeRows: Readonly<Record<string, Row>> = {
  'key-without-tenant': row(foreignKey, FOREIGN, { status: 201, showsMine: true }),
  'key-taken-across-tenants': row(foreignKey, FOREIGN, { status: 422, showsMine: false }),
  'conflict-shows-foreign-record': row(foreignKey, FOREIGN, { status: 409, showsMine: true }),
  'foreign-key-crashes': row(foreignKey, FOREIGN, { status: 500, showsMine: false }),
  'key-without-tenant-header': row(otherTenant, FOREIGN, { status: 201, showsMine: true }),
  'key-alone-across-tenants': row(foreignOwn, 201, 422),
  'key-owned-by-first-tenant': row(foreignKey, FOREIGN, { status: 409, showsMine: false }),
  'key-shared-across-operations': row(otherOperation, OTHER, { ...OTHER, showsFirst: true, balance: 0 }),
  'known-key-acknowledged': row(otherOperation, OTHER, { ...OTHER, status: 200, balance: 0 }),
  'other-operation-takes-key-over': row(otherOperation, OTHER, { ...OTHER, again: 409 }),
  'other-operation-crashes': row(otherOperation, OTHER, { ...OTHER, status: 500, balance: 0 }),
  'key-without-path-parameters': row(otherPath, PATH, { showsFirst: true, balance: 0 }),
  'replay-before-authentication': row(retries, RETRIES, [201, 201, 403]),
  'missing-token-burns-key': row(afterWorthless, [401, 201, 201], [401, 401, 401]),
  'key-checked-before-token': row(retries, RETRIES, [409, 409, 403]),
  'replay-before-permission': row(retries, RETRIES, [401, 401, 201]),
  'replay-without-caller-crashes': row(retries, RETRIES, [500, 500, 403]),
};
