import { Agent, ProxyAgent, type Dispatcher } from 'undici';
import { tlsOptions, type Tls } from './dial.js';

/** What carries the requests for tokens: trust and proxy as for the target. The caller closes it. */
export function createTokenDispatcher({
  tls,
  proxy,
}: {
  readonly tls: Tls;
  readonly proxy: string | null;
}): Dispatcher {
  const trust = tlsOptions(tls);
  return proxy === null
    ? new Agent({ pipelining: 0, connect: trust })
    : new ProxyAgent({ uri: proxy, pipelining: 0, requestTls: trust, proxyTls: trust, proxyTunnel: false });
}
