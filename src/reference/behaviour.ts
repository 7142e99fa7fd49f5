import type { LabelDraft, OrderDraft } from './drafts.js';
import type { StoredReply } from './idempotency-store.js';
import type { Conditions, Incoming } from './incoming.js';
import type { Account, Item, Label, Order, Stored } from './records.js';
import type { MaybeReply, Reply } from './reply.js';
import type { World } from './world.js';

/** A keyed request on its way to its effect. */
export interface Attempt {
  /** The key as it is stored: caller, endpoint and key. */
  readonly key: string;
  /** The key as the client gave it. */
  readonly given: string;
  readonly fingerprint: string;
  readonly incoming: Incoming;
  /** When it arrived, by the clock. */
  readonly sinceMs: number;
  /** Has the effect. */
  readonly execute: () => Promise<Reply>;
}

/** A record about to be made. */
export interface Creation {
  /** What must be unique among its kind; `null` = nothing. */
  readonly unique: string | null;
  /** The record that already has the unique value. */
  readonly twin: () => Stored | undefined;
  /** A record another client may take for the same one: same reference. */
  readonly alike: () => Stored | undefined;
  /** Makes the record, at once. */
  readonly insert: () => Stored;
}

/** A change to an order. */
export interface Write {
  readonly method: 'PUT' | 'PATCH' | 'DELETE';
  readonly id: string;
  readonly conditions: Conditions;
  /** What a PUT says; `null` for other methods. */
  readonly draft: OrderDraft | null;
  readonly find: () => Order | undefined;
  /** Makes the change, at once. */
  readonly commit: () => Reply;
}

/** A deposit on its way to an account's balance. */
export interface Deposit {
  readonly account: string;
  readonly amount: number;
  readonly find: () => Account | undefined;
  /** The answer where there is no such account. */
  readonly absent: () => MaybeReply;
  /** Writes the balance that is to be, at once, and answers. */
  readonly commit: (balance: number) => Reply;
}

/** Something done to a record of the shop, whose effect may be elsewhere. */
export interface Act {
  readonly name:
    'delete' | 'cancel' | 'remind' | 'refund' | 'deposit' | 'withdraw' | 'membership' | 'publish' | 'reprint';
  readonly method: string;
  /** Of the record it is done to. */
  readonly id: string;
  /** Why it cannot be done as things are; `null` = it can. */
  readonly refusal: () => Reply | null;
  /** Whether its effect is due: what changes nothing has none. */
  readonly isDue: () => boolean;
  /** What it does to the numbers of its record and of others, at once. */
  readonly effect: () => void;
  /** Says in its record that it was done, at once, and answers. */
  readonly commit: () => Reply;
}

/** A PUT of a label, to an id of the client's. */
export interface LabelWrite {
  readonly id: string;
  readonly conditions: Conditions;
  readonly draft: LabelDraft;
  readonly find: () => Label | undefined;
  /** Stores what the label is to say, at once, and answers. */
  readonly commit: (draft: LabelDraft) => Reply;
}

/** A request that is refused before anything is done: it is not valid, or there is nothing to do it to. */
export interface Refused {
  readonly kind: 'order' | 'deposit';
  readonly method: string;
  /** Of the order or the account; `null` for a create. */
  readonly id: string | null;
  readonly body: string;
  readonly refusal: Reply;
}

/** What a representation is made for. */
export type Use = 'read' | 'write' | 'list';

/** How requests with a key are handled. */
export interface KeyBehaviour {
  /** From a key to one effect and one answer. */
  readonly keyLayer: (attempt: Attempt) => Promise<Reply>;
  /** A request without a key. */
  readonly keyMissing: (incoming: Incoming, execute: () => Promise<Reply>) => MaybeReply;
  /** A key that is none: empty, too long, or with characters that keys do not have. */
  readonly keyInvalid: (attempt: Attempt) => MaybeReply;
  /** A key whose answer is there, with the same payload. */
  readonly replay: (attempt: Attempt, stored: StoredReply) => MaybeReply;
  /** A key that came with another payload before; `stored` is `null` while that one is in flight. */
  readonly mismatch: (attempt: Attempt, stored: StoredReply | null) => MaybeReply;
  /** A key whose first request is still being worked on. */
  readonly inFlight: (attempt: Attempt) => MaybeReply;
  /** Where an attempt's answer is stored. */
  readonly storeKey: (attempt: Attempt) => string;
  readonly ttlSeconds: number;
  /** The process begins anew; what the store and the database hold outlives it. */
  readonly restarted: () => void;
  /** The next request with a key comes too soon, and is turned away. */
  readonly limited: () => void;
  /** Milliseconds an unfinished key stays taken; `null` = as the store has it. */
  readonly pendingMs: number | null;
}

/** How records are made, changed and deleted. */
export interface WriteBehaviour {
  readonly create: (creation: Creation) => Promise<Reply>;
  /** An order that a test asked to fail; `create` makes it. */
  readonly failing: (create: () => Promise<Reply>) => MaybeReply;
  /** A record with the same unique value is there. */
  readonly duplicate: (creation: Creation, twin: Stored) => MaybeReply;
  readonly write: (write: Write) => Promise<Reply>;
  /** The refusal a precondition demands, `null` when the write may go on. */
  readonly precondition: (write: Write) => Reply | null;
  /** A request that is refused at once. */
  readonly refused: (request: Refused) => MaybeReply;
  /** PATCH or DELETE of an order that is not there. */
  readonly absent: (write: Write) => Reply;
  /** The order a PUT leaves behind. */
  readonly replaced: (existing: Order | undefined, draft: OrderDraft, id: string) => Order;
  /** The answer to a PUT or PATCH that was carried out. */
  readonly written: (write: Write, order: Order, isNew: boolean) => Reply;
  /** Makes a label, or replaces it. */
  readonly putLabel: (write: LabelWrite) => Promise<Reply>;
  /** Adds to a balance. */
  readonly deposit: (deposit: Deposit) => Promise<Reply>;
  /** Does something to a record of the shop. */
  readonly act: (act: Act) => Promise<Reply>;
  /** Takes an order away. */
  readonly remove: (id: string) => void;
  /** The answer to a create. */
  readonly created: (record: Stored) => Reply;
}

/** How records are shown. */
export interface ReadBehaviour {
  readonly findOrder: (id: string) => Order | undefined;
  readonly orderNotFound: (id: string) => Reply;
  readonly listedOrders: () => readonly Order[];
  /** A GET of one order, from the request to its answer; `show` makes that of the record as it is. */
  readonly read: (incoming: Incoming, show: () => Reply) => MaybeReply;
  /** A GET of one record. */
  readonly shown: (record: Stored, conditions: Conditions) => Reply;
  /** A GET of one record of the shop; `show` makes the answer. */
  readonly readItem: (item: Item, show: () => Reply) => MaybeReply;
  /** Called after each GET of an order. */
  readonly afterRead: (order: Order) => void;
  readonly represent: (record: Stored, use: Use) => Readonly<Record<string, unknown>>;
  readonly serialise: (value: Readonly<Record<string, unknown>>, use: Use) => string;
  readonly etagOf: (record: Stored) => string | null;
  /** Whether If-None-Match says the client has this already. */
  readonly noneMatch: (header: string, record: Stored) => boolean;
  /** Called with the path of each OPTIONS, below the base path. */
  readonly options: (path: string) => void;
  /** HEAD, made from the answer to GET. A body in the answer goes out on the wire. */
  readonly head: (get: Reply) => Reply;
}

/** Who is refused, where callers are told apart. `null` = refused as it should be. */
export interface AccessBehaviour {
  /** A request without a valid token; 401. */
  readonly unauthenticated: (incoming: Incoming) => Reply | null;
  /** A change by one who may only read; 403. */
  readonly forbidden: (incoming: Incoming) => Reply | null;
}

/** Everything the API does that a flaw can bend. */
export type Behaviour = KeyBehaviour & WriteBehaviour & ReadBehaviour & AccessBehaviour;

/** Bends some of the behaviour; `base` is the correct one. */
export type Hooks = (base: Behaviour, world: World) => Partial<Behaviour>;
