import { DEFAULT_VARIANT } from '../../../src/reference/variant.js';
import type { ReferenceClient } from '../../support/reference-client.js';
import { row, type Row } from './row.js';

/** Changes under the tag of GET, under `*`, and under the tag a client is given that takes gzip. */
async function currentWrites(api: ReferenceClient) {
  const under = async (tagOf: (id: string) => Promise<string | null>) => {
    const { id } = await api.order();
    return (await api.patch(id, { amount: 1 }, await tagOf(id))).status;
  };
  return {
    current: await under(async id => (await api.get(id)).etag),
    any: await under(async () => '*'),
    gzip: await under(async id => (await api.get(id, { 'accept-encoding': 'gzip' })).etag),
  };
}

/** A PUT under the version of an order that is deleted by then. */
async function writtenAfterDelete(api: ReferenceClient) {
  const { id, etag } = await api.order();
  await api.remove(id);
  const put = await api.put(id, { amount: 1 }, etag);
  return { put: put.status, after: (await api.get(id)).status };
}

const CURRENT = { current: 200, any: 200, gzip: 200 };
const WEAK = { current: 412, any: 200, gzip: 412 };
const DELETED = { put: 412, after: 404 };

/** The flaws of writes under a version. */
export const conditionalRows: Readonly<Record<string, Row>> = {
  'etag-of-other-bytes': row(currentWrites, CURRENT, { ...CURRENT, current: 412, gzip: 412 }),
  'weak-etag-refused': row(currentWrites, CURRENT, WEAK, DEFAULT_VARIANT),
  'weak-etag-matched': row(currentWrites, WEAK, CURRENT),
  'if-match-star-refused': row(currentWrites, CURRENT, { ...CURRENT, any: 412 }),
  'gzip-weakens-etag': row(currentWrites, CURRENT, { ...CURRENT, gzip: 412 }),
  'if-match-crashes': row(currentWrites, CURRENT, { current: 500, any: 500, gzip: 500 }),
  'put-after-delete-recreates': row(writtenAfterDelete, DELETED, { put: 201, after: 200 }),
  'write-after-delete-ignored': row(writtenAfterDelete, DELETED, { ...DELETED, put: 204 }),
  'write-after-delete-crashes': row(writtenAfterDelete, DELETED, { ...DELETED, put: 500 }),
};
