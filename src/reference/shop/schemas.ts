import { amount, keyMember, object, page, record, text, type Schema } from '../openapi-schemas.js';
import type { Choices } from '../choices.js';

const NUMBER: Schema = { type: 'number' };

/** Members of the records of the shop, by kind: those a client gives, with an example, and those it does not. */
const KINDS: Readonly<
  Record<
    string,
    { readonly given: Schema; readonly needs: readonly string[]; readonly own: Schema; readonly example: Schema }
  >
> = {
  Product: {
    given: { name: text(), stock: { ...amount(), default: 1000 } },
    needs: ['name'],
    own: {},
    example: { name: 'chair', stock: 1000 },
  },
  Purchase: {
    given: { product: text(), quantity: { ...amount(), default: 1 }, reference: text() },
    needs: ['product'],
    own: { status: { type: 'string', enum: ['open', 'cancelled'] } },
    example: { product: 'product-2041', quantity: 2, reference: 'purchase-2041' },
  },
  Wallet: {
    given: { owner: text() },
    needs: ['owner'],
    own: { balance: NUMBER, points: NUMBER, tier: text(), remark: text() },
    example: { owner: 'owner-2041' },
  },
  Payment: {
    given: { wallet: text(), amount: amount(), reference: text() },
    needs: ['wallet', 'amount'],
    own: {},
    example: { wallet: 'wallet-2041', amount: 20, reference: 'payment-2041' },
  },
  Basket: { given: { reference: text() }, needs: [], own: { total: NUMBER }, example: { reference: 'basket-2041' } },
  Line: {
    given: { amount: amount(), text: text() },
    needs: ['amount'],
    own: { basket: text(), status: { type: 'string', enum: ['open', 'cancelled'] } },
    example: { amount: 7, text: 'two chairs' },
  },
  Article: {
    given: { title: text() },
    needs: ['title'],
    own: { status: { type: 'string', enum: ['draft', 'published', 'reprinted'] }, edition: { type: 'integer' } },
    example: { title: 'How chairs are made' },
  },
};

/** The schemas of the shop. */
export function shopSchemas(choices: Choices): Readonly<Record<string, Schema>> {
  const kinds = Object.entries(KINDS).flatMap(([kind, { given, needs, own, example }]) => [
    [kind, record({ ...given, ...own }, choices)],
    [`${kind}Page`, page(kind, choices)],
    [`New${kind}`, { ...object({ ...given, ...keyMember(choices) }, needs), example }],
  ]);
  return {
    ...Object.fromEntries(kinds),
    Amount: { ...object({ amount: amount(), ...keyMember(choices) }, ['amount']), example: { amount: 5 } },
    Moved: object({ id: text(), wallet: text(), amount: NUMBER, balance: NUMBER }, ['id']),
    Refund: object({ id: text(), payment: text(), amount: NUMBER }, ['id']),
    Membership: {
      ...object({ tier: { type: 'string', enum: ['basic', 'gold'] }, remark: text() }, ['tier']),
      example: { tier: 'gold', remark: 'as agreed' },
    },
  };
}
