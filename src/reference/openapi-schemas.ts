import { KEY_MEMBER } from './key-layer.js';
import { ORDER_STATUSES } from './records.js';
import type { Choices } from './choices.js';

export type Schema = Readonly<Record<string, unknown>>;

/** Example request bodies, by schema. */
export const examples: Readonly<Record<string, Schema | readonly Schema[]>> = {
  NewOrder: { amount: 99.99, reference: 'order-2041', note: 'as agreed', tags: ['retail'] },
  OrderChange: { status: 'shipped' },
  JsonPatch: [{ op: 'add', path: '/tags/-', value: 'urgent' }],
  NewAccount: { owner: 'owner-2041', currency: 'EUR' },
  NewDeposit: { amount: 5 },
  LabelText: { text: 'urgent', colour: 'red', weight: 1 },
  NewNote: { text: 'call before delivery' },
};

/** The schemas of the document. */
export function schemas(choices: Choices): Readonly<Record<string, Schema>> {
  const shown = {
    Order: {
      ...orderMembers(),
      status: { type: 'string', enum: ORDER_STATUSES },
      receipt: text(),
      deletedAt: { ...time(), readOnly: true },
    },
    Account: { owner: text(), currency: text(), balance: { type: 'number' } },
    Note: { order: text(), text: text() },
    Label: labelMembers(),
  };
  return {
    ...Object.fromEntries(
      Object.entries(shown).flatMap(([kind, members]) => [
        [kind, record(members, choices)],
        [`${kind}Page`, page(kind, choices)],
      ]),
    ),
    Deposit: object({ id: text(), account: text(), amount: amount(), balance: { type: 'number' } }, ['id']),
    NewOrder: object({ ...orderMembers(), ...keyMember(choices) }, ['amount']),
    OrderChange: object(orderMembers(), []),
    JsonPatch: {
      type: 'array',
      description: 'Steps on amount, status, reference, note and tags (RFC 6902).',
      items: object({ op: { type: 'string', enum: ['add', 'replace', 'remove', 'test'] }, path: text(), value: {} }, [
        'op',
        'path',
      ]),
    },
    NewAccount: object(
      {
        owner: { ...text(), minLength: 1, description: 'Unique: there is one account per owner.' },
        currency: text(),
        ...keyMember(choices),
      },
      ['owner'],
    ),
    NewDeposit: object({ amount: amount(), ...keyMember(choices) }, ['amount']),
    LabelText: object(labelMembers(), ['text']),
    NewNote: object({ text: text(), ...keyMember(choices) }, ['text']),
    ...(choices.createAnswer === 'operation' ? { Operation: operation() } : {}),
    Problem: object({ type: text(), title: text(), status: { type: 'integer' }, detail: text() }, ['title', 'status']),
  };
}

function operation(): Schema {
  const status = { type: 'string', enum: ['running', 'succeeded'] };
  return object({ id: text(), status, done: { type: 'boolean' }, resource: text() }, ['id', 'status', 'done']);
}

function orderMembers(): Schema {
  return {
    amount: amount(),
    status: { type: 'string', enum: ORDER_STATUSES.filter(status => status !== 'deleted'), default: 'open' },
    reference: { type: ['string', 'null'] },
    note: { type: ['string', 'null'] },
    tags: { type: 'array', items: text() },
  };
}

function labelMembers(): Schema {
  return { text: text(), colour: { type: ['string', 'null'] }, weight: { type: 'number', default: 0 } };
}

/** A record with these members beside what every record has. */
export function record(members: Schema, { createAnswer, revision, volatileFields }: Choices): Schema {
  const stamps = { createdAt: time(), updatedAt: time() };
  const volatile = volatileFields ? { servedAt: time(), requestId: text() } : {};
  const state =
    createAnswer === 'pending' ? { state: { type: 'string', enum: ['pending', 'active'], readOnly: true } } : {};
  const count = revision === 'none' ? {} : { modifiedIndex: { type: 'integer', readOnly: true } };
  return object({ id: text(), ...members, ...stamps, ...volatile, ...state, ...count }, [
    'id',
    'createdAt',
    'updatedAt',
  ]);
}

/** A page of a list. */
export function page(kind: string, { listShows, nextBy }: Choices): Schema {
  const shown = listShows === 'ids' ? object({ id: text() }, ['id']) : { $ref: `#/components/schemas/${kind}` };
  const around = AROUND[nextBy];
  return object({ items: { type: 'array', items: shown }, ...around }, ['items', ...Object.keys(around)]);
}

const NEXT = { type: ['string', 'null'] };

/** The members beside the items of a page. */
const AROUND: Readonly<Record<Choices['nextBy'], Schema>> = {
  link: {},
  'link-and-after': { next: NEXT },
  url: { next: NEXT },
  cursor: { meta: object({ next: NEXT }, ['next']) },
  page: { page: { type: 'integer' }, total_pages: { type: 'integer' } },
  offset: { offset: { type: 'integer' }, limit: { type: 'integer' }, total: { type: 'integer' } },
  'last-id': { has_more: { type: 'boolean' } },
};

/** The key, where it is a member. */
export function keyMember({ keyIn }: Choices): Schema {
  return keyIn === 'body' ? { [KEY_MEMBER]: { ...text(), description: 'Idempotency key.' } } : {};
}

/** An object with these members. */
export function object(properties: Schema, required: readonly string[]): Schema {
  return { type: 'object', properties, ...(required.length === 0 ? {} : { required }) };
}

/** A text. */
export function text(): Schema {
  return { type: 'string' };
}

function time(): Schema {
  return { type: 'string', format: 'date-time' };
}

/** A number above 0. */
export function amount(): Schema {
  return { type: 'number', exclusiveMinimum: 0 };
}
