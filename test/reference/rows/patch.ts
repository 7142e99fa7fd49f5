import type { ReferenceClient } from '../../support/reference-client.js';
import { row, type Row } from './row.js';

/** Two patches of different fields at the same moment, under the tag where one is demanded. */
async function concurrentPatches(api: ReferenceClient) {
  const { id, etag } = await api.order();
  const answers = await Promise.all(
    [{ status: 'shipped' }, { note: 'checked' }].map(change => api.patch(id, change, etag)),
  );
  const { status, note } = (await api.get(id)).json;
  return { statuses: answers.map(answer => answer.status), status, note };
}

/** The same without a tag. */
async function freePatches(api: ReferenceClient) {
  const { id } = await api.order();
  const answers = await Promise.all([{ status: 'shipped' }, { note: 'checked' }].map(change => api.patch(id, change)));
  const { status, note } = (await api.get(id)).json;
  return { statuses: answers.map(answer => answer.status), status, note };
}

const ONE = { statuses: [200, 412], status: 'shipped', note: null };
const BOTH = { statuses: [200, 200], status: 'shipped', note: 'checked' };

/** The flaws of PATCH. */
export const patchRows: Readonly<Record<string, Row>> = {
  'patch-writes-whole-record': row(freePatches, BOTH, { ...BOTH, status: 'open' }),
  'contended-patch-crashes': row(concurrentPatches, ONE, { statuses: [500, 500], status: 'open', note: null }),
};
