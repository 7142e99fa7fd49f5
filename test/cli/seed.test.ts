import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Report } from '../../src/core/report.js';
import { check } from '../../src/index.js';
import { startReference, type RunningReference } from '../../src/reference/serve.js';
import { inFolder, written } from '../support/folder.js';
import { cli } from '../support/run-cli.js';

const SPEC = `version: 1
contract: { key: { in: header, name: Idempotency-Key, required: true } }
resources:
  order:
    create: { request: POST /orders, body: { amount: "{{int}}", reference: "{{marker}}", note: "{{uuid}}" } }
    list: { request: "GET /orders?reference={{marker}}", items: $.items }
    read: GET /orders/{id}
    delete: DELETE /orders/{id}
`;

let api: RunningReference;
beforeAll(async () => {
  api = await startReference({ mounts: [{ prefix: '', flaw: null, choices: {} }] });
});
afterAll(() => api.close());

const play = (seed?: number) =>
  check(SPEC, {
    url: api.url,
    checks: ['key-replay-no-duplicate', 'key-distinct-not-deduped', 'delete-repeat', 'key-concurrent-single-effect'],
    rounds: 2,
    concurrency: 3,
    // Side by side, so that they would take the values from each other if they could.
    workers: 8,
    ...(seed === undefined ? {} : { seed }),
  });

/** The nonce of a run: what its markers begin with. */
function nonceOf({ exchanges }: Report): string {
  const found = exchanges.map(({ request }) => /"ic-([0-9a-f]{8})/.exec(request.body ?? '')?.[1]);
  const nonces = [...new Set(found.filter(one => one !== undefined))];
  expect(nonces).toHaveLength(1);
  return nonces[0] ?? '';
}

/**
 * Every create of a run, case by case, in its order: key and body, the nonce and the ints it turns left out. Repeats that
 * come while the first is half done are sent only where it is slow enough, which the machine decides.
 */
function createsOf(report: Report): readonly string[] {
  const nonce = nonceOf(report);
  return report.exchanges
    .filter(({ request, step }) => request.method === 'POST' && !step.includes('in between'))
    .map(({ result, step, attempt, round, lane, request }) => {
      const key = request.headers.find(([name]) => name === 'Idempotency-Key')?.[1] ?? 'none';
      const body = (request.body ?? '').replace(/"amount":\d+/, '"amount":0');
      return `${result} ${step} ${attempt}.${round}.${lane}: ${key} ${body}`.replaceAll(nonce, 'nonce');
    })
    .toSorted();
}

describe('--seed', () => {
  test('gives the same requests again, but for the nonce of the run, so that two runs do not meet', async () => {
    const [first, again, other] = [await play(7), await play(7), await play(8)];
    expect(createsOf(first).length).toBeGreaterThan(10);
    expect(createsOf(again)).toEqual(createsOf(first));
    expect(nonceOf(again)).not.toBe(nonceOf(first));
    expect(createsOf(other)).not.toEqual(createsOf(first));
    expect([first, again].map(({ seed, summary }) => [seed, summary.fail, summary.warn])).toEqual([
      [7, 0, 0],
      [7, 0, 0],
    ]);
  });

  test('is drawn and told where it is not given; given again it gives the same again', async () => {
    const drawn = await play();
    const again = await play(drawn.seed);
    expect(createsOf(again)).toEqual(createsOf(drawn));
    expect((await play()).seed).not.toBe(drawn.seed);
  });

  test('decides the bodies that are made from a schema', async () => {
    const document = `openapi: 3.1.0
info: { title: t, version: "1" }
servers: [{ url: "http://127.0.0.1:1" }]
paths:
  /things:
    post:
      requestBody:
        content:
          application/json:
            schema:
              type: object
              required: [code]
              properties: { code: { type: string, pattern: "^[A-Z]{12}$" } }
      responses: { "201": { description: made, content: { application/json: { schema: { type: object, properties: { id: { type: string } } } } } } }
    get: { responses: { "200": { description: all } } }
  /things/{id}:
    get: { parameters: [{ in: path, name: id, required: true, schema: { type: string } }], responses: { "200": { description: one } } }
`;
    await inFolder(async folder => {
      const file = written(folder, 'openapi.yaml', document);
      const code = async (seed: string) => /[A-Z]{12}/.exec((await cli(['plan', file, '--seed', seed])).out)?.[0];
      const [one, again, two] = [await code('1'), await code('1'), await code('2')];
      expect(one).toBeDefined();
      expect(again).toBe(one);
      expect(two).not.toBe(one);
    });
  });
});
