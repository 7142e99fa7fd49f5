import { setImmediate as turn } from 'node:timers/promises';

/**
 * Lets everything that has come so far be read and told, so that no answer is taken for one that came after a release
 * about to be made. Two turns of the event loop: a socket of TLS or HTTP/2 tells in the second what it read in the first.
 */
export async function letCome(): Promise<void> {
  await turn();
  await turn();
}
