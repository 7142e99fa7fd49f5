import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { SpecError } from '../../../src/core/errors.js';
import { loadSpec } from '../../../src/spec/load.js';
import { inFolder } from '../../support/folder.js';

const DOCUMENT = `openapi: 3.1.0
info: { title: orders, version: "1" }
paths:
  /orders:
    post:
      requestBody:
        content: { application/json: { schema: { $ref: "../common/schemas.yaml#/Order" } } }
      responses: { "201": { description: Created } }
`;
const SCHEMAS = `Order: { type: object, required: [amount], properties: { amount: { $ref: "./money.yaml#/Amount" } } }
`;
const MONEY = `Amount: { type: integer, example: 1234 }
`;

/** A document at `apis/orders/openapi.yaml` that refers to its neighbours one folder up. */
async function withDocument(use: (file: string, root: string) => Promise<void>): Promise<void> {
  await inFolder(async root => {
    const put = (name: string, text: string) => {
      const file = join(root, name);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
      return file;
    };
    put('apis/common/schemas.yaml', SCHEMAS);
    put('apis/common/money.yaml', MONEY);
    await use(put('apis/orders/openapi.yaml', DOCUMENT), root);
  });
}

const load = (file: string) => loadSpec(file, { env: {}, profile: null });

test('references lead anywhere in the repository, and on from there', async () => {
  await withDocument(async (file, root) => {
    mkdirSync(join(root, '.git'));
    const create = (await load(file)).resources[0]?.create;
    const scope = { marker: 'm', uuid: 'u', int: 1, now: '2026-01-01T00:00:00Z', values: {} };
    expect(JSON.parse(create?.build(scope, 'body').body ?? '{}')).toEqual({ amount: 1234 });
  });
});

test('not beyond it: the place, the reference and a way out are told', async () => {
  await withDocument(async file => {
    mkdirSync(join(dirname(file), '.git'));
    const error: unknown = await load(file).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(SpecError);
    const [mistake] = error instanceof SpecError ? error.mistakes : [];
    expect([mistake?.location?.line, mistake?.location?.column, mistake?.text]).toEqual([
      7,
      48,
      '"../common/schemas.yaml" lies outside the repository of openapi.yaml, and is not read; put it there, or make one file of all: npx @redocly/cli bundle',
    ]);
  });
});

test('without a repository they stay below the folder of the document', async () => {
  await withDocument(async file => {
    const error: unknown = await load(file).catch((reason: unknown) => reason);
    const [mistake] = error instanceof SpecError ? error.mistakes : [];
    expect(mistake?.text).toContain('lies outside the folder of openapi.yaml');
  });
});
