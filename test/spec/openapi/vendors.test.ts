import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import type { Spec } from '../../../src/core/spec.js';
import { operationsOf } from '../../../src/core/resource.js';
import type { Payload } from '../../../src/core/operation.js';
import { loadSpec } from '../../../src/spec/load.js';
import { MISSING_DOCUMENTS, vendorDocument, VENDOR_DOCUMENTS } from '../../support/vendor-documents.js';

const isThere = MISSING_DOCUMENTS.length === 0;
if (!isThere) {
  const text = `the documents of vendors are not at ../shared/openapi: ${MISSING_DOCUMENTS.join(', ')}`;
  if ((process.env['CI'] ?? '') !== '') throw new Error(text);
  console.warn(`skipped, ${text}`);
}

type Json = Readonly<Record<string, unknown>>;

/** Operations that declare a key, found by reading the text with nothing of ours: a header called so, also by reference. */
function declaredIn(file: string): { readonly all: ReadonlySet<string>; readonly keyed: ReadonlySet<string> } {
  const document = parse(readFileSync(file, 'utf8')) as Json;
  const follow = (node: Json): Json => {
    const reference = node['$ref'];
    if (typeof reference !== 'string') return node;
    const steps = reference.slice(2).split('/');
    return follow(steps.reduce<Json>((held, step) => held[step.replaceAll('~1', '/')] as Json, document));
  };
  const all = new Set<string>();
  const keyed = new Set<string>();
  for (const [path, item] of Object.entries(document['paths'] as Readonly<Record<string, Json>>)) {
    for (const method of ['get', 'head', 'post', 'put', 'patch', 'delete', 'options']) {
      const operation = item[method] as Json | undefined;
      if (operation === undefined) continue;
      const name = `${method.toUpperCase()} ${path}`;
      all.add(name);
      const parameters = [item['parameters'], operation['parameters']].flatMap(list => (list ?? []) as readonly Json[]);
      if (parameters.map(follow).some(({ name: own }) => /idempotency-?key/i.test(String(own)))) keyed.add(name);
    }
  }
  return { all, keyed };
}

function load(name: string): Promise<Spec> {
  return loadSpec(vendorDocument(name) ?? name, { env: {}, profile: null });
}

/** The parameter that nothing gives a value for; `null` when the request is built. */
function unfilled(build: () => unknown): string | null {
  try {
    build();
    return null;
  } catch (error) {
    const name = /nothing gives a value for "(.*)"/.exec(String(error))?.[1];
    if (name === undefined) throw error;
    return name;
  }
}

describe.skipIf(!isThere)('documents of real vendors', () => {
  const found = new Set<string>();
  const wanted = new Set<string>();

  test.each(VENDOR_DOCUMENTS)('%s: every operation is there, and every key', async name => {
    const declared = declaredIn(vendorDocument(name) ?? name);
    const spec = await load(name);
    const operations = spec.resources.flatMap(operationsOf);
    expect(new Set(operations.map(one => one.name))).toEqual(declared.all);
    for (const one of operations) if (one.contract.key !== null) found.add(`${name} ${one.name}`);
    for (const one of declared.keyed) wanted.add(`${name} ${one}`);
    const keyed = operations.filter(({ contract }) => contract.key !== null).map(one => one.name);
    expect(new Set(keyed)).toEqual(declared.keyed);
  });

  test.each(VENDOR_DOCUMENTS)('%s: every request that can be built is built, and its variant differs', async name => {
    const spec = await load(name);
    const values: Record<string, string> = { id: 'i' };
    for (const { name: parent } of spec.resources) values[`${parent}.id`] = 'p';
    const scope = { marker: 'ic-0123456789abcdef0123', uuid: 'u', int: 7, now: '2026-01-01T00:00:00.000Z', values };
    const described = (spec.inference?.gaps ?? []).map(({ text }) => text).join('\n');
    for (const operation of spec.resources.flatMap(operationsOf)) {
      const build = (payload: Payload) => operation.build(scope, payload);
      const open = unfilled(() => build('body'));
      if (open !== null) {
        expect(described).toContain(`{${open}}`);
        continue;
      }
      if (operation.payloads.has('changed')) {
        expect(build('changed').body, operation.name).not.toBe(build('body').body);
      }
    }
  });

  test.each(VENDOR_DOCUMENTS)('%s: every guess says why and where', async name => {
    const { inference } = await load(name);
    for (const { reason, location } of inference?.guesses ?? []) {
      expect(reason).not.toBe('');
      expect(location.line).toBeGreaterThan(0);
    }
    expect(inference?.guesses.length).toBeGreaterThan(0);
    for (const { yaml } of inference?.gaps ?? []) expect(parse(yaml.replaceAll('{ ... }', '{}'))).toBeTypeOf('object');
  });

  test('27 operations declare a key: precision and recall of finding them are 1', () => {
    const right = [...found].filter(one => wanted.has(one)).length;
    expect({ declared: wanted.size, precision: right / found.size, recall: right / wanted.size }).toEqual({
      declared: 27,
      precision: 1,
      recall: 1,
    });
  });
});
