import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { startReference } from '../../src/reference/serve.js';
import { cli, runReport } from '../support/run-cli.js';

const folder = mkdtempSync(join(tmpdir(), 'idem-check-trouble-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

let files = 0;
function specOf(text: string | Buffer): string {
  const file = join(folder, `${files++}.yaml`);
  writeFileSync(file, text);
  return file;
}

const SOUND = `version: 1
resources:
  order:
    create: { request: POST /orders, body: { amount: 1, reference: "{{marker}}" }, key: { name: Idempotency-Key } }
    list: { request: "GET /orders?reference={{marker}}", items: $.items }
    read: GET /orders/{id}
    delete: DELETE /orders/{id}
`;

describe('a spec that cannot be used is told with its place, all mistakes at once, exit 2', () => {
  test.each([
    ['an unknown key', SOUND.replace('read:', 'reed:'), ':6:5 resources.order.reed: unknown key, did you mean "read"?'],
    ['a bad JSONPath', SOUND.replace('$.items', '"$.items["'), 'resources.order.list.items: "$.items[" is no JSONPath'],
    ['no version', SOUND.replace('version: 1\n', ''), 'needs "version"'],
    ['another version', SOUND.replace('version: 1', 'version: 2'), ':1:10 version: must be 1'],
    ['no request', SOUND.replace('GET /orders/{id}', 'fetch it'), ':6:11 resources.order.read:'],
    ['a template nobody fills', SOUND.replace('"{{marker}}" }, key', '"{{markr}}" }, key'), 'did you mean "marker"?'],
    ['a place nobody fills', SOUND.replace('GET /orders/{id}', 'GET /orders/{ide}'), '{ide}'],
    ['no such parent', `${SOUND}    parent: ordr\n`, 'no resource is called "ordr"'],
    ['a missing variable', `${SOUND}target: { url: "\${NO_SUCH_VARIABLE}" }\n`, 'NO_SUCH_VARIABLE is not set'],
    ['a bad duration', `${SOUND}contract: { ttl: soon }\n`, '"soon" is no duration'],
    [
      'a bad date',
      `${SOUND}waivers: [{ check: delete-repeat, reason: old, until: tomorrow }]\n`,
      '"tomorrow" is no date',
    ],
    ['a waiver without reason', `${SOUND}waivers: [{ check: delete-repeat }]\n`, 'needs "reason"'],
    ['an unknown profile', `${SOUND}profile: ietff\n`, 'did you mean "ietf"?'],
    ['a list for a mapping', 'version: 1\nresources: []\n', 'must be an object, not a list'],
    ['a single value', 'hello', 'is no spec'],
    ['an empty file', '', 'the file is empty'],
    ['a tab', 'version: 1\nresources:\n\torder: {}\n', 'a tab'],
    ['a key twice', `${SOUND}version: 1\n`, 'written twice'],
    ['an open bracket', 'version: 1\nresources: { order: {', ':2:'],
    ['two documents', `${SOUND}---\nversion: 1\n`, 'more than one document'],
    ['bytes that are no text', Buffer.from([0xff, 0xfe, 0x00]), 'is not UTF-8'],
    ['more than 10 MB', Buffer.alloc(11 * 1024 * 1024, 0x20), 'is larger than 10 MB'],
  ])('%s', async (_name, text, message) => {
    const { code, err } = await cli(['plan', specOf(text)]);
    expect(err).toContain(message);
    expect(err).not.toMatch(/\n\s+at /);
    expect(code).toBe(2);
  });

  test('several mistakes, in the order of the file', async () => {
    const text = `${SOUND.replace('read:', 'reed:')}contract: { ttl: -1, kee: 1 }\n`;
    const { err } = await cli(['plan', specOf(text)]);
    const places = err.split('\n').flatMap(line => /\.yaml:\d+:\d+ (\S+):/.exec(line)?.[1] ?? []);
    expect(places).toEqual(['resources.order.reed', 'contract.ttl', 'contract.kee']);
  });

  test('a directory, a missing file, no spec at all', async () => {
    const inside = join(folder, 'inside');
    mkdirSync(inside, { recursive: true });
    expect(await cli(['plan', inside])).toMatchObject({ code: 2, err: expect.stringContaining('is a directory') });
    expect(await cli(['plan', join(inside, 'x.yaml')])).toMatchObject({
      code: 2,
      err: expect.stringContaining('no such file'),
    });
  });

  test('unknown checks and flags, a host that may not be written to', async () => {
    const spec = specOf(SOUND);
    expect(await cli(['plan', spec, '--checks', 'delete-repeet'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('did you mean "delete-repeat"?'),
    });
    expect(await cli(['run', spec, '--url', 'https://api.example.com'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('--allow-host api.example.com'),
    });
    expect(await cli(['run', spec, '--max-wait', 'long', '--url', 'http://127.0.0.1:9'])).toMatchObject({ code: 2 });
    expect(await cli(['plan', spec, '--include-path', '/nothing'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('nothing is left to check'),
    });
    expect(await cli(['run', '--no-such-flag'])).toMatchObject({ code: 2 });
    expect(await cli(['dmeo'])).toMatchObject({ code: 2, err: expect.stringContaining('did you mean "demo"?') });
  });
});

async function raw(handle: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>();
  const server: Server = createServer(socket => {
    sockets.add(socket);
    socket.on('error', () => {});
    handle(socket);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  open.push(
    () =>
      new Promise(resolve => {
        sockets.forEach(socket => socket.destroy());
        server.close(() => resolve());
      }),
  );
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return `http://127.0.0.1:${address.port}`;
}

describe('a broken server costs neither the report nor the truth: exit 3', () => {
  const quick = ['--request-timeout', '300ms', '--max-wait', '1s'];

  test.each([
    ['hangs', (socket: Socket) => void socket.resume()],
    ['closes', (socket: Socket) => void socket.on('data', () => socket.destroy())],
    ['speaks garbage', (socket: Socket) => void socket.on('data', () => socket.end('\u0000\u0001 nonsense\r\n\r\n'))],
    [
      'answers 401',
      (socket: Socket) => void socket.on('data', () => socket.end('HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n')),
    ],
    [
      'answers 500',
      (socket: Socket) => void socket.on('data', () => socket.end('HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n')),
    ],
  ])('one that %s', async (_name, handle) => {
    const { code, report, err } = await runReport(specOf(SOUND), await raw(handle), quick);
    expect(report.summary).toMatchObject({ pass: 0, fail: 0, warn: 0 });
    expect(report.summary.inconclusive).toBeGreaterThan(0);
    expect(code).toBe(3);
    expect(err).not.toMatch(/\n\s+at /);
  });

  test('a dead port', async () => {
    const { code, report } = await runReport(specOf(SOUND), 'http://127.0.0.1:1', quick);
    expect(code).toBe(3);
    expect(report.results.find(({ check }) => check === 'key-missing')?.reason).toBe('setup-unreachable');
  });
});

describe('on the reference API', () => {
  test('an interrupt ends with 130, a report, and nothing left behind', async () => {
    const running = await startReference({ mounts: [{ prefix: '', flaw: null, choices: {} }] });
    open.push(running.close);
    const abort = new AbortController();
    const file = join(folder, 'interrupted.json');
    const spec = specOf(SOUND);
    const run = cli(['run', spec, '--url', running.url, '--report-json-path', file, '-q'], {}, abort.signal);
    const timer = setTimeout(() => abort.abort(), 600);
    const { code } = await run;
    clearTimeout(timer);
    expect(code).toBe(130);
    const left = await fetch(`${running.url}/orders`).then(response => response.json());
    expect(left).toMatchObject({ items: [] });
  });

  test('a secret reaches no output', async () => {
    const running = await startReference({ mounts: [{ prefix: '', flaw: null, choices: {} }] });
    open.push(running.close);
    const spec = specOf(`${SOUND}target: { auth: { bearer: "s3cr3t-t0ken-value" } }\n`);
    const { report, out, err } = await runReport(spec, running.url, ['--checks', 'key-replay-no-duplicate', '-v']);
    expect(report.summary.pass).toBeGreaterThan(0);
    expect(`${JSON.stringify(report)}${out}${err}`).not.toContain('s3cr3t-t0ken-value');
  });
});
