import type { HookRun } from '../core/hook-run.js';
import type { Exchange } from '../core/http.js';
import type { Step } from '../core/step.js';
import { runHook, type HookPorts } from './hooks.js';

/**
 * Sends requests one after the other while a hook runs, until one of them gets no answer or the hook is done. Throws
 * Trouble `setup-hook` as `runHook` does.
 */
export async function disturb(
  { label, round, outgoing, hook }: Extract<Step, { readonly kind: 'disturbed' }>,
  ports: HookPorts,
  keep: (exchange: Exchange) => void,
): Promise<{ readonly exchanges: readonly Exchange[]; readonly run: HookRun }> {
  let isOver = false;
  const running = runHook({ kind: 'hook', label: `${label} ${hook}`, hook, values: {} }, ports, keep).finally(() => {
    isOver = true;
  });
  // It may fail while a request is under way; it is met below.
  running.catch(() => undefined);
  const exchanges: Exchange[] = [];
  for (const [at, sent] of outgoing.entries()) {
    const place = { result: ports.result, step: label, attempt: ports.attempt, round: round + at };
    const exchange = await ports.session.send(sent, place, ports.callers);
    exchanges.push(exchange);
    keep(exchange);
    if (exchange.lost !== null || isOver) break;
  }
  return { exchanges, run: await running };
}
