import { describe, expect, test } from 'vitest';
import type { Contract, KeyCarrier } from '../../src/core/contract.js';
import { withKey, type Operation } from '../../src/core/operation.js';
import { specFromText } from '../../src/spec/load.js';
import { profiles } from '../../src/spec/profiles/registry.js';

const SPEC = `version: 1
resources:
  order:
    create: { request: POST /orders, body: { a: 1 } }
    update: { request: "PATCH /orders/{id}", body: { a: 2 } }
    actions: { pay: "POST /orders/{id}/pay", put: "PUT /orders/{id}/state" }
    delete: DELETE /orders/{id}
`;

function spec(profile: string | null, text = SPEC) {
  return specFromText(text, 'spec', { env: {}, profile });
}

function createOf(profile: string | null, text = SPEC): Operation {
  const create = spec(profile, text).resources[0]?.create ?? null;
  if (create === null) throw new Error('no create');
  return create;
}

const lenient = { inflight: [409, 425, 423, 429], mismatch: [422, 400, 409] };
const header = (name: string, required: boolean | null = false): KeyCarrier => ({
  in: 'header',
  name,
  form: 'raw',
  required,
});

/** What a small spec promises under a profile that says where its key travels only with `key: true`. */
interface Row {
  readonly key: KeyCarrier;
  /** The profile alone gives a create its key. */
  readonly isGiven: boolean;
  readonly ttl: Contract['ttl'];
  readonly inflight?: readonly number[];
  readonly mismatch?: readonly number[];
  readonly refuses: boolean;
  readonly replayMode: Contract['replayMode'];
  readonly more?: Partial<Contract>;
}

const ROWS: Readonly<Record<string, Row>> = {
  ietf: { key: header('Idempotency-Key', null), isGiven: false, ttl: 'unknown', refuses: true, replayMode: 'unknown' },
  'ietf-strict': {
    key: { ...header('Idempotency-Key', null), form: 'sf-string' },
    isGiven: false,
    ttl: 'unknown',
    inflight: [409],
    mismatch: [422],
    refuses: true,
    replayMode: 'same',
  },
  'stripe-v1': {
    key: header('Idempotency-Key'),
    isGiven: true,
    ttl: 86_400,
    inflight: [409],
    mismatch: [400],
    refuses: true,
    replayMode: 'same',
    more: { scope: 'account', marker: { header: 'Idempotent-Replayed', value: 'true' } },
  },
  'stripe-v2': {
    key: header('Idempotency-Key'),
    isGiven: true,
    ttl: 2_592_000,
    refuses: false,
    replayMode: 'current-state',
    more: { scope: 'account' },
  },
  adyen: {
    key: header('Idempotency-Key'),
    isGiven: true,
    ttl: 604_800,
    inflight: [422, 409],
    refuses: false,
    replayMode: 'same',
    more: { scope: 'account' },
  },
  paypal: {
    key: header('PayPal-Request-Id', null),
    isGiven: true,
    ttl: 'unknown',
    mismatch: [400, 422, 409],
    refuses: false,
    replayMode: 'current-state',
  },
  square: {
    key: { in: 'body', name: 'idempotency_key', form: 'raw', required: null },
    isGiven: false,
    ttl: 'unknown',
    mismatch: [400],
    refuses: true,
    replayMode: 'same',
  },
  checkout: {
    key: header('Cko-Idempotency-Key'),
    isGiven: true,
    ttl: 86_400,
    inflight: [429],
    refuses: false,
    replayMode: 'same',
  },
  telnyx: {
    key: header('Idempotency-Key'),
    isGiven: true,
    ttl: 86_400,
    mismatch: [422],
    refuses: true,
    replayMode: 'same',
    more: { scope: 'account' },
  },
  gocardless: {
    key: header('Idempotency-Key'),
    isGiven: true,
    ttl: 'unknown',
    refuses: false,
    replayMode: 'conflict-with-id',
    more: { replayStatuses: [409] },
  },
  aip: {
    key: { in: 'body', name: 'request_id', form: 'raw', required: null },
    isGiven: false,
    ttl: 'unknown',
    refuses: false,
    replayMode: 'current-state',
    more: { deleteMissing: [404, 200], etag: { mismatch: [409], missing: 'permitted', comparison: 'strong' } },
  },
  azure: {
    key: header('Repeatability-Request-ID', null),
    isGiven: false,
    ttl: 300,
    inflight: [409],
    mismatch: [400],
    refuses: true,
    replayMode: 'same',
    more: { firstSentHeader: 'Repeatability-First-Sent', deleteMissing: [204] },
  },
  aws: {
    key: { in: 'query', name: 'ClientToken', form: 'raw', required: false },
    isGiven: false,
    ttl: 'unknown',
    mismatch: [400, 409],
    refuses: true,
    replayMode: 'current-state',
  },
  shopify: {
    key: { in: 'body', name: 'unique_token', form: 'raw', required: null },
    isGiven: false,
    ttl: 86_400,
    mismatch: [200],
    refuses: true,
    replayMode: 'unknown',
    more: { mismatchCodes: ['IDEMPOTENCY_KEY_PARAMETER_MISMATCH'] },
  },
  zalando: {
    key: header('Idempotency-Key', null),
    isGiven: false,
    ttl: 'unknown',
    mismatch: [400],
    refuses: true,
    replayMode: 'same',
    more: { deleteMissing: [404, 410], etag: { mismatch: [412], missing: [428], comparison: 'strong' } },
  },
};

describe.each(profiles)('$name', ({ name, basedOn }) => {
  const row = ROWS[name];

  test('merges into the contract of a small spec', () => {
    if (row === undefined) throw new Error(`no row for ${name}`);
    const { key, isGiven, ttl, refuses, replayMode, inflight = lenient.inflight, mismatch = lenient.mismatch } = row;
    const { contract } = createOf(name);
    expect(contract.key).toEqual(isGiven ? key : null);
    expect(createOf(name, SPEC.replace('body: { a: 1 }', 'body: { a: 1 }, key: true')).contract.key).toEqual(key);
    expect(contract).toMatchObject({ profile: name, profileChosen: true, ttl, replayMode, ...row.more });
    expect(contract.inflight.statuses).toEqual(inflight);
    expect(contract.mismatch).toMatchObject({ statuses: mismatch, promised: refuses });
  });

  test('says where it comes from', () => {
    expect(basedOn.length).toBeGreaterThan(0);
    for (const { title, url, read } of basedOn) {
      expect(title.length).toBeGreaterThan(5);
      expect(new URL(url).protocol).toBe('https:');
      expect(read).toMatch(/^\d{4}-\d{2}-\d{2}$/);
    }
  });

  test('gives no key to what neither creates nor acts, and takes the word of the operation', () => {
    const [order] = spec(name).resources;
    expect([order?.update, order?.remove].map(one => one?.contract.key)).toEqual([null, null]);
    expect(createOf(name, SPEC.replace('body: { a: 1 }', 'body: { a: 1 }, key: false')).contract.key).toBe(null);
  });
});

test('a key of the profile is for its methods alone', () => {
  const keys = spec('adyen').resources[0]?.actions.map(({ operation }) => operation.contract.key?.name ?? null);
  expect(keys).toEqual(['Idempotency-Key', null]);
});

test('operation wins over resource, resource over file, file over profile', () => {
  const text = (file: string, resource: string, operation: string) =>
    createOf('stripe-v1', SPEC.replace('version: 1', `version: 1\n${file}`).replace('  order:', `  order:\n    ${resource}`).replace('body: { a: 1 }', `body: { a: 1 }${operation}`)).contract; // prettier-ignore
  expect(text('', '', '').ttl).toBe(86_400);
  expect(text('contract: { ttl: 1h, scope: principal }', '', '')).toMatchObject({ ttl: 3600, scope: 'principal' });
  expect(text('contract: { ttl: 1h }', 'contract: { ttl: 2h }', '').ttl).toBe(7200);
  expect(text('contract: { ttl: 1h }', 'contract: { ttl: 2h }', ', contract: { ttl: 3h }').ttl).toBe(10_800);
});

test('a key elsewhere than the profile has it starts anew', () => {
  const text = SPEC.replace('body: { a: 1 }', 'body: { a: 1 }, key: { in: header, required: true }');
  expect(createOf('square', text).contract.key).toEqual(header('Idempotency-Key', true));
});

test('the time of the first sending goes with the key, the same in each retry', () => {
  const create = createOf('azure', SPEC.replace('body: { a: 1 }', 'body: { a: 1 }, key: true'));
  const scope = { marker: 'm', uuid: 'u', int: 1, now: '2026-11-24T08:00:00.000Z', values: {} };
  const sent = () => withKey(create.build(scope), create.contract, 'k').headers;
  expect(sent()).toContainEqual(['Repeatability-First-Sent', 'Tue, 24 Nov 2026 08:00:00 GMT']);
  expect(sent()).toEqual(sent());
  const [order] = spec('azure').resources;
  expect(order?.create?.build(scope).headers).not.toContainEqual(expect.arrayContaining(['Repeatability-First-Sent']));
});

describe('auto', () => {
  const document = (title: string, parameter: object | null) =>
    JSON.stringify({
      openapi: '3.1.0',
      info: { title, version: '1' },
      paths: {
        '/orders': {
          post: {
            ...(parameter === null ? {} : { parameters: [parameter] }),
            responses: { 201: { description: 'made' } },
          },
        },
      },
    });
  const inHeader = (name: string, more: object = {}) => ({ name, in: 'header', schema: { type: 'string' }, ...more });

  test.each<[string, object | null, string, string]>([
    ['Stripe API', inHeader('Idempotency-Key'), 'stripe-v1', 'calls itself "Stripe API"'],
    ['Orders', inHeader('Cko-Idempotency-Key'), 'checkout', 'its key is Cko-Idempotency-Key, in the header'],
    ['Orders', inHeader('repeatability-request-id'), 'azure', 'its key is repeatability-request-id'],
    ['Orders', inHeader('PayPal-Request-Id'), 'paypal', 'its key is PayPal-Request-Id'],
    ['Orders', { name: 'request_id', in: 'query', schema: {} }, 'ietf', 'those of no other profile'],
    ['Orders', inHeader('Idempotency-Key', { example: '"8e03"' }), 'ietf-strict', 'quoted strings'],
    ['Orders', inHeader('Idempotency-Key'), 'ietf', 'those of no other profile'],
    ['Orders', null, 'ietf', 'nothing in it speaks of keys'],
    ['Restriped sheets', null, 'ietf', 'nothing in it speaks of keys'],
  ])('takes for %s with %j: %s', (title, parameter, name, why) => {
    const found = spec('auto', document(title, parameter));
    expect(found.profile).toBe(name);
    expect(found.profileReason).toContain(why);
  });

  test('widens what is accepted, and promises nothing', () => {
    const { contract } = createOf('auto', document('Stripe API', inHeader('Idempotency-Key')));
    expect(contract).toMatchObject({ profileChosen: false, ttl: 'unknown', replayMode: 'unknown' });
    expect(contract.mismatch).toEqual({ statuses: [400, 422, 409], action: null, promised: false });
    expect(contract.inflight).toEqual({ statuses: [409, 425, 423, 429], mayWait: true });
    expect(contract.marker).toEqual({ header: 'Idempotent-Replayed', value: 'true' });
  });

  test('reads the keys of a native file, and may stand in it', () => {
    const text = SPEC.replace(
      'version: 1',
      'version: 1\nprofile: auto\ncontract: { key: { in: body, name: request_id } }',
    );
    expect(spec(null, text)).toMatchObject({ profile: 'aip', profileReason: 'its key is request_id, in the body' });
    expect(spec('adyen', text)).toMatchObject({ profile: 'adyen', profileReason: null });
  });
});

test('profiles have other names too', () => {
  expect(spec('oasis').profile).toBe('azure');
  expect(spec('checkout.com').profile).toBe('checkout');
  expect(() => spec('stripe-v3')).toThrow('did you mean "stripe-v');
});
