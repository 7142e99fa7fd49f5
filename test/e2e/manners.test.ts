import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, test } from 'vitest';
import { runReport } from '../support/run-cli.js';

const folder = mkdtempSync(join(tmpdir(), 'idem-check-manners-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

interface Shop {
  readonly url: string;
  readonly seen: readonly string[];
  readonly records: Map<string, string>;
}

/** A small API with records; `answer` may take a request over. */
async function shop(answer: (request: IncomingMessage, records: Map<string, string>) => 'drop' | null): Promise<Shop> {
  const records = new Map<string, string>([['7', '{"id":7,"text":"kept"}']]);
  const seen: string[] = [];
  let ids = 10;
  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    const { method = '', url = '' } = request;
    seen.push(`${method} ${url}`);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const id = /^\/notes\/(\d+)$/.exec(url)?.[1];
    const reply = (status: number, body = '') =>
      void response.writeHead(status, { 'content-type': 'application/json', etag: `"${body.length}"` }).end(body);
    if (method === 'POST' && url === '/notes') {
      const made = String(++ids);
      records.set(made, JSON.stringify({ id: Number(made), ...(JSON.parse(String(Buffer.concat(chunks))) as object) }));
      return answer(request, records) === 'drop' ? void request.socket.destroy() : reply(201, records.get(made));
    }
    if (method === 'POST') return reply(200, '{"space":"s-1"}');
    if (method === 'GET' && url === '/notes') return reply(200, `[${[...records.values()].join(',')}]`);
    const record = id === undefined ? undefined : records.get(id);
    if (id === undefined || record === undefined) return reply(404);
    if (method === 'DELETE') records.delete(id);
    return reply(method === 'DELETE' ? 204 : 200, method === 'DELETE' || method === 'HEAD' ? '' : record);
  };
  const server = createServer((request, response) => void handle(request, response));
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  open.push(async () => {
    server.closeAllConnections();
    await new Promise(resolve => server.close(resolve));
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { url: `http://127.0.0.1:${address.port}`, seen, records };
}

const NOTES = `version: 1
resources:
  note:
    create: { request: POST /notes, body: { text: "{{marker}}" } }
    list: GET /notes
    read: GET /notes/{id}
    delete: DELETE /notes/{id}
`;

function specOf(text: string): string {
  const file = join(folder, `${text.length}.yaml`);
  writeFileSync(file, text);
  return file;
}

test('--read-only sends safe methods alone, on records that are there already', async () => {
  const { url, seen, records } = await shop(() => null);
  const { report, code } = await runReport(specOf(NOTES), url, ['--read-only']);
  expect(seen.filter(line => !/^(GET|HEAD|OPTIONS) /.test(line))).toEqual([]);
  expect(seen).toContain('GET /notes/7');
  expect([...records.keys()]).toEqual(['7']);
  expect(report.results.map(({ check }) => check)).toContain('safe-no-effect');
  expect(report.summary.pass).toBeGreaterThan(0);
  expect(code).not.toBe(2);
});

test('--read-only with nothing to read says so', async () => {
  const { url, records } = await shop(() => null);
  records.clear();
  const { report } = await runReport(specOf(NOTES), url, ['--read-only', '--checks', 'etag-stable,head-matches-get']);
  expect(report.results.find(({ operation }) => operation === 'GET /notes/{id}')).toMatchObject({
    verdict: 'inconclusive',
    reason: 'setup-nothing-to-read',
    message: expect.stringContaining('its list shows no record with an id'),
  });
});

test('a record whose create got no answer is found and deleted at the end', async () => {
  let creates = 0;
  const { url, records } = await shop(() => (++creates % 2 === 0 ? 'drop' : null));
  const { report } = await runReport(specOf(NOTES), url, ['--checks', 'natural-duplicate-sequential,delete-repeat']);
  expect(creates).toBeGreaterThan(1);
  expect([...records.keys()]).toEqual(['7']);
  expect(report.leftovers).toEqual([]);
});

test('a record nobody can find again is told', async () => {
  const { url } = await shop(() => 'drop');
  const text = NOTES.replace('    list: GET /notes\n', '');
  const { report } = await runReport(specOf(text), url, ['--checks', 'delete-repeat']);
  expect(report.leftovers[0]?.id).toMatch(/^unknown \(ic-/);
});

test('what a resource set up is torn down again, with what was captured', async () => {
  const { url, seen } = await shop(() => null);
  const around = `    setup: [{ request: POST /spaces, capture: { space: $.space } }]\n    teardown: ["DELETE /spaces/{space}"]\n`;
  await runReport(specOf(`${NOTES}${around}`), url, ['--checks', 'delete-repeat']);
  const ups = seen.filter(line => line === 'POST /spaces');
  expect(ups.length).toBeGreaterThan(0);
  expect(seen.filter(line => line === 'DELETE /spaces/s-1')).toHaveLength(ups.length);
  expect(seen.at(-1)).toBe('DELETE /spaces/s-1');
});

test('two resources that share an operation have results of their own', async () => {
  const { url } = await shop(() => null);
  const text = `${NOTES}${NOTES.slice(NOTES.indexOf('  note:')).replace('note:', 'memo:')}`;
  const { report } = await runReport(specOf(text), url, ['--checks', 'delete-repeat']);
  const ids = report.results.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids).toEqual(
    expect.arrayContaining(['DELETE /notes/{id}#delete-repeat', 'DELETE /notes/{id}#delete-repeat@memo']),
  );
});
