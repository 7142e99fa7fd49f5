import { stringify } from 'yaml';
import { declaredBy, LIMIT_PATH, RESTART_PATH } from './declared.js';
import type { Flaw, ResourceKind } from './flaw.js';
import { toPart } from './openapi-parts.js';
import { FAILING_NOTE } from './orders.js';
import { SHOP_KINDS, shopResources } from './shop/spec.js';
import { contract, idOf, key, listOf, type Material } from './spec-parts.js';
import type { Style } from './styles/style.js';
import { settled, type Choices } from './choices.js';

/** An API to describe: where it is mounted, and what is appended to the names of its resources. */
export interface Described {
  /** Empty, or a path with a leading slash. */
  readonly prefix: string;
  readonly suffix: string;
  readonly flaw: Flaw | null;
  readonly choices: Partial<Choices>;
  /** How it speaks on the wire; absent = plainly. */
  readonly style?: Style | null;
  /** What to describe; absent = everything, or where the API has a flaw and a suffix, the resource that shows it. */
  readonly resources?: readonly ResourceKind[];
  /** Adds orders whose id the client chooses, made by PUT (`placed-order`). */
  readonly clientIds?: boolean;
}

/** One file in the native format that describes every API given, by what each says of itself. It names no target. */
export function specText(apis: readonly Described[]): string {
  const resources = Object.assign({}, ...apis.map(resourcesOf));
  const callers = apis.map(api => CALLERS[choicesOf(api).callers]).find(one => one !== null) ?? {};
  return stringify(
    { version: 1, profile: 'ietf', ...callers, ...hooksOf(apis), resources },
    { lineWidth: 0, aliasDuplicateObjects: false },
  );
}

/** One file has one way to do each: that of the first API that says how. */
function hooksOf(apis: readonly Described[]): object {
  const restarts = apis.find(({ flaw }) => flaw?.declares?.restarts === true);
  const limits = apis.find(({ flaw }) => flaw?.declares?.limits === true);
  const hooks = {
    ...(restarts === undefined ? {} : { restart: { request: `POST ${restarts.prefix}${RESTART_PATH}` } }),
    ...(limits === undefined ? {} : { limit: { request: `POST ${limits.prefix}${LIMIT_PATH}` } }),
  };
  return Object.keys(hooks).length === 0 ? {} : { hooks };
}

/** The run's own caller, one of another tenant, and one that may only read. */
const CALLERS = {
  anyone: null,
  tenants: {
    target: { auth: { bearer: 'tenant-a' } },
    identities: { other: { auth: { bearer: 'tenant-b' } }, reader: { auth: { bearer: 'tenant-a-reader' } } },
  },
  'tenant-header': {
    target: { auth: { bearer: 'user' }, headers: { 'X-Tenant': 'a' } },
    identities: {
      other: { auth: { bearer: 'user' }, headers: { 'X-Tenant': 'b' } },
      reader: { auth: { bearer: 'user-reader' }, headers: { 'X-Tenant': 'a' } },
    },
  },
} as const;

function choicesOf({ flaw, choices, style }: Described): Choices {
  return settled({ ...flaw?.choices, ...choices, ...style?.choices }, style?.isTagged);
}

function resourcesOf(api: Described): object {
  const { prefix, suffix, flaw, style } = api;
  const choices = choicesOf(api);
  const named = (kind: string) => `${kind}${suffix}`;
  const described: Material = { prefix, choices, declared: declaredBy(choices, flaw?.declares), named };
  const whole = kindsOf(choices);
  const kinds = withParents(api.resources ?? (flaw === null || suffix === '' ? whole : [flaw.exposes.resource]));
  const placed: readonly (typeof PLACED)[] = api.clientIds === true ? [PLACED] : [];
  const entries = [...whole.filter(kind => kinds.includes(kind)), ...placed].flatMap(kind => {
    const plain = toPart(DESCRIBED[kind](described));
    const resource = style == null ? plain : style.resource(plain, kind);
    return resource === null ? [] : [[named(kind), resource] as const];
  });
  return Object.fromEntries(entries);
}

/** Everything that an API of these choices has. */
function kindsOf({ keyIn, shop }: Choices): readonly ResourceKind[] {
  const base: readonly ResourceKind[] = ['order', 'note', 'tags', 'account', 'label'];
  return [...base.filter(kind => kind !== 'tags' || keyIn === 'header'), ...(shop ? SHOP_KINDS : [])];
}

const PLACED = 'placed-order';

const DESCRIBED: Readonly<Record<ResourceKind | typeof PLACED, (described: Material) => object>> = {
  order,
  note,
  tags,
  account,
  label,
  ...shopResources,
  [PLACED]: placedOrder,
};

/** What must be there first. */
const PARENTS: Partial<Record<ResourceKind, ResourceKind>> = {
  note: 'order',
  tags: 'order',
  purchase: 'product',
  membership: 'wallet',
  payment: 'wallet',
  line: 'basket',
};

function withParents(kinds: readonly ResourceKind[]): readonly ResourceKind[] {
  return kinds.flatMap(kind => [kind, ...(PARENTS[kind] === undefined ? [] : [PARENTS[kind]])]);
}

function order(described: Material): object {
  const { prefix, choices } = described;
  return {
    id: idOf(choices),
    contract: contract(described),
    create: {
      request: `POST ${prefix}/orders`,
      body: { amount: 99.99, reference: '{{marker}}', note: 'as agreed', tags: ['retail'] },
      variant: { amount: 100.5 },
      faults: { invalid: { amount: -1 }, crash: { note: FAILING_NOTE } },
      ...(described.declared.nothingUnique ? { unique: [] } : {}),
      key: key(described),
    },
    ...listOf(choices, `${prefix}/orders?reference={{marker}}`),
    ...orderItem(described),
  };
}

/** Orders by PUT: no key is needed, the id says what is the same. */
function placedOrder(described: Material): object {
  const { prefix, choices } = described;
  return {
    id: '{{uuid}}',
    contract: contract(described),
    create: {
      request: `PUT ${prefix}/orders/{id}`,
      body: { amount: 99.99, reference: '{{marker}}', tags: ['retail'] },
      variant: { amount: 100.5 },
      unique: [],
      key: false,
    },
    ...listOf(choices, `${prefix}/orders?reference={{marker}}`),
    ...orderItem(described),
  };
}

function orderItem({ prefix, choices }: Material): object {
  const body = { amount: 10, status: 'confirmed', reference: '{{marker}}', note: 'replaced', tags: ['retail'] };
  return {
    read: `GET ${prefix}/orders/{id}`,
    replace: {
      request: `PUT ${prefix}/orders/{id}`,
      body,
      variant: { amount: 20 },
      omit: ['$.note'],
      faults: { invalid: { amount: -1 } },
    },
    update: {
      request: `PATCH ${prefix}/orders/{id}`,
      body: { status: 'shipped' },
      variant: { status: 'cancelled', note: 'checked' },
      faults: { invalid: { amount: -1 } },
    },
    delete: `DELETE ${prefix}/orders/{id}`,
    ...(choices.etag === 'none' ? {} : { version: { in: 'header' } }),
    volatile: ['$.updatedAt'],
    ...(choices.softDelete ? { gone: { value: '$.status', equals: 'deleted' } } : {}),
  };
}

function account(described: Material): object {
  const { prefix, choices } = described;
  return {
    id: idOf(choices),
    contract: contract(described),
    create: {
      request: `POST ${prefix}/accounts`,
      body: { owner: '{{marker}}', currency: 'EUR' },
      variant: { currency: 'USD' },
      unique: ['$.owner'],
      key: key(described),
    },
    ...listOf(choices, `${prefix}/accounts?owner={{marker}}`),
    read: `GET ${prefix}/accounts/{id}`,
    delete: `DELETE ${prefix}/accounts/{id}`,
    actions: {
      deposit: {
        request: `POST ${prefix}/accounts/{id}/deposits`,
        body: { amount: 5 },
        variant: { amount: 7 },
        faults: { invalid: { amount: -5 } },
        key: key(described),
        effect: { read: `GET ${prefix}/accounts/{id}`, value: '$.balance' },
      },
    },
  };
}

function note(described: Material): object {
  const { prefix, choices, named } = described;
  const parent = named('order');
  const notes = `${prefix}/orders/{${parent}.id}/notes`;
  return {
    parent,
    id: idOf(choices),
    contract: contract(described),
    create: { request: `POST ${notes}`, body: { text: '{{marker}}' }, unique: [], key: key(described) },
    ...listOf(choices, `${notes}?text={{marker}}`),
    read: `GET ${notes}/{id}`,
    delete: `DELETE ${notes}/{id}`,
  };
}

/** Labels by PUT: no key is needed, the id says what is the same; no version is demanded. */
function label(described: Material): object {
  const { prefix, choices } = described;
  const put = {
    request: `PUT ${prefix}/labels/{id}`,
    body: { text: '{{marker}}', colour: 'red', weight: 1 },
    variant: { weight: 2 },
  };
  const etag = choices.etag === 'none' ? {} : { etag: { mismatch: [412], missing: 'permitted' } };
  return {
    id: '{{uuid}}',
    contract: { ...contract(described), ...etag },
    create: { ...put, unique: [], key: false },
    ...listOf(choices, `${prefix}/labels?text={{marker}}`),
    read: `GET ${prefix}/labels/{id}`,
    replace: { ...put, omit: ['$.colour'] },
    delete: `DELETE ${prefix}/labels/{id}`,
    ...(choices.etag === 'none' ? {} : { version: { in: 'header' } }),
    volatile: ['$.updatedAt'],
  };
}

/** The tags of an order: a JSON Patch that adds one each time it is applied, unless its key says that it was. */
function tags(described: Material): object {
  const { prefix, choices, named } = described;
  const parent = named('order');
  const order = `${prefix}/orders/{${parent}.id}`;
  const carrier = key(described);
  return {
    parent,
    contract: contract(described),
    read: `GET ${order}`,
    update: {
      request: `PATCH ${order}`,
      contentType: 'application/json-patch+json',
      body: [{ op: 'add', path: '/tags/-', value: '{{marker}}' }],
      key: carrier === false ? false : { ...carrier, required: false },
    },
    ...(choices.etag === 'none' ? {} : { version: { in: 'header' } }),
  };
}
