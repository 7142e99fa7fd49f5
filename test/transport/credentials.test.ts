import { createServer } from 'node:https';
import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { describe, expect, test } from 'vitest';
import type { Auth } from '../../src/core/spec.js';
import type { RunCommand } from '../../src/core/transport.js';
import { createRunCommand } from '../../src/transport/command.js';
import { createCredentials, type CredentialPorts } from '../../src/transport/credentials.js';
import { createTokenDispatcher } from '../../src/transport/token-dispatcher.js';
import { createBench } from './servers.js';

const bench = createBench();
const secret = 's3:cr&t \u00e9';

/** A clock the test moves. */
function createHandClock() {
  let us = 0;
  const clock = { nowUs: () => us };
  return { clock, forward: (seconds: number) => void (us += seconds * 1e6) };
}

const refusesCommands: RunCommand = createRunCommand({ allowed: false, timeoutMs: 1000 });

function credentials(auth: Auth | null, ports: Partial<CredentialPorts> = {}) {
  return createCredentials(auth, { clock: createHandClock().clock, runCommand: refusesCommands, ...ports });
}

/** A token server that counts, and answers what it is told. */
async function tokenServer(answer: (count: number, request: IncomingMessage, response: ServerResponse) => void) {
  const asked: { readonly authorization: string; readonly body: string }[] = [];
  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    asked.push({ authorization: String(request.headers.authorization), body });
    answer(asked.length, request, response.setHeader('content-type', 'application/json'));
  };
  const port = await bench.http((request, response) => void handle(request, response));
  return { asked, auth: oauth2(`http://127.0.0.1:${port}/token`) };
}

function oauth2(tokenUrl: string, scope: string | null = null): Auth {
  return { kind: 'oauth2', tokenUrl, clientId: 'me', clientSecret: secret, scope };
}

const token = (value: string, more: object = {}) =>
  JSON.stringify({ access_token: value, token_type: 'Bearer', ...more });

describe('what needs no asking', () => {
  test.each<[Auth | null, unknown]>([
    [null, { headers: [], query: [] }],
    [
      { kind: 'bearer', token: 't' },
      { headers: [['Authorization', 'Bearer t']], query: [] },
    ],
    [
      { kind: 'basic', username: 'm\u00e9', password: 'p:\u2713' },
      { headers: [['Authorization', 'Basic bcOpOnA64pyT']], query: [] },
    ],
    [
      { kind: 'apiKey', in: 'header', name: 'X-Key', value: 'v' },
      { headers: [['X-Key', 'v']], query: [] },
    ],
    [
      { kind: 'apiKey', in: 'query', name: 'key', value: 'v' },
      { headers: [], query: [['key', 'v']] },
    ],
  ])('%j', async (auth, expected) => {
    expect(await credentials(auth)()).toEqual(expected);
  });

  test('goes beside the caller\u2019s own headers, and before one of the same name', async () => {
    const headers = [['X-Tenant', 'a'], ['authorization', 'old']] as const; // prettier-ignore
    expect(await credentials({ kind: 'bearer', token: 't' }, { headers })()).toEqual({
      headers: [['X-Tenant', 'a'], ['Authorization', 'Bearer t']], // prettier-ignore
      query: [],
    });
  });
});

describe('a command', () => {
  const command = (text: string): Auth => ({ kind: 'command', command: text, header: 'X-Token' });
  const runCommand = createRunCommand({ allowed: true, timeoutMs: 5000 });

  test('gives the value of its header, and is asked again when that has aged', async () => {
    const { clock, forward } = createHandClock();
    let runs = 0;
    const counting: RunCommand = async text => {
      runs++;
      return runCommand(text);
    };
    const ask = credentials(command('echo "  abc  "'), { clock, runCommand: counting });
    expect(await ask()).toEqual({ headers: [['X-Token', 'abc']], query: [] });
    await ask();
    expect(runs).toBe(1);
    forward(3600);
    await ask();
    expect(runs).toBe(2);
  });

  test.each([
    ['not allowed', 'echo a', refusesCommands, 'commands run only with --allow-commands'],
    ['failing', 'echo no luck >&2; exit 3', runCommand, 'the command ended with 3: no luck'],
    ['silent', 'true', runCommand, 'the command printed nothing'],
    ['talkative', 'echo a; echo b', runCommand, 'the command printed what cannot stand in a header'],
  ])('that is %s is trouble', async (_what, text, run, detail) => {
    const asking = credentials(command(text), { runCommand: run })();
    await expect(asking).rejects.toMatchObject({ name: 'Trouble', reason: 'setup-credentials', args: { detail } });
  });
});

describe('client credentials', () => {
  test('are asked for with the secret form-encoded in Basic, once for all who ask together', async () => {
    const { auth, asked } = await tokenServer((_n, _request, response) =>
      response.end(token('t1', { expires_in: 60 })),
    );
    const ask = credentials({ ...auth, scope: 'orders' } as Auth);
    const given = await Promise.all([ask(), ask(), ask()]);
    expect(given.map(({ headers }) => headers)).toEqual(given.map(() => [['Authorization', 'Bearer t1']]));
    expect(asked).toHaveLength(1);
    expect(Buffer.from(asked[0]?.authorization.slice(6) ?? '', 'base64').toString()).toBe('me:s3%3Acr%26t+%C3%A9');
    expect(Object.fromEntries(new URLSearchParams(asked[0]?.body))).toEqual({
      grant_type: 'client_credentials',
      scope: 'orders',
    });
  });

  test('are renewed when four fifths of their life are over, and not before', async () => {
    const { clock, forward } = createHandClock();
    const { auth } = await tokenServer((n, _request, response) => response.end(token(`t${n}`, { expires_in: 100 })));
    const ask = credentials(auth, { clock });
    const bearer = async () => (await ask()).headers[0]?.[1];
    expect(await bearer()).toBe('Bearer t1');
    forward(79);
    expect(await bearer()).toBe('Bearer t1');
    forward(1);
    expect(await Promise.all([bearer(), bearer()])).toEqual(['Bearer t2', 'Bearer t2']);
  });

  test('that could not be obtained are asked for again', async () => {
    const { auth } = await tokenServer((n, _request, response) =>
      n === 1 ? response.writeHead(503).end() : response.end(token('t2')),
    );
    const ask = credentials(auth);
    await expect(ask()).rejects.toMatchObject({ reason: 'setup-credentials' });
    expect((await ask()).headers).toEqual([['Authorization', 'Bearer t2']]);
  });

  test.each<[string, (request: IncomingMessage, response: ServerResponse) => void, RegExp]>([
    ['an OAuth error', (_, response) => response.writeHead(400).end(JSON.stringify({ error: 'invalid_client', error_description: `no ${secret}` })), /invalid_client: no \*\*\*/], // prettier-ignore
    ['a status', (_, response) => response.writeHead(500).end('{}'), /500/],
    ['no token', (_, response) => response.end('{}'), /access_token/],
    ['no JSON', (_, response) => response.end('<html>'), /token request failed/],
    ['a redirect', (_, response) => response.writeHead(302, { location: 'http://elsewhere.invalid' }).end(), /302/],
    ['a closed connection', request => request.socket.destroy(), /token request failed/],
    ['its own secret in base64', (request, response) => response.writeHead(400).end(JSON.stringify({ error: 'e', error_description: request.headers.authorization })), /\*\*\*/], // prettier-ignore
  ])('answered by %s are trouble that tells no secret', async (_what, answer, detail) => {
    const { auth, asked } = await tokenServer((_n, request, response) => answer(request, response));
    const error: unknown = await credentials(auth)().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      name: 'Trouble',
      reason: 'setup-credentials',
      args: { detail: expect.stringMatching(detail) },
    });
    const described = JSON.stringify(error);
    for (const part of [secret, 's3%3Acr', asked[0]?.authorization.slice(6) ?? 'none'])
      expect(described).not.toContain(part);
  });

  test('are not asked for over plain HTTP beyond loopback, nor from nobody, nor for ever', async () => {
    await expect(credentials(oauth2('http://tokens.invalid/'))()).rejects.toMatchObject({ args: { detail: expect.stringContaining('HTTPS') } }); // prettier-ignore
    await expect(credentials(oauth2(`http://127.0.0.1:${await bench.closedPort()}/`))()).rejects.toMatchObject({ args: { detail: expect.stringContaining('ECONNREFUSED') } }); // prettier-ignore
    await expect(credentials(oauth2('no URL'))()).rejects.toMatchObject({ reason: 'setup-credentials' });
    const silent = await bench.tcp(() => {});
    const hurried = credentials(oauth2(`http://127.0.0.1:${silent}/`), { timeoutMs: 100 });
    await expect(hurried()).rejects.toMatchObject({ args: { detail: expect.stringMatching(/timeout/i) } });
  });

  test('are asked for with the trust of the target', async () => {
    const pem = (name: string) => readFileSync(new URL(`../../fixtures/tls/${name}.pem`, import.meta.url), 'utf8');
    const port = await bench.listen(
      createServer({ key: pem('server.key'), cert: pem('server') }, (_request, response) =>
        response.setHeader('content-type', 'application/json').end(token('t')),
      ),
    );
    const auth = oauth2(`https://localhost:${port}/`);
    await expect(credentials(auth)()).rejects.toMatchObject({
      args: { detail: expect.stringContaining('certificate') },
    });
    const tls = { insecure: false, ca: pem('ca'), cert: null, key: null };
    const dispatcher = createTokenDispatcher({ tls, proxy: null });
    expect((await credentials(auth, { dispatcher })()).headers).toEqual([['Authorization', 'Bearer t']]);
    await dispatcher.close();
  });
});
