import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { init } from '../../src/cli/init.js';
import type { Io } from '../../src/cli/io.js';
import { startReference } from '../../src/reference/serve.js';
import { cli } from '../support/run-cli.js';
import { MISSING_DOCUMENTS, vendorDocument, VENDOR_DOCUMENTS } from '../support/vendor-documents.js';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'idem-check-init-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function io(answers?: readonly string[]): Io & { readonly said: () => string } {
  let said = '';
  const left = [...(answers ?? [])];
  return {
    out: text => void (said += text),
    err: text => void (said += text),
    said: () => said,
    env: {},
    cwd: folder,
    isTty: false,
    columns: 100,
    depth: 0,
    signal: new AbortController().signal,
    ...(answers === undefined ? {} : { ask: async (_question: string, usual: string) => left.shift() ?? usual }),
  };
}

/** The plan of a document, and that of the file init writes for it, as scripts see them. */
async function bothPlans(document: string): Promise<readonly [unknown, unknown]> {
  const file = join(folder, 'idem-check.yaml');
  expect((await cli(['init', document, '-o', file])).code).toBe(0);
  const plans = await Promise.all([document, file].map(spec => cli(['plan', spec, '--json'])));
  return [JSON.parse(plans[0]?.out ?? ''), JSON.parse(plans[1]?.out ?? '')];
}

describe('from a document', () => {
  test('a file with the same plan, each guess with its reason', async () => {
    const [before, after] = await bothPlans(resolve('fixtures/openapi/orders.yaml'));
    expect(after).toEqual(before);
    const text = readFileSync(join(folder, 'idem-check.yaml'), 'utf8');
    expect(text).toContain('# POST /orders · GET /orders?reference={{marker}}&limit=5');
    expect(text).toContain('id: $.id # the answer of the create has it');
    expect(parse(text)).toMatchObject({
      version: 1,
      resources: { order: { create: { body: { reference: '{{marker}}' } } } },
    });
  });

  test('the document of the reference API, at its address', async () => {
    const running = await startReference({ mounts: [{ prefix: '', flaw: null, choices: {} }] });
    try {
      const [before, after] = await bothPlans(`${running.url}/openapi.json`);
      expect(after).toEqual(before);
      expect(JSON.stringify(before)).toContain('key-concurrent-single-effect');
    } finally {
      await running.close();
    }
  });

  test('what looks like a variable of the environment in an example stays as it is', async () => {
    const document = join(folder, 'openapi.yaml');
    const body = '{ application/json: { example: { note: "costs ${PRICE}", n: 1 } } }';
    writeFileSync(
      document,
      `openapi: 3.1.0\ninfo: { title: x, version: "1" }\npaths:\n  /things:\n    post:\n      requestBody: { content: ${body} }\n      responses: { "201": { description: Created } }\n`,
    );
    const [before, after] = await bothPlans(document);
    expect(after).toEqual(before);
  });

  test('it is found by its usual name', async () => {
    writeFileSync(join(folder, 'openapi.yaml'), readFileSync('fixtures/doc-flaws/sound.yaml'));
    expect(await init(undefined, { output: 'idem-check.yaml', force: false }, io())).toBe(0);
    expect(readFileSync(join(folder, 'idem-check.yaml'), 'utf8')).toContain('openapi: ./openapi.yaml');
  });
});

test('a file that is there is kept, unless --force is given', async () => {
  writeFileSync(join(folder, 'idem-check.yaml'), 'mine');
  const document = join(folder, 'openapi.yaml');
  writeFileSync(document, readFileSync('fixtures/doc-flaws/sound.yaml'));
  await expect(init(document, { output: 'idem-check.yaml', force: false }, io())).rejects.toThrow('is there already');
  expect(readFileSync(join(folder, 'idem-check.yaml'), 'utf8')).toBe('mine');
  await init(document, { output: 'idem-check.yaml', force: true }, io());
  expect(readFileSync(join(folder, 'idem-check.yaml'), 'utf8')).toContain('version: 1');
});

describe('from questions', () => {
  test('a spec that holds up', async () => {
    const own = io([
      'http://127.0.0.1:1',
      'POST /tickets',
      '{"title":"{{marker}}"}',
      '-',
      '',
      '-',
      'DELETE /tickets/{id}',
    ]);
    expect(await init(undefined, { output: 'idem-check.yaml', force: false }, own)).toBe(0);
    const file = join(folder, 'idem-check.yaml');
    expect(parse(readFileSync(file, 'utf8'))).toEqual({
      version: 1,
      target: { url: 'http://127.0.0.1:1' },
      resources: {
        ticket: { create: { request: 'POST /tickets', body: { title: '{{marker}}' } }, delete: 'DELETE /tickets/{id}' },
      },
    });
  });

  test('nothing is asked where nobody can answer', async () => {
    await expect(init(undefined, { output: 'idem-check.yaml', force: false }, io())).rejects.toThrow('name a document');
  });

  test('answers that are no spec write nothing', async () => {
    await expect(init(undefined, { output: 'idem-check.yaml', force: false }, io(['x', 'FETCH /a']))).rejects.toThrow();
    expect(existsSync(join(folder, 'idem-check.yaml'))).toBe(false);
  });
});

describe.skipIf(MISSING_DOCUMENTS.length > 0)('documents of real vendors', () => {
  test.each(VENDOR_DOCUMENTS)('%s has the same plan by the file that init writes', async name => {
    const [before, after] = await bothPlans(vendorDocument(name) ?? name);
    expect(after).toEqual(before);
  });
});
