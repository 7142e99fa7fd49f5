import type { ReferenceClient } from '../../support/reference-client.js';
import { row, type Row } from './row.js';
import { statuses } from './common.js';

const keyed = (key: string) => ({ 'idempotency-key': key });

const made = (api: ReferenceClient, path: string, body: object) => api.send('POST', path, body, keyed(api.newKey()));

const done = (api: ReferenceClient, path: string, key: string, body?: object) =>
  api.send('POST', path, body, keyed(key));

/** A number of a record. */
async function numberOf(api: ReferenceClient, path: string, name: string) {
  return (await api.send('GET', path)).json[name];
}

interface Scene {
  /** Where the thing is done. */
  readonly path: string;
  readonly body?: object;
  /** The number that it moves. */
  readonly number: () => Promise<unknown>;
}

async function purchased(api: ReferenceClient) {
  const { id: product } = await made(api, '/products', { name: 'chair', stock: 10 });
  const { id } = await made(api, '/purchases', { product, quantity: 2 });
  return { path: `/purchases/${id}`, number: () => numberOf(api, `/products/${product}`, 'stock') };
}

const scenes = {
  cancel: async api => {
    const { path, number } = await purchased(api);
    return { path: `${path}/cancel`, number };
  },
  remind: async api => {
    const { path } = await purchased(api);
    const number = async () => (await api.send('GET', '/admin/mails')).text.split(',').length;
    return { path: `${path}/remind`, number };
  },
  line: async api => {
    const { id: basket } = await made(api, '/baskets', {});
    const { id } = await made(api, `/baskets/${basket}/lines`, { amount: 7 });
    await made(api, `/baskets/${basket}/lines`, { amount: 100 });
    const number = () => numberOf(api, `/baskets/${basket}`, 'total');
    return { path: `/baskets/${basket}/lines/${id}/cancel`, number };
  },
  refund: async api => {
    const { id: wallet } = await made(api, '/wallets', { owner: 'o' });
    const { id } = await made(api, '/payments', { wallet, amount: 20 });
    const number = () => numberOf(api, `/wallets/${wallet}`, 'balance');
    return { path: `/payments/${id}/refunds`, body: { amount: 5 }, number };
  },
  withdraw: async api => {
    const { id } = await made(api, '/wallets', { owner: 'o' });
    await made(api, `/wallets/${id}/deposits`, { amount: 20 });
    const number = () => numberOf(api, `/wallets/${id}`, 'balance');
    return { path: `/wallets/${id}/withdrawals`, body: { amount: 15 }, number };
  },
  reprint: async api => {
    const { id } = await made(api, '/articles', { title: 't' });
    return { path: `/articles/${id}/reprint`, number: () => numberOf(api, `/articles/${id}`, 'edition') };
  },
} satisfies Record<string, (api: ReferenceClient) => Promise<Scene>>;

type SceneOf = (api: ReferenceClient) => Promise<Scene>;

/** Twice under one key, one after the other. */
const again = (scene: SceneOf) => async (api: ReferenceClient) => {
  const { path, body, number } = await scene(api);
  const [first, second] = [await done(api, path, 'k', body), await done(api, path, 'k', body)];
  return { isSame: first.status === second.status && first.text === second.text, number: await number() };
};

/** Twice under two keys, one after the other. */
const twice = (scene: SceneOf) => async (api: ReferenceClient) => {
  const { path, body, number } = await scene(api);
  const answers = [await done(api, path, 'a', body), await done(api, path, 'b', body)];
  return { statuses: statuses(answers), number: await number() };
};

/** Twice at once, under these keys. */
const together = (scene: SceneOf, keys: readonly string[]) => async (api: ReferenceClient) => {
  const { path, body, number } = await scene(api);
  const answers = await Promise.all(keys.map(key => done(api, path, key, body)));
  return { accepted: answers.filter(({ status }) => status < 300).length, number: await number() };
};

async function deletedTwice(api: ReferenceClient) {
  const { path, number } = await purchased(api);
  const answers = [await api.send('DELETE', path), await api.send('DELETE', path)];
  return { statuses: statuses(answers), number: await number() };
}

async function deletedTogether(api: ReferenceClient) {
  const { path, number } = await purchased(api);
  await Promise.all([api.send('DELETE', path), api.send('DELETE', path)]);
  return number();
}

const madeGold = (method: string) => async (api: ReferenceClient) => {
  const { id } = await made(api, '/wallets', { owner: 'o' });
  for (const _ of [1, 2]) await api.send(method, `/wallets/${id}/membership`, { tier: 'gold' });
  return numberOf(api, `/wallets/${id}`, 'points');
};

const KEYS = ['a', 'b'];

/** How each flaw of the shop shows itself to a client. */
export const shopRows: Readonly<Record<string, Row>> = {
  'cancel-replay-restocks-again': row(again(scenes.cancel), { isSame: true, number: 10 }, { isSame: true, number: 12 }),
  'mail-replay-sent-again': row(again(scenes.remind), { isSame: true, number: 1 }, { isSame: true, number: 2 }),
  'line-cancel-replay-lowers-again': row(
    again(scenes.line),
    { isSame: true, number: 100 },
    { isSame: true, number: 93 },
  ),
  'refund-replay-pays-again': row(again(scenes.refund), { isSame: true, number: 5 }, { isSame: true, number: 10 }),
  'withdraw-replay-takes-again': row(
    again(scenes.withdraw),
    { isSame: true, number: 5 },
    { isSame: true, number: -10 },
  ),
  'reprint-replay-counts-again': row(again(scenes.reprint), { isSame: true, number: 2 }, { isSame: true, number: 3 }),
  'refund-race-pays-twice': row(
    together(scenes.refund, ['k', 'k']),
    { accepted: 1, number: 5 },
    { accepted: 2, number: 10 },
  ),
  'cancel-checked-before-work': row(
    together(scenes.cancel, KEYS),
    { accepted: 1, number: 10 },
    { accepted: 2, number: 12 },
  ),
  'withdraw-race-overdraws': row(
    together(scenes.withdraw, KEYS),
    { accepted: 1, number: 5 },
    { accepted: 2, number: -10 },
  ),
  'cancel-refused-restocks-again': row(
    twice(scenes.cancel),
    { statuses: [200, 409], number: 10 },
    { statuses: [200, 409], number: 12 },
  ),
  'delete-restocks-again': row(
    deletedTwice,
    { statuses: [204, 404], number: 10 },
    { statuses: [204, 404], number: 12 },
  ),
  'concurrent-delete-restocks-twice': row(deletedTogether, 10, 12),
  'membership-put-pays-again': row(madeGold('PUT'), 100, 200),
  'membership-patch-pays-again': row(madeGold('PATCH'), 100, 200),
};
