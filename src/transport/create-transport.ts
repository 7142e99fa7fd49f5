import type { Request, SentRequest } from '../core/http.js';
import type { Credential, Transport, Wire } from '../core/transport.js';
import { releaseTogether } from './barrier.js';
import { compose, type Defaults } from './compose.js';
import { closeConnection, openConnection, type Connection, type Tls } from './connect.js';
import { exchange, tapSurplus } from './exchange.js';
import { lossOf } from './receive.js';

export interface TransportOptions extends Defaults {
  readonly nowUs: () => number;
  /** For a whole exchange, a trickling body included. */
  readonly timeoutMs: number;
  readonly maxBodyBytes: number;
  readonly tls: Tls;
}

/** What the ways of sending share. */
export interface Wiring {
  readonly open: (url: string, signal: AbortSignal) => Promise<Connection>;
  readonly exchangeOn: (
    connection: Connection,
    request: SentRequest,
    signal: AbortSignal,
    sync: Wire['sync'],
  ) => Promise<Wire>;
  readonly lost: (request: SentRequest, error: unknown, sync: Wire['sync'], signal: AbortSignal) => Wire;
}

/** A transport over undici: each request once, on a connection of its own or on warm ones released together. */
export function createTransport(options: TransportOptions): Transport {
  const { nowUs, timeoutMs, maxBodyBytes, tls } = options;
  const wiring: Wiring = {
    open: (url, signal) => openConnection(new URL(new URL(url).origin), tls, timeoutMs, signal),
    exchangeOn({ client, socket }, request, signal, sync) {
      const surplus = request.method === 'HEAD' ? tapSurplus(socket) : () => Buffer.alloc(0);
      return exchange(client, request, { nowUs, timeoutMs, maxBodyBytes, sync, signal, surplus });
    },
    lost(request, error, sync, signal) {
      const { lost, detail } = lossOf(error);
      const times = { sentAtUs: null, writtenAtUs: null, firstByteAtUs: null, endAtUs: nowUs() };
      return { sync, request, response: null, lost: signal.aborted ? 'aborted' : lost, lostDetail: detail, ...times };
    },
  };

  async function send(request: Request, credential: Credential, signal: AbortSignal): Promise<Wire> {
    const sent = compose(request, options, credential);
    try {
      const connection = await wiring.open(sent.url, signal);
      const wire = await wiring.exchangeOn(connection, sent, signal, null);
      closeConnection(connection);
      return wire;
    } catch (error) {
      return wiring.lost(sent, error, null, signal);
    }
  }

  return {
    send,
    together(requests, warmUp, credential, signal) {
      const sent = requests.map(request => compose(request, options, credential));
      return releaseTogether(wiring, sent, warmUp === null ? null : compose(warmUp, options, credential), signal);
    },
    close: async () => {},
  };
}
