import { expect, test } from 'vitest';
import { operationsOf } from '../../../src/core/resource.js';
import { loadSpec } from '../../../src/spec/load.js';
import { inFolder, written } from '../../support/folder.js';

const DOCUMENT = `openapi: 3.1.0
info: { title: t, version: "1" }
servers: [{ url: "http://127.0.0.1:1" }]
paths:
  /rebuild:
    post:
      responses: { "202": { description: Begun } }
  /orders:
    post: { responses: { "201": { description: Created, headers: { Location: { schema: { type: string } } } } } }
  /orders/{id}:
    get: { responses: { "200": { description: It } } }
  /orders/{id}/lines/{line}/recount:
    post: { responses: { "200": { description: Done } } }
`;

const load = (file: string) => loadSpec(file, { env: {}, profile: null });

test('a POST of unknown effect is never sent, and the lines that would give it a role do so', async () => {
  await inFolder(async folder => {
    const document = written(folder, 'openapi.yaml', DOCUMENT);
    const { resources, inference } = await load(document);
    const unknown = resources.flatMap(operationsOf).filter(({ role, method }) => role === 'other' && method === 'POST');
    expect(unknown.map(({ name }) => name)).toContain('POST /rebuild');
    const gap = inference?.gaps.find(({ operation }) => operation === 'POST /rebuild');
    expect(gap?.text).toBe(
      'What it does to the resource is not known, so that it is not sent and no check runs on it.',
    );
    expect(gap?.yaml.split('\n')).toHaveLength(3);
    const own = written(folder, 'idem-check.yaml', `version: 1\nopenapi: ./openapi.yaml\n${gap?.yaml}\n`);
    const mended = await load(own);
    const operations = mended.resources.flatMap(operationsOf);
    const roles = operations
      .filter(({ name }) => name === 'POST /rebuild')
      .map(({ role, resource }) => [role, resource]);
    expect(roles).toEqual([['create', 'rebuild']]);
    const left = mended.inference?.gaps.filter(({ text }) => text.startsWith('What it does')) ?? [];
    expect(left.map(({ operation }) => operation)).not.toContain('POST /rebuild');
  });
});
