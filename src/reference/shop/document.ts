import { create, keyProblems, listing, read, remove, type Material } from '../openapi-operations.js';
import { answer, body, parametersOf, problems, ref, type Part } from '../openapi-parts.js';

/** What the document says of an action. */
interface Done {
  readonly operationId: string;
  readonly summary: string;
  readonly from?: readonly Part[];
  /** Schema of the body; absent = it has none. */
  readonly says?: string;
  /** Schema of the answer, and its status; absent = there is nothing in it. */
  readonly shows?: readonly [status: number, kind: string];
  /** When it is refused with 409. */
  readonly refused?: string;
}

/** The paths of the shop. */
export function shopPaths(described: Material): Part {
  return { ...goods(described), ...money(described), ...baskets(described), ...articles(described) };
}

function shelf(described: Material, path: string, kind: string, filter: string, from: readonly Part[] = []): Part {
  const own = from.length === 0 ? [ref('Id')] : [...from, ref('LineId')];
  const list = { get: listing(described, { operationId: `list${kind}s`, kind, filter, from }) };
  return {
    [path]: { post: create(described, `create${kind}`, kind, from), ...(described.choices.list ? list : {}) },
    [`${path}/{${from.length === 0 ? 'id' : 'line'}}`]: {
      get: read(described, `read${kind}`, kind, own),
      delete: remove(described, `delete${kind}`, own),
    },
  };
}

function done(
  { choices, declared }: Material,
  { operationId, summary, from = [ref('Id')], says, shows, refused }: Done,
): Part {
  const key = declared.keyed && choices.keyIn === 'header' ? [ref('IdempotencyKey')] : [];
  return {
    post: {
      operationId,
      summary,
      ...parametersOf([...from, ...key]),
      ...(says === undefined ? {} : { requestBody: body(says) }),
      responses: {
        ...(shows === undefined ? { 204: { description: 'Done' } } : { [shows[0]]: answer('Done', shows[1]) }),
        ...problems({
          404: 'No such resource',
          400: 'Not valid, or the key is missing',
          ...(declared.keyed ? keyProblems(choices) : {}),
          ...(refused === undefined ? {} : { 409: refused }),
        }),
      },
    },
  };
}

function goods(described: Material): Part {
  return {
    ...shelf(described, '/products', 'Product', 'name'),
    ...shelf(described, '/purchases', 'Purchase', 'reference'),
    '/purchases/{id}/cancel': done(described, {
      operationId: 'cancelPurchase',
      summary: 'Cancel a purchase: its product is in stock again',
      shows: [200, 'Purchase'],
      refused: 'It is cancelled, or a request with this key is still being worked on',
    }),
    '/purchases/{id}/remind': done(described, {
      operationId: 'remindOfPurchase',
      summary: 'Send a mail about a purchase',
    }),
  };
}

function money(described: Material): Part {
  const membership = (operationId: string, summary: string): Part => ({
    operationId,
    summary,
    ...parametersOf([ref('Id')]),
    requestBody: body('Membership'),
    responses: { 200: answer('As it is now', 'Membership'), ...problems({ 400: 'Not valid', 404: 'No such wallet' }) },
  });
  return {
    ...shelf(described, '/wallets', 'Wallet', 'owner'),
    '/wallets/{id}/deposits': done(described, {
      operationId: 'depositInWallet',
      summary: 'Pay in',
      says: 'Amount',
      shows: [201, 'Moved'],
    }),
    '/wallets/{id}/withdrawals': done(described, {
      operationId: 'withdrawFromWallet',
      summary: 'Take out what was paid in',
      says: 'Amount',
      shows: [201, 'Moved'],
      refused: 'The balance is too low, or a request with this key is still being worked on',
    }),
    '/wallets/{id}/membership': {
      get: {
        operationId: 'readMembership',
        summary: 'Read: membership',
        ...parametersOf([ref('Id')]),
        responses: { 200: answer('As it is', 'Membership'), ...problems({ 404: 'No such wallet' }) },
      },
      put: membership('setMembership', 'Replace the membership; who comes to be gold gets points'),
      patch: membership('changeMembership', 'Change the membership; who comes to be gold gets points'),
    },
    ...shelf(described, '/payments', 'Payment', 'reference'),
    '/payments/{id}/refunds': done(described, {
      operationId: 'refundPayment',
      summary: 'Refund to the wallet',
      says: 'Amount',
      shows: [201, 'Refund'],
    }),
  };
}

function baskets(described: Material): Part {
  return {
    ...shelf(described, '/baskets', 'Basket', 'reference'),
    ...shelf(described, '/baskets/{id}/lines', 'Line', 'text', [ref('Id')]),
    '/baskets/{id}/lines/{line}/cancel': done(described, {
      operationId: 'cancelLine',
      summary: 'Cancel a line: the total of its basket is lower',
      from: [ref('Id'), ref('LineId')],
      shows: [200, 'Line'],
      refused: 'It is cancelled, or a request with this key is still being worked on',
    }),
  };
}

function articles(described: Material): Part {
  return {
    ...shelf(described, '/articles', 'Article', 'title'),
    '/articles/{id}/publish': done(described, {
      operationId: 'publishArticle',
      summary: 'Publish an article; once it is, nothing changes',
      shows: [200, 'Article'],
    }),
    '/articles/{id}/reprint': done(described, {
      operationId: 'reprintArticle',
      summary: 'Print another edition of an article',
      shows: [200, 'Article'],
    }),
  };
}
