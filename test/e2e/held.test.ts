import { createServer, type Server } from 'node:http';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, test } from 'vitest';
import { runReport } from '../support/run-cli.js';

const folder = mkdtempSync(join(tmpdir(), 'idem-check-held-'));
const spec = join(folder, 'idem-check.yaml');
writeFileSync(
  spec,
  `version: 1
resources:
  order:
    create: { request: POST /orders, body: { amount: 1, reference: "{{marker}}" }, key: { name: Idempotency-Key } }
    list: { request: "GET /orders?reference={{marker}}", items: $.items }
    delete: DELETE /orders/{id}
`,
);
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise(resolve => void server.close(resolve));
  }
});

/**
 * An API whose key is looked up as soon as the head of a request is read (as in a gateway), or once all of it is there,
 * and is stored when the order is; `windowMs` after the last byte the order is made.
 */
async function served({ looksAt, windowMs }: { readonly looksAt: 'head' | 'end'; readonly windowMs: number }) {
  const orders: { readonly id: string; readonly reference: string }[] = [];
  const keys = new Map<string, string>();
  const server = createServer((request, response) => {
    const key = String(request.headers['idempotency-key'] ?? '');
    const url = new URL(request.url ?? '/', 'http://x');
    let known = keys.get(key);
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    const answer = (status: number, body: unknown) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    request.on('end', () => {
      if (request.method === 'GET') {
        const reference = url.searchParams.get('reference');
        return answer(200, { items: orders.filter(one => reference === null || one.reference === reference) });
      }
      if (request.method === 'DELETE') return response.writeHead(204).end();
      if (looksAt === 'end') known = keys.get(key);
      const make = () => {
        if (known !== undefined) return answer(201, JSON.parse(known));
        const { reference } = JSON.parse(Buffer.concat(chunks).toString()) as { reference: string };
        const order = { id: String(orders.length + 1), reference };
        orders.push(order);
        keys.set(key, JSON.stringify(order));
        return answer(201, order);
      };
      return windowMs === 0 ? make() : setTimeout(make, windowMs);
    });
  });
  servers.push(server);
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
}

const CHECK = ['--checks', 'key-concurrent-single-effect', '--rounds', '3', '--concurrency', '4'];
const racesOf = async (url: string, flags: readonly string[] = []) => {
  const { report } = await runReport(spec, url, [...CHECK, ...flags]);
  return report.results.filter(({ race }) => race !== null);
};

test('a duplicate that only held requests bring out is one, and the report says that whole ones did not show it', async () => {
  const [result] = await racesOf(await served({ looksAt: 'head', windowMs: 0 }));
  expect(result).toMatchObject({
    verdict: 'fail',
    findings: [{ code: 'duplicate-created' }],
    race: {
      ways: [
        { sync: 'last-byte', rounds: 1, hits: 1 },
        { sync: 'barrier', rounds: 3, hits: 0 },
      ],
    },
  });
  expect(result?.notes.join(' ')).toContain('whole requests did not show it in 3 rounds');
});

test('one that whole requests show as well is said to be so, and no further round is played', async () => {
  const [result] = await racesOf(await served({ looksAt: 'end', windowMs: 50 }));
  expect(result).toMatchObject({
    verdict: 'fail',
    race: {
      ways: [
        { sync: 'last-byte', rounds: 1, hits: 1 },
        { sync: 'barrier', rounds: 1, hits: 1 },
      ],
    },
  });
  expect(result?.notes.join(' ')).toContain('whole requests as well');
  const numbers = result?.findings[0]?.exchanges ?? [];
  expect(new Set(numbers).size).toBe(numbers.length);
  expect(numbers.length).toBeGreaterThanOrEqual(4);
});

test('what whole requests found needs no other', async () => {
  const [result] = await racesOf(await served({ looksAt: 'end', windowMs: 50 }), ['--sync', 'barrier']);
  expect(result).toMatchObject({ verdict: 'fail', race: { ways: [{ sync: 'barrier', rounds: 1, hits: 1 }] } });
  expect(result?.notes.join(' ')).not.toContain('whole requests');
});
