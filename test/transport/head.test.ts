import { describe, expect, test } from 'vitest';
import { createBench, head as plain, nobody, unhurried as signal } from './servers.js';

const bench = createBench();
const answer = 'HTTP/1.1 200 OK\r\nX-A: b\r\nContent-Length: 5\r\n\r\n';

describe.each([
  ['over the client library', false],
  ['over a line of ours', true],
])('%s', (_over, verbatim) => {
  const head = { ...plain, verbatim };

  test.each([
    ['with the head', `${answer}hello`, 'hello'],
    ['in chunks', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n', '2\r\nok\r\n0\r\n\r\n'],
    ['behind an interim answer', `HTTP/1.1 103 Early Hints\r\n\r\n${answer}hello`, 'hello'],
    ['not at all', answer, ''],
    ['not at all, behind an interim answer', `HTTP/1.1 103 Early Hints\r\n\r\n${answer}`, ''],
  ])('a body in answer to HEAD is seen: %s', async (_how, text, body) => {
    const port = await bench.raw(text);
    const { response, lost } = await bench.transport(port).send(head, nobody, signal);
    expect(lost).toBeNull();
    expect(response).toMatchObject({
      status: 200,
      body,
      bodyBytes: body.length,
      bodyEncoding: 'utf8',
      truncated: false,
    });
  });

  test('a body that comes long after the head is seen too, also on a connection that stays open', async () => {
    // The clock is read a fourth time when the answer is over for the client library, a third time when it begins on a
    // line of ours: only then the body is sent.
    let send = () => {};
    let readings = 0;
    const nowUs = () => {
      readings++;
      if (readings === (verbatim ? 3 : 4)) send();
      return readings;
    };
    const port = await bench.tcp(socket => {
      send = () => socket.write('hello');
      socket.once('data', () => socket.write(answer));
    });
    const { response } = await bench.transport(port, { nowUs }).send(head, nobody, signal);
    expect(response).toMatchObject({ status: 200, body: 'hello', bodyBytes: 5, headers: [['X-A', 'b'], ['Content-Length', '5']] }); // prettier-ignore
  });

  test('more of it than is kept is counted', async () => {
    const port = await bench.raw(`${answer}${'x'.repeat(5000)}`);
    const { response } = await bench.transport(port).send(head, nobody, signal);
    expect(response).toMatchObject({ bodyBytes: 5000, truncated: true, body: 'x'.repeat(1024) });
  });

  test('a body without end does not hang', async () => {
    const port = await bench.tcp(socket => {
      socket.once('data', () => {
        socket.write(answer);
        const pour = () =>
          void (socket.destroyed || (socket.write('x'.repeat(4096)) ? setImmediate(pour) : socket.once('drain', pour)));
        pour();
      });
    });
    const { response } = await bench.transport(port).send(head, nobody, signal);
    expect(response?.status).toBe(200);
    expect(response?.bodyBytes).toBeGreaterThan(4096);
  });

  test('no answer to HEAD is a lost one', async () => {
    const reset = await bench.raw('');
    expect(await bench.transport(reset).send(head, nobody, signal)).toMatchObject({ response: null, lost: 'reset' });
    const silent = await bench.tcp(() => {});
    const transport = bench.transport(silent, { timeoutMs: 100 });
    expect(await transport.send(head, nobody, signal)).toMatchObject({ response: null, lost: 'timeout' });
  });
});
