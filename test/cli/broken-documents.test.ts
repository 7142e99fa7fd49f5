import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cli } from '../support/run-cli.js';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'idem-check-broken-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const HEAD = 'openapi: 3.1.0\ninfo: { title: x, version: "1" }\n';
const post = (schema: string) =>
  `${HEAD}paths:\n  /things:\n    post:\n      requestBody: { content: { application/json: { schema: ${schema} } } }\n      responses: { "201": { description: Created } }\n`;

/** Schemas of so many megabytes, with one reference at the end that leads nowhere. */
function large(megabytes: number): string {
  const one = {
    type: 'object',
    description: 'x'.repeat(200),
    properties: { a: { type: 'string' }, b: { type: 'integer' } },
  };
  const count = Math.ceil((megabytes * 1024 * 1024) / (JSON.stringify(one).length + 10));
  const schemas = Object.fromEntries(Array.from({ length: count }, (_, index) => [`S${index}`, one]));
  const schema = { $ref: '#/components/schemas/Missing' };
  return JSON.stringify({
    openapi: '3.0.3',
    info: { title: 'large', version: '1' },
    components: { schemas },
    paths: { '/things': { post: { requestBody: { content: { 'application/json': { schema } } }, responses: {} } } },
  });
}

const BOMB = [
  'openapi: 3.1.0',
  'a: &a [x, x, x, x, x, x, x, x, x, x]',
  ...['b', 'c', 'd', 'e', 'f', 'g', 'h'].map(
    (name, index) => `${name}: &${name} [${`*${'abcdefg'[index] ?? ''}, `.repeat(10)}x]`,
  ),
  'paths: {}',
].join('\n');

const BROKEN: Readonly<Record<string, readonly [text: string, said: RegExp]>> = {
  'reference.yaml': [
    post('{ $ref: "#/components/schemas/Nothing" }'),
    /reference\.yaml:6:\d+ the reference "#\/components\/schemas\/Nothing" leads nowhere/,
  ],
  'anchor.yaml': [post('{ $ref: "#Nothing" }'), /anchor\.yaml:6:\d+ the reference "#Nothing" leads nowhere/],
  'no-such-file.yaml': [
    post('{ $ref: "parts/x.yaml#/A" }'),
    /no-such-file\.yaml:6:\d+ "parts\/x\.yaml": there is no such file/,
  ],
  'elsewhere.yaml': [
    post('{ $ref: "https://example.com/x.yaml#/A" }'),
    /elsewhere\.yaml:6:\d+ "https:\/\/example\.com\/x\.yaml": only files beside the document are read/,
  ],
  'circle.yaml': [
    `${post('{ $ref: "#/components/schemas/A" }')}components: { schemas: { A: { $ref: "#/components/schemas/B" }, B: { $ref: "#/components/schemas/A" } } }\n`,
    /circle\.yaml:\d+:\d+ the reference goes round in a circle/,
  ],
  'other.yaml': ['asyncapi: 3.0.0\nchannels: {}\n', /other\.yaml:1:1/],
  'version.yaml': [
    'openapi: 4.0.0\npaths: {}\n',
    /version\.yaml:1:10 openapi: "4\.0\.0" is no version that is read here/,
  ],
  'bomb.yaml': [BOMB, /bomb\.yaml:\d+:\d+ grows beyond all measure/],
  'cut.json': ['{ "openapi": "3.1.0", "paths": { "/x": {', /cut\.json:1:\d+ the "\{" opened here is not closed/],
  'large.json': [large(5), /large\.json:1:\d+ the reference "#\/components\/schemas\/Missing" leads nowhere/],
  'too-large.json': [large(11), /too-large\.json:1:1 is larger than 10 MB/],
};

describe.each(Object.entries(BROKEN))('%s', (name, [text, said]) => {
  beforeAll(() => writeFileSync(join(folder, name), text));

  test.each(['plan', 'lint', 'init'])('%s ends with 2 and a place', async command => {
    const { code, err, out } = await cli([
      command,
      join(folder, name),
      ...(command === 'init' ? ['-o', join(folder, 'out.yaml')] : []),
    ]);
    expect(err).toMatch(said);
    expect(err).not.toMatch(/^\s+at /m);
    expect({ code, out }).toEqual({ code: 2, out: '' });
  });
});

test('schemas that hold themselves are no trouble', async () => {
  const file = join(folder, 'tree.yaml');
  const node =
    '{ type: object, required: [child], properties: { name: { type: string }, child: { $ref: "#/components/schemas/Node" } } }';
  const more = `components: { schemas: { Node: ${node}, Any: { allOf: [{ $ref: "#/components/schemas/Any" }, { type: object }] } } }\n`;
  writeFileSync(
    file,
    `${post('{ oneOf: [{ $ref: "#/components/schemas/Node" }, { $ref: "#/components/schemas/Any" }] }')}${more}`,
  );
  const { code, out } = await cli(['lint', file, '--json']);
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject([{ code: 'key-undeclared' }]);
});
