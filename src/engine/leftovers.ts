import type { Leftover } from '../core/report.js';
import { Trouble } from '../core/trouble.js';
import { cleanUp } from './clean-up.js';
import type { Run } from './run-context.js';

/**
 * Deletes what the run created, and the records it takes over from an earlier one, whatever budgets and interrupts say.
 * Hands back what still stands; all of it, should the clean-up itself come to grief.
 */
export async function leftoversOf({ session, ports, options, bugs }: Run): Promise<readonly Leftover[]> {
  const { records, onEvent, callers } = ports;
  session.lastWords();
  records?.adopted().forEach(record => session.ledger.adopt(record));
  onEvent({ kind: 'cleaning-up', records: session.ledger.all().length });
  try {
    return await cleanUp(session, callers, options.baseUrl, records?.isKept);
  } catch (error) {
    if (!(error instanceof Trouble)) bugs.note('clean-up', error);
    const left = session.ledger.all().filter(record => records?.isKept(record) !== true);
    return left.map(({ resource, id }) => ({ resource: resource.name, id, url: options.baseUrl }));
  }
}
