/** What every record has. `version` grows with each write and is not shown. */
interface Base {
  readonly id: string;
  readonly version: number;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
}

export interface Order extends Base {
  readonly kind: 'order';
  readonly amount: number;
  readonly status: OrderStatus;
  readonly reference: string | null;
  readonly note: string | null;
  readonly tags: readonly string[];
  /** A number the server gives once, at creation. */
  readonly receipt: string;
  readonly deletedAtMs: number | null;
}

export interface Account extends Base {
  readonly kind: 'account';
  /** Unique among accounts. */
  readonly owner: string;
  readonly currency: string;
  readonly balance: number;
}

export interface Note extends Base {
  readonly kind: 'note';
  readonly order: string;
  readonly text: string;
}

export interface Label extends Base {
  readonly kind: 'label';
  readonly text: string;
  readonly colour: string | null;
  readonly weight: number;
}

/** A record of the shop: all it has stands in its members, and is shown. */
export interface Item extends Base {
  readonly kind: 'item';
  /** Path of its collection, below the base path. */
  readonly at: string;
  readonly members: Members;
}

/** Members of a record of the shop, by name. */
export type Members = Readonly<Record<string, string | number>>;

export type Stored = Order | Account | Note | Label | Item;

export const ORDER_STATUSES = ['open', 'confirmed', 'shipped', 'cancelled', 'deleted'] as const;

export type OrderStatus = (typeof ORDER_STATUSES)[number];

/** Records of one kind, in the order of their creation, with the deleted ones apart. */
export interface Table<R extends Stored> {
  readonly get: (id: string) => R | undefined;
  readonly all: () => readonly R[];
  readonly put: (record: R) => void;
  /** Moves a record to the deleted ones. `false` when it was not there. */
  readonly remove: (id: string) => boolean;
  readonly deleted: (id: string) => R | undefined;
  readonly allDeleted: () => readonly R[];
}

/** An empty table; `onWrite` is told of every record that is written or taken away. */
export function createTable<R extends Stored>(onWrite: (id: string) => void): Table<R> {
  const live = new Map<string, R>();
  const gone = new Map<string, R>();
  return {
    get: id => live.get(id),
    all: () => [...live.values()],
    put: record => {
      live.set(record.id, record);
      gone.delete(record.id);
      onWrite(record.id);
    },
    remove: id => {
      const record = live.get(id);
      if (record === undefined) return false;
      gone.set(id, record);
      onWrite(id);
      return live.delete(id);
    },
    deleted: id => gone.get(id),
    allDeleted: () => [...gone.values()],
  };
}
