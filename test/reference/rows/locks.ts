import { ORDER, type ReferenceClient } from '../../support/reference-client.js';
import { row, type Row } from './row.js';

/** A repeat in the middle of the work, and one when it is done. */
async function repeatedMeanwhile(api: ReferenceClient) {
  const first = api.order(ORDER, 'k');
  await api.clock.sleep(150);
  const meanwhile = await api.order(ORDER, 'k');
  await first;
  return { statuses: [meanwhile.status, (await api.order(ORDER, 'k')).status], count: await api.count() };
}

/** A client that hangs up and tries again at once, and then once more. */
async function hungUp(api: ReferenceClient) {
  const { ended } = await api.hungUp(ORDER, 'k');
  await api.clock.sleep(50);
  const meanwhile = await api.order(ORDER, 'k');
  await ended;
  return { statuses: [meanwhile.status, (await api.order(ORDER, 'k')).status], count: await api.count() };
}

const LOCKED = { statuses: [409, 201], count: 1 };
const OPEN = { statuses: [201, 201], count: 2 };

/** How flaws show themselves whose lock ends before the work does. */
export const lockRows: Readonly<Record<string, Row>> = {
  'lock-shorter-than-work': row(repeatedMeanwhile, LOCKED, OPEN),
  'abort-frees-lock': row(hungUp, LOCKED, OPEN),
};
