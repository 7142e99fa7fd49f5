import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { connect, createServer as createTcp, type Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { describe, expect, test } from 'vitest';
import { createBench, get, nobody, post, unhurried as signal } from './servers.js';

const bench = createBench();
const pem = (name: string) => readFileSync(new URL(`../../fixtures/tls/${name}.pem`, import.meta.url), 'utf8');
const trust = { insecure: false, ca: pem('ca'), cert: null, key: null };
const ours = { ...trust, cert: pem('client'), key: pem('client.key') };

function https(requestCert = false): Promise<number> {
  const options = {
    key: pem('server.key'),
    cert: pem('server'),
    ca: pem('ca'),
    requestCert,
    rejectUnauthorized: requestCert,
  };
  return bench.listen(
    createServer(options, (request, response) => {
      const peer = (request.socket as TLSSocket).getPeerCertificate?.();
      response.setHeader('x-peer', peer?.subject?.CN ?? 'nobody').end(request.url);
    }),
  );
}

describe('TLS', () => {
  test('a certificate is refused unless its authority is given or everything is accepted', async () => {
    const url = `https://localhost:${await https()}`;
    const unknown = await bench.transport(url).send(post, nobody, signal);
    expect(unknown).toMatchObject({ lost: 'refused', sentAtUs: null });
    expect(unknown.lostDetail).toMatch(/certificate of localhost:\d+ is not trusted: .+ \(SELF_SIGNED_CERT_IN_CHAIN\)/);
    const known = await bench.transport(url, { tls: trust }).send(post, nobody, signal);
    expect(known.response?.status).toBe(200);
    const careless = bench.transport(url, { tls: { ...trust, ca: null, insecure: true } });
    expect((await careless.send(post, nobody, signal)).response?.status).toBe(200);
    const { released } = await careless.together([post, post], get, nobody, signal);
    expect(released.map(({ response }) => response?.status)).toEqual([200, 200]);
  });

  test('a certificate for another name is refused', async () => {
    const port = await https();
    const wire = await bench.transport(`https://127.0.0.2:${port}`, { tls: trust }).send(get, nobody, signal);
    // The server listens on 127.0.0.1 alone where 127.0.0.2 is no loopback address.
    expect(wire).toMatchObject({ lost: 'refused', sentAtUs: null });
    expect(
      (await bench.transport(`https://127.0.0.1:${port}`, { tls: trust }).send(get, nobody, signal)).lost,
    ).toBeNull();
  });

  test('our own certificate is shown when asked for', async () => {
    const url = `https://localhost:${await https(true)}`;
    const wire = await bench.transport(url, { tls: ours }).send(get, nobody, signal);
    expect(wire.response?.headers).toContainEqual(['x-peer', 'idem-check test client']);
    const stranger = await bench.transport(url, { tls: trust }).send(get, nobody, signal);
    expect(stranger).toMatchObject({ response: null, lost: expect.stringMatching(/^(refused|reset)$/) });
  });

  test('a server without TLS is refused, and one with TLS is no plain one', async () => {
    const plain = await bench.http((_request, response) => response.end());
    const wire = await bench.transport(`https://localhost:${plain}`).send(post, nobody, signal);
    expect(wire).toMatchObject({ lost: 'refused', sentAtUs: null, lostDetail: expect.stringContaining('TLS') });
    expect(wire.lostDetail).not.toMatch(/\.c:\d+/);
    const lost = await bench.transport(`http://localhost:${await https()}`).send(get, nobody, signal);
    expect(lost.response?.status ?? lost.lost).toMatch(/400|protocol|reset/);
  });
});

/** A proxy that notes what it is asked, tunnels, and answers absolute URLs itself. */
async function proxy(answer = 'HTTP/1.1 200 OK\r\n\r\n') {
  const asked: string[] = [];
  const port = await bench.listen(
    createTcp(socket =>
      socket.once('data', bytes => {
        const text = String(bytes);
        asked.push(text);
        const tunnel = /^CONNECT localhost:(\d+) /.exec(text)?.[1];
        if (tunnel === undefined) return socket.end('HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\nproxied');
        socket.write(answer);
        if (answer.includes(' 200 ')) join(socket, connect(Number(tunnel), '127.0.0.1'));
        return undefined;
      }),
    ),
  );
  return { url: `http://me:pass@127.0.0.1:${port}`, asked };
}

function join(a: Socket, b: Socket): void {
  a.pipe(b.on('error', () => a.destroy())).pipe(a);
  a.once('close', () => b.destroy());
}

describe('a proxy', () => {
  test('tunnels TLS, and sees neither request nor credential', async () => {
    const port = await https();
    const { url, asked } = await proxy();
    const transport = bench.transport(`https://localhost:${port}`, { tls: trust, proxy: url });
    const credential = { headers: [['Authorization', 'Bearer secret']] as const, query: [] };
    const wire = await transport.send({ ...post, path: '/orders' }, credential, signal);
    expect(wire.response).toMatchObject({ status: 200, body: '/orders' });
    expect(asked).toHaveLength(1);
    expect(asked[0]).toContain(`proxy-authorization: Basic ${btoa('me:pass')}`);
    expect(asked.join('')).not.toContain('secret');
    const { released } = await transport.together([post, post], get, nobody, signal);
    expect(released.map(({ response }) => response?.status)).toEqual([200, 200]);
  });

  test('that refuses the tunnel is told', async () => {
    const { url } = await proxy('HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n');
    const wire = await bench.transport('https://localhost:1', { tls: trust, proxy: url }).send(post, nobody, signal);
    expect(wire).toMatchObject({
      lost: 'refused',
      sentAtUs: null,
      lostDetail: 'the proxy answered 407 to CONNECT localhost:1',
    });
  });

  test('is asked for absolute URLs of a plain target; its password stays out of the record', async () => {
    const { url, asked } = await proxy();
    const wire = await bench.transport('http://api.invalid/base', { proxy: url }).send(get, nobody, signal);
    expect(wire.response?.body).toBe('proxied');
    expect(asked[0]).toMatch(/^GET http:\/\/api\.invalid\/base\/orders HTTP\/1\.1\r\nhost: api\.invalid\r\n/);
    expect(asked[0]).toContain('proxy-authorization: Basic');
    expect(wire.request.url).toBe('http://api.invalid/base/orders');
    expect(JSON.stringify(wire.request.headers)).not.toContain('proxy');
  });

  test('that does not answer counts against the time', async () => {
    const port = await bench.tcp(() => {});
    const transport = bench.transport('https://localhost:1', { proxy: `http://127.0.0.1:${port}`, timeoutMs: 100 });
    expect(await transport.send(get, nobody, signal)).toMatchObject({ lost: 'timeout', sentAtUs: null });
  });

  test('of another kind is told at once', () => {
    expect(() => bench.transport(1, { proxy: 'socks5://127.0.0.1:1' })).toThrow(/--proxy: "socks5:/);
  });
});
