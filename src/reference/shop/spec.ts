import type { ResourceKind } from '../flaw.js';
import { contract, idOf, key, listOf, type Material } from '../spec-parts.js';

type ShopKind = Exclude<ResourceKind, 'order' | 'account' | 'note' | 'label' | 'tags'>;

/** What a resource of the shop is made from, in the native format. */
interface Shelf {
  /** Method-less request target of the collection, from the root of the server. */
  readonly at: string;
  readonly filter: string;
  readonly body: object;
  readonly variant?: object;
  /** Name of the resource that must exist first. */
  readonly parent?: string;
  /** Bodies of its actions by the last part of their path; `null` = they have none. */
  readonly actions?: Readonly<Record<string, object | null>>;
}

/** The resources of the shop, each as a spec describes it. Where an effect shows is said nowhere. */
export const shopResources: Readonly<Record<ShopKind, (described: Material) => object>> = {
  product: described =>
    shelf(described, {
      at: '/products',
      filter: 'name',
      body: { name: '{{marker}}', stock: 1000 },
      variant: { stock: 900 },
    }),

  purchase: described => {
    const parent = described.named('product');
    const body = { product: `{{${parent}.id}}`, quantity: 2, reference: '{{marker}}' };
    const actions = { cancel: null, remind: null };
    return shelf(described, { at: '/purchases', filter: 'reference', parent, body, variant: { quantity: 3 }, actions });
  },

  wallet: described =>
    shelf(described, {
      at: '/wallets',
      filter: 'owner',
      body: { owner: '{{marker}}' },
      actions: { deposits: { amount: 5 }, withdrawals: { amount: 5 } },
    }),

  membership: ({ prefix, named }) => {
    const parent = named('wallet');
    const membership = `${prefix}/wallets/{${parent}.id}/membership`;
    return {
      parent,
      read: `GET ${membership}`,
      replace: { request: `PUT ${membership}`, body: { tier: 'gold', remark: '{{marker}}' } },
      update: { request: `PATCH ${membership}`, body: { tier: 'gold' }, variant: { remark: '{{marker}}' } },
    };
  },

  payment: described => {
    const parent = described.named('wallet');
    const body = { wallet: `{{${parent}.id}}`, amount: 20, reference: '{{marker}}' };
    const actions = { refunds: { amount: 5 } };
    return shelf(described, { at: '/payments', filter: 'reference', parent, body, variant: { amount: 21 }, actions });
  },

  basket: described => shelf(described, { at: '/baskets', filter: 'reference', body: { reference: '{{marker}}' } }),

  line: described => {
    const parent = described.named('basket');
    const body = { amount: 7, text: '{{marker}}' };
    return shelf(described, {
      at: `/baskets/{${parent}.id}/lines`,
      filter: 'text',
      parent,
      body,
      variant: { amount: 8 },
      actions: { cancel: null },
    });
  },

  article: described =>
    shelf(described, {
      at: '/articles',
      filter: 'title',
      body: { title: '{{marker}}' },
      actions: { publish: null, reprint: null },
    }),
};

/** The kinds of the shop, those first that others need. */
export const SHOP_KINDS: readonly ShopKind[] = [
  'product',
  'purchase',
  'wallet',
  'membership',
  'payment',
  'basket',
  'line',
  'article',
];

function shelf(described: Material, { at, filter, body, variant, parent, actions = {} }: Shelf): object {
  const path = `${described.prefix}${at}`;
  const carrier = key(described);
  const each = Object.entries(actions).map(([name, says]) => {
    const said = says === null ? {} : { body: says };
    return [name, { request: `POST ${path}/{id}/${name}`, ...said, key: carrier }];
  });
  return {
    ...(parent === undefined ? {} : { parent }),
    id: idOf(described.choices),
    contract: contract(described),
    create: {
      request: `POST ${path}`,
      body,
      ...(variant === undefined ? {} : { variant }),
      unique: [],
      key: carrier,
    },
    ...listOf(described.choices, `${path}?${filter}={{marker}}`),
    read: `GET ${path}/{id}`,
    delete: `DELETE ${path}/{id}`,
    ...(each.length === 0 ? {} : { actions: Object.fromEntries(each) }),
  };
}
