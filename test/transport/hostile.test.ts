import type { Socket } from 'node:net';
import { describe, expect, test } from 'vitest';
import { createBench, get as plainGet, nobody, post as plainPost, unhurried as signal, until } from './servers.js';

const bench = createBench();

/** Writes pieces for ever, as fast as they are taken. */
function flood(socket: Socket, start: string, piece: string): void {
  socket.write(start);
  const pour = () => {
    if (socket.destroyed) return;
    if (socket.write(piece)) setImmediate(pour);
    else socket.once('drain', pour);
  };
  pour();
}

// A verbatim request goes over a line of ours, any other over the client library: both must bear the same.
describe.each([
  ['over the client library', false],
  ['over a line of ours', true],
])('%s', (_over, verbatim) => {
  const post = { ...plainPost, verbatim };
  const get = { ...plainGet, verbatim };
  describe('an answer that is none', () => {
    test.each([
      ['another protocol', 'SSH-2.0-OpenSSH_9\r\n\r\n', 'protocol'],
      ['noise', '\0\xff\x01\x02noise', 'protocol'],
      ['nothing', '', 'reset'],
      ['half a head', 'HTTP/1.1 200 OK\r\nContent-Le', 'reset'],
      ['half a body', 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc', 'reset'],
      [
        'half a body, announced as the last',
        'HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 100\r\n\r\nabc',
        'reset',
      ],
      ['half a chunk', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab', 'reset'],
      ['half a chunk, announced as the last', 'HTTP/1.1 200 OK\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab', 'reset'], // prettier-ignore
      ['a bad chunk', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n', 'protocol'],
      ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab', 'protocol'],
      ['a bad header', 'HTTP/1.1 200 OK\r\nno colon\r\n\r\n', 'protocol'],
      ['a bad status', 'HTTP/1.1 2xx OK\r\n\r\n', 'protocol'],
      [
        'an upgrade nobody asked for',
        'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n',
        'protocol',
      ],
      ['a continue nobody asked for', 'HTTP/1.1 100 Continue\r\n\r\n', 'protocol'],
      ['a head without end', `HTTP/1.1 200 OK\r\nX: ${'x'.repeat(100_000)}`, 'protocol'],
    ] as const)('%s is data', async (what, answer, loss) => {
      // An interim answer may always come (RFC 9110 section 15.2); here nothing follows it.
      const lost = verbatim && what === 'a continue nobody asked for' ? 'reset' : loss;
      const port = await bench.raw(Buffer.from(answer, 'latin1'));
      const wire = await bench.transport(port).send(post, nobody, signal);
      expect(wire).toMatchObject({ response: null, lost, lostDetail: expect.stringMatching(/\w/) });
      expect(wire.sentAtUs).not.toBeNull();
    });

    test('a cut one says how much came', async () => {
      const port = await bench.raw('HTTP/1.1 201 OK\r\nContent-Length: 100\r\n\r\nabc');
      const wire = await bench.transport(port).send(post, nobody, signal);
      expect(wire.lostDetail).toContain('after status 201 and 3 bytes of body');
      expect(wire.firstByteAtUs).not.toBeNull();
    });

    test('a reset is no end of a body that has no length', async () => {
      const connections: Socket[] = [];
      const port = await bench.tcp(socket => {
        connections.push(socket);
        socket.once('data', () => socket.write('HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nabc'));
      });
      // The clock is read when the head is sent, when the request is written, and when the head of the answer is in.
      let readings = 0;
      const nowUs = () => {
        readings++;
        if (readings === 3) connections[0]?.resetAndDestroy();
        return readings;
      };
      const wire = await bench.transport(port, { nowUs }).send(get, nobody, signal);
      expect(wire).toMatchObject({ response: null, lost: 'reset', firstByteAtUs: 3 });
    });

    test('a body without a length that ends is whole', async () => {
      const port = await bench.raw('HTTP/1.0 200 OK\r\n\r\nabc');
      const wire = await bench.transport(port).send(get, nobody, signal);
      expect(wire.response).toMatchObject({ status: 200, body: 'abc' });
    });

    test.each([204, 304])('the length of a body elsewhere is no harm to a %i', async status => {
      const port = await bench.raw(`HTTP/1.1 ${status} X\r\nETag: "1"\r\nContent-Length: 120\r\n\r\n`);
      const wire = await bench.transport(port).send(get, nobody, signal);
      expect(wire).toMatchObject({ lost: null, response: { status, body: '', bodyBytes: 0 } });
    });

    test('bytes behind an answer that has no body do not harm it', async () => {
      const port = await bench.raw('HTTP/1.1 204 No Content\r\n\r\nsurprise\0\xff');
      expect((await bench.transport(port).send(post, nobody, signal)).response?.status).toBe(204);
    });

    test('a few interim answers are passed over', async () => {
      const early = 'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n';
      const port = await bench.raw(`${early.repeat(3)}HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok`);
      const { response } = await bench.transport(port).send(get, nobody, signal);
      expect(response).toMatchObject({ status: 200, body: 'ok' });
      expect(response?.headers).toEqual([['Content-Length', '2']]);
    });
  });

  describe('an answer without end is given up', () => {
    const chunk = `400\r\n${'x'.repeat(1024)}\r\n`;
    test.each([
      ['header lines', 'HTTP/1.1 200 OK\r\n', 'X-More: yes\r\n'],
      ['body', 'HTTP/1.1 200 OK\r\n\r\n', 'x'.repeat(4096)],
      ['chunks', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n', chunk],
      ['trailers', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n', 'X-More: yes\r\n'],
      ['interim answers', '', 'HTTP/1.1 103 Early Hints\r\n\r\n'],
    ])('%s', async (_what, start, piece) => {
      const port = await bench.tcp(socket => void socket.once('data', () => flood(socket, start, piece)));
      expect(await bench.transport(port).send(post, nobody, signal)).toMatchObject({
        response: null,
        lost: 'protocol',
      });
    });

    test.each([
      ['silence', '', ''],
      ['a trickling head', 'HTTP/1.1 200 OK\r\n', 'X: y\r\n'],
      ['a trickling body', 'HTTP/1.1 200 OK\r\n\r\n', 'x'],
      ['an endless reason', 'HTTP/1.1 200 ', 'x'],
    ])('%s, when the time is up', async (_what, start, drip) => {
      const port = await bench.tcp(socket => {
        socket.once('data', () => {
          socket.write(start);
          const timer = setInterval(() => drip !== '' && socket.write(drip), 10);
          socket.once('close', () => clearInterval(timer));
        });
      });
      const wire = await bench.transport(port, { timeoutMs: 150 }).send(post, nobody, signal);
      expect(wire).toMatchObject({ response: null, lost: 'timeout', lostDetail: expect.stringContaining('150 ms') });
      expect(wire.writtenAtUs).not.toBeNull();
    });
  });

  describe('no connection', () => {
    test('a closed port is refused', async () => {
      const port = await bench.closedPort();
      const wire = await bench.transport(port).send(post, nobody, signal);
      expect(wire).toMatchObject({ lost: 'refused', sentAtUs: null, writtenAtUs: null, firstByteAtUs: null });
      expect(wire.lostDetail).toBe(`connection refused by 127.0.0.1:${port} (ECONNREFUSED)`);
    });

    test('a name that does not resolve is refused', async () => {
      const wire = await bench.transport('http://nowhere.invalid').send(post, nobody, signal);
      expect(wire).toMatchObject({
        lost: 'refused',
        sentAtUs: null,
        lostDetail: expect.stringMatching(/ENOTFOUND|EAI_AGAIN/),
      });
    });
  });

  describe('giving up', () => {
    test('an aborted request is aborted, before and during', async () => {
      const giving = new AbortController();
      let hears = 0;
      const port = await bench.tcp(socket =>
        socket.on('data', () => {
          hears++;
          giving.abort();
        }),
      );
      const transport = bench.transport(port);
      expect(await transport.send(post, nobody, AbortSignal.abort())).toMatchObject({
        lost: 'aborted',
        sentAtUs: null,
      });
      const during = await transport.send(post, nobody, giving.signal);
      expect(during.lost).toBe('aborted');
      expect(during.writtenAtUs).not.toBeNull();
      expect(hears).toBe(1);
    });

    test('closing the transport ends what runs, and nothing goes out after it', async () => {
      let hears = 0;
      const port = await bench.tcp(socket => socket.on('data', () => hears++));
      const transport = bench.transport(port);
      const running = transport.send(post, nobody, signal);
      await until(() => hears === 1);
      await transport.close();
      expect(await running).toMatchObject({ lost: 'aborted' });
      expect(await transport.send(post, nobody, signal)).toMatchObject({ lost: 'aborted', sentAtUs: null });
      expect(hears).toBe(1);
    });
  });
});
