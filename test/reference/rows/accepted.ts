import { ORDER, type ReferenceClient } from '../../support/reference-client.js';
import { row, type Row } from './row.js';

/** A create and its repeat, and how many orders there are when all is done. */
async function startedTwice(api: ReferenceClient) {
  const [first, again] = [await api.order(ORDER, 'k'), await api.order(ORDER, 'k')];
  api.clock.advance(1000);
  return { status: again.status, isSame: first.id === again.id, count: await api.count() };
}

/** An order that is deleted while it is pending: what is read of it then, and later. */
async function deletedPending(api: ReferenceClient) {
  const { id } = await api.order();
  const removed = await api.remove(id);
  const gone = await api.get(id);
  api.clock.advance(1000);
  return { statuses: [removed.status, gone.status, (await api.get(id)).status], count: await api.count() };
}

/** How flaws show themselves that come with creates which are done later. */
export const acceptedRows: Readonly<Record<string, Row>> = {
  'replay-starts-second-job': row(
    startedTwice,
    { status: 202, isSame: true, count: 1 },
    { status: 202, isSame: false, count: 2 },
  ),
  'pending-delete-comes-back': row(
    deletedPending,
    { statuses: [204, 404, 404], count: 0 },
    { statuses: [204, 404, 200], count: 1 },
  ),
};
