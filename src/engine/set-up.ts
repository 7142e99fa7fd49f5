import { outgoing, refused } from '../core/arrange.js';
import type { Preflight } from '../core/preflight.js';
import { isSuccess } from '../core/http.js';
import type { Operation } from '../core/operation.js';
import { Trouble } from '../core/trouble.js';
import { messageOf } from './bugs.js';
import type { Run } from './run-context.js';

/** Sends what the spec wants sent before the first case; the first that does not succeed is the last, and says why. */
export async function setUp(run: Run): Promise<Preflight['trouble']> {
  for (const operation of run.around.setup) {
    const trouble = await sendOwn(run, operation, 'set-up');
    if (trouble !== null) return trouble;
  }
  return null;
}

/** Sends what the spec wants sent after the last case, each whatever came of the one before. */
export async function tearDown(run: Run): Promise<void> {
  for (const operation of run.around.teardown) await sendOwn(run, operation, 'teardown');
}

/** Sends a request of the run's own; hands back why it did not succeed. */
async function sendOwn(
  { session, ports, bugs }: Run,
  operation: Operation,
  phase: 'set-up' | 'teardown',
): Promise<Preflight['trouble']> {
  const step = `${phase} ${operation.name}`;
  try {
    const request = outgoing(operation, ports.arrangerFor(step).fresh(), {});
    const exchange = await session.send(request, { result: phase, step, attempt: 1, round: 0 }, ports.callers);
    if (isSuccess(exchange)) return null;
    const { reason, args } = refused(operation, exchange);
    return reason === 'setup-create-failed' ? { reason: 'setup-request-failed', args } : { reason, args };
  } catch (error) {
    if (error instanceof Trouble) return { reason: error.reason, args: error.args };
    bugs.note(step, error);
    return { reason: 'internal-error', args: { detail: messageOf(error) } };
  }
}
