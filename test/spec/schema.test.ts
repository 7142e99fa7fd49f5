import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { compileFromFile } from 'json-schema-to-typescript';
import { expect, test } from 'vitest';

const PATH = 'schema/idem-check.schema.json';

function schema(path = PATH): Record<string, unknown> {
  return JSON.parse(readFileSync(path, 'utf8'));
}

test('the generated types are those of the schema', async () => {
  const made = await compileFromFile(PATH, { unknownAny: true, maxItems: -1 });
  expect(readFileSync('src/generated/spec.ts', 'utf8')).toBe(made);
});

test('the schema is valid draft-07', () => {
  const ajv = new Ajv({ strict: true, allowUnionTypes: true });
  expect(ajv.validateSchema(schema())).toBe(true);
});

/** Every part of a schema that stands for something a user writes. */
function partsOf(part: unknown, path: string): readonly (readonly [string, Record<string, unknown>])[] {
  if (typeof part !== 'object' || part === null) return [];
  const own = Object.entries(part);
  return own.flatMap(([name, value]) => {
    if (name === 'properties' || name === 'definitions') {
      return Object.entries(value).flatMap(([key, one]) => [
        [`${path}.${key}`, Object(one)] as const,
        ...partsOf(one, `${path}.${key}`),
      ]);
    }
    return ['items', 'additionalProperties'].includes(name) ? partsOf(value, `${path}.${name}`) : [];
  });
}

test('the schema of contract files is valid draft-07, and closed', () => {
  const path = 'schema/contract.schema.json';
  const ajv = new Ajv({ strict: true, allowUnionTypes: true, schemas: [schema()] });
  expect(ajv.validateSchema(schema(path))).toBe(true);
  const fits = ajv.compile(schema(path));
  expect(fits({ version: 1, operations: { 'POST /orders': { contract: { inflight: 409 } } } })).toBe(true);
  expect(fits({ version: 1, operations: { 'POST /orders': { contract: { inflght: 409 } } } })).toBe(false);
  const silent = partsOf(schema(path), '').filter(
    ([, part]) => part['$ref'] === undefined && part['description'] === undefined,
  );
  expect(silent.map(([name]) => name)).toEqual([]);
});

test('everything in the schema is described', () => {
  const silent = partsOf(schema(), '').filter(
    ([, part]) => part['$ref'] === undefined && part['description'] === undefined,
  );
  expect(silent.map(([path]) => path)).toEqual([]);
});

test('every mapping says which members it takes', () => {
  const open = partsOf(schema(), '').filter(
    ([, part]) => part['properties'] !== undefined && part['additionalProperties'] !== false,
  );
  expect(open.map(([path]) => path)).toEqual([]);
});
