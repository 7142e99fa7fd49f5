import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request as ask } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, test } from 'vitest';
import type { Report } from '../../src/core/report.js';
import { startReference } from '../../src/reference/serve.js';
import { cli, runReport } from '../support/run-cli.js';

const folder = mkdtempSync(join(tmpdir(), 'idem-check-sync-'));
const spec = join(folder, 'idem-check.yaml');
writeFileSync(
  spec,
  `version: 1
resources:
  order:
    create: { request: POST /orders, body: { amount: 1, reference: "{{marker}}" }, key: { name: Idempotency-Key } }
    list: { request: "GET /orders?reference={{marker}}", items: $.items }
    read: GET /orders/{id}
    delete: DELETE /orders/{id}
`,
);
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const open: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).toReversed()) await close();
});

const CHECK = ['--checks', 'key-concurrent-single-effect', '--rounds', '3', '--concurrency', '4'];

async function reference(): Promise<string> {
  const running = await startReference({ mounts: [{ prefix: '', flaw: null, choices: {} }] });
  open.push(running.close);
  return running.url;
}

const waysOf = ({ results }: Report) => results.flatMap(({ race }) => race?.ways ?? []);

test.each([
  ['by itself', [], 'last-byte'],
  ['as asked', ['--sync', 'barrier'], 'barrier'],
  ['as HTTP/1.1 lets it, whatever was asked', ['--sync', 'single-packet', '--h2c'], 'last-byte'],
])('a race is released %s', async (_how, flags, sync) => {
  const { report, code } = await runReport(spec, await reference(), [...CHECK, ...flags]);
  expect(code).toBe(0);
  expect(waysOf(report)).toEqual([{ sync, rounds: 3, overlapping: 3, hits: 0 }]);
  expect(report.results.filter(({ race }) => race !== null).map(({ verdict }) => verdict)).toEqual(['pass']);
});

test('a way that does not exist is told', async () => {
  const { code, err } = await cli(['run', spec, '--sync', 'hope']);
  expect(code).toBe(2);
  expect(err).toContain('last-byte, single-packet, barrier');
});

test('behind something that answers early the race goes on with whole requests, and the round it cost is told', async () => {
  const url = await reference();
  // Refuses a POST whose body is not there yet, as a gateway with a short temper does.
  const gateway = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    const isPost = incoming.method === 'POST';
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    if (isPost) setImmediate(() => incoming.complete || outgoing.writeHead(408, { connection: 'close' }).end());
    incoming.on('end', () => {
      if (outgoing.headersSent) return;
      const onward = ask(`${url}${incoming.url}`, { method: incoming.method, headers: incoming.headers }, answer => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      });
      onward.end(Buffer.concat(chunks));
    });
  });
  await new Promise<void>(resolve => gateway.listen(0, '127.0.0.1', resolve));
  open.push(() => new Promise(resolve => (gateway.closeAllConnections(), gateway.close(resolve))));
  const address = gateway.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const { report } = await runReport(spec, `http://127.0.0.1:${port}`, CHECK);
  expect(waysOf(report)).toEqual([
    { sync: 'last-byte', rounds: 1, overlapping: 0, hits: 0 },
    { sync: 'barrier', rounds: 2, overlapping: 2, hits: 0 },
  ]);
  const early = report.exchanges.filter(exchange => exchange.early === true);
  expect(early.map(({ sync, response, writtenAtUs }) => [sync, response?.status, writtenAtUs])).toEqual([
    ['last-byte', 408, null],
    ['last-byte', 408, null],
  ]);
  expect(report.results.filter(({ race }) => race !== null).map(({ verdict }) => verdict)).toEqual(['pass']);
});
