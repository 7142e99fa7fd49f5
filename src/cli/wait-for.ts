import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** Waits until something listens at the target's port, so many milliseconds at most. Sends nothing. */
export async function waitFor(url: string, mostMs: number, signal: AbortSignal): Promise<void> {
  const { hostname, port, protocol } = new URL(url);
  const wanted = Number(port || (protocol === 'https:' ? 443 : 80));
  const until = performance.now() + mostMs;
  while (performance.now() < until && !signal.aborted) {
    if (await listens(hostname.replace(/^\[|\]$/g, ''), wanted)) return;
    await sleep(250);
  }
}

function listens(host: string, port: number): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect({ host, port, timeout: 1000 });
    const end = (isThere: boolean) => {
      socket.destroy();
      resolve(isThere);
    };
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
    socket.once('timeout', () => end(false));
  });
}
