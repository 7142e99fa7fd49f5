import { Buffer } from 'node:buffer';
import type { Cut, HeaderLine, Request as Sent, Response as Received } from '../../src/core/http.js';
import type { Sync } from '../../src/core/sync.js';
import type { Credential, Transport, Wire } from '../../src/core/transport.js';
import type { ReferenceApp } from '../../src/reference/app.js';
import type { VirtualClock } from './virtual-clock.js';

/** What an answer takes on its way back, milliseconds: what is released together is in flight together. */
const WAY_BACK_MS = 1;

/**
 * Hands requests to an API in this process and records what comes back, with times of the virtual clock. What is released
 * together reaches the API within one turn of the event loop, so that its waits interleave as they do under load.
 */
export function createMemoryTransport(
  app: ReferenceApp,
  { origin, headers: own }: { readonly origin: string; readonly headers: readonly HeaderLine[] },
  clock: VirtualClock,
): Transport {
  const exchange = async (request: Sent, credential: Credential, sync: Sync | null): Promise<Wire> => {
    clock.touch();
    const headers = linesOf(request, credential, own);
    const sent = { method: request.method, url: new URL(request.path, origin).href, headers, body: request.body };
    const sentAtUs = clock.engine.nowUs();
    const response = await received(await app.fetch(asFetched(sent)));
    await clock.reference.sleep(WAY_BACK_MS);
    clock.touch();
    const endAtUs = clock.engine.nowUs();
    const times = { sentAtUs, writtenAtUs: sentAtUs, firstByteAtUs: endAtUs, endAtUs };
    return { sync, request: sent, response, lost: null, lostDetail: null, ...times };
  };
  /** Lets the request go on while its client is gone. */
  const cutShort = async (request: Sent, cut: Cut, halfWayMs: number, credential: Credential): Promise<Wire> => {
    clock.touch();
    const client = new AbortController();
    const headers = linesOf(request, credential, own);
    const sent = { method: request.method, url: new URL(request.path, origin).href, headers, body: request.body };
    const sentAtUs = clock.engine.nowUs();
    const answer = app.fetch(asFetched(sent, client.signal));
    const waited = clock.reference.sleep(cut === 'written' ? 0 : halfWayMs).then(() => null);
    const first = await (cut === 'head' ? answer.then(() => null) : Promise.race([answer, waited]));
    clock.touch();
    const endAtUs = clock.engine.nowUs();
    const times = { sentAtUs, writtenAtUs: sentAtUs, firstByteAtUs: cut === 'head' ? endAtUs : null, endAtUs };
    const common = { sync: null, request: sent, ...times };
    if (first !== null) return { ...common, response: await received(first), lost: null, lostDetail: null };
    client.abort();
    return { ...common, response: null, lost: 'aborted', lostDetail: `cut: ${cut}` };
  };
  return {
    send: (request, credential) => exchange(request, credential, null),
    async together(requests, warmUp, credential, _, sync = 'last-byte') {
      const warmUps = warmUp === null ? [] : await Promise.all(requests.map(() => exchange(warmUp, credential, null)));
      return { released: await Promise.all(requests.map(one => exchange(one, credential, sync))), warmUps };
    },
    ways: () => Promise.resolve(['last-byte']),
    interrupt: (request, cut, halfWayMs, credential) => cutShort(request, cut, halfWayMs, credential),
    close: () => Promise.resolve(),
  };
}

/** The lines a request goes out with; one of its own takes the place of the credential's, of the target's or of a default. */
function linesOf(request: Sent, credential: Credential, own: readonly HeaderLine[]): readonly HeaderLine[] {
  const lines = [...credential.headers, ...request.headers];
  // Another caller gets none of the target's.
  const defaults = [['accept-encoding', 'identity'] as const, ...(credential.replaces === undefined ? own : [])];
  const isGiven = (name: string) => lines.some(([given]) => given.toLowerCase() === name.toLowerCase());
  return [...defaults.filter(([name]) => !isGiven(name)), ...lines];
}

function asFetched({ method, url, headers, body }: Wire['request'], signal: AbortSignal | null = null): Request {
  const lines = headers.map(([name, value]): [string, string] => [name, value]);
  return new Request(url, { method, headers: lines, signal, ...(body === null ? {} : { body }) });
}

async function received(response: Response): Promise<Received> {
  const bytes = Buffer.from(await response.arrayBuffer());
  const headers = [...response.headers].map(([name, value]): HeaderLine => [name, value]);
  const text = bytes.toString('utf8');
  const isText = Buffer.from(text, 'utf8').equals(bytes);
  return {
    status: response.status,
    headers,
    body: isText ? text : bytes.toString('base64'),
    bodyEncoding: isText ? 'utf8' : 'base64',
    bodyBytes: bytes.length,
    truncated: false,
  };
}
