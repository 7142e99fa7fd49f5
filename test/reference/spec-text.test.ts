import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import type { Flaw } from '../../src/reference/flaw.js';
import { flawNamed, flaws } from '../../src/reference/flaws/index.js';
import { specText, type Described } from '../../src/reference/spec-text.js';

const schema = JSON.parse(readFileSync(new URL('../../schema/idem-check.schema.json', import.meta.url), 'utf8'));
const validate = new Ajv({ allowUnionTypes: true, strict: false }).compile(schema);

const described = (prefix: string, suffix: string, flaw: Flaw | null): Described => ({
  prefix,
  suffix,
  flaw,
  choices: {},
});

const apis = [
  described('/correct', '', null),
  ...flaws.map(flaw => described(`/flaws/${flaw.id}`, `-${flaw.id}`, flaw)),
];

/** The resources told of one API. */
function resourcesIn(api: Partial<Described>) {
  return parse(specText([{ ...described('', '', null), ...api }])).resources;
}

test('one file with every mount is valid against the schema', () => {
  expect([validate(parse(specText(apis))), validate.errors]).toEqual([true, null]);
});

test('names are suffixed, paths prefixed, and a flaw is described by the resource that shows it', () => {
  const { resources } = parse(specText(apis));
  expect(Object.keys(resources)).toEqual(expect.arrayContaining(['order', 'account', 'note', 'order-key-ignored']));
  expect(resources['order-key-ignored'].create.request).toBe('POST /flaws/key-ignored/orders');
  expect(Object.keys(resources).filter(name => name.endsWith('-unique-not-enforced'))).toEqual([
    'account-unique-not-enforced',
  ]);
});

test('a note names its parent of the same mount', () => {
  expect(resourcesIn({ prefix: '/x', suffix: '-x', resources: ['note'] })['note-x']).toMatchObject({
    parent: 'order-x',
    create: { request: 'POST /x/orders/{order-x.id}/notes' },
  });
});

test.each([
  ['keyIn', { keyIn: 'body' }, { create: { key: { in: 'body', name: 'request_id', required: true } } }],
  ['keyRequired', { keyRequired: false }, { create: { key: { in: 'header', required: false } } }],
  ['ttlSeconds', { ttlSeconds: 3 }, { contract: { ttl: '3s' } }],
  ['expiredStatus', { expiredStatus: 410 }, { contract: { expired: [410] } }],
  ['mismatchStatus', { mismatchStatus: 409 }, { contract: { mismatch: { statuses: [409], action: 'reject' } } }],
  ['inflight', { inflight: 'wait' }, { contract: { inflight: { mayWait: true } } }],
  ['replayStatus', { replayStatus: 200 }, { contract: { replayStatuses: [200] } }],
  ['deleteMissing', { deleteMissing: 204 }, { contract: { deleteMissing: [204] } }],
  ['preconditionRequired', { preconditionRequired: false }, { contract: { etag: { missing: 'permitted' } } }],
  ['softDelete', { softDelete: true }, { gone: { value: '$.status', equals: 'deleted' } }],
] as const)('the choice of %s is told', (_, choices, expected) => {
  expect(resourcesIn({ choices }).order).toMatchObject(expected);
});

test('what is not there is not told: lists, tags, keys', () => {
  const bare = resourcesIn({ choices: { list: false, etag: 'none' } }).order;
  expect([bare.list, bare.version, bare.contract.etag]).toEqual([undefined, undefined, undefined]);
  const noKey = resourcesIn({ flaw: flawNamed('no-key') ?? null }).order;
  expect([noKey.create.key, noKey.contract.ttl]).toEqual([false, undefined]);
});

test('a flaw is described by what it claims, not by what it does', () => {
  const said = (id: string) => resourcesIn({ flaw: flawNamed(id) ?? null }).order;
  expect(said('ttl-shorter-than-declared').contract.ttl).toBe('86400s');
  expect(said('ttl-short-undeclared').contract.ttl).toBe(undefined);
  expect(said('precondition-not-demanded').contract.etag.missing).toEqual([428]);
  expect(said('overwrites-silently').contract.etag).toBe(undefined);
});

test('orders by PUT are described on demand', () => {
  expect(resourcesIn({ clientIds: true })['placed-order']).toMatchObject({
    id: '{{uuid}}',
    create: { request: 'PUT /orders/{id}', key: false },
  });
});

test('labels are described as made by PUT, with no version demanded', () => {
  expect(resourcesIn({}).label).toMatchObject({
    id: '{{uuid}}',
    create: { request: 'PUT /labels/{id}', key: false },
    replace: { request: 'PUT /labels/{id}', omit: ['$.colour'] },
    contract: { etag: { missing: 'permitted' } },
  });
});
