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

/** The same patch twice, each time under the current tag. */
async function patchedTwice(api: ReferenceClient) {
  const { id } = await api.order();
  const patch = async () => api.patch(id, { status: 'shipped' }, (await api.get(id)).etag);
  const first = await patch();
  const { tags } = (await api.get(id)).json;
  const again = await patch();
  const { tags: after } = (await api.get(id)).json;
  return { statuses: [first.status, again.status], isSame: String(tags) === String(after) };
}

/** A JSON Patch that adds a tag, twice under one key and then under another. */
async function keyedPatches(api: ReferenceClient) {
  const { id } = await api.order();
  const steps = [{ op: 'add', path: '/tags/-', value: 'urgent' }];
  const patch = (key: string) =>
    api.send('PATCH', `/orders/${id}`, steps, {
      'content-type': 'application/json-patch+json',
      'idempotency-key': key,
      'if-match': '*',
    });
  const tags = async () => (await api.get(id)).json['tags'];
  const [first, again] = [await patch('a'), await patch('a')];
  const once = await tags();
  const other = await patch('b');
  return { statuses: [first, again, other].map(({ status }) => status), once, twice: await tags() };
}

const KEYED = {
  statuses: [200, 200, 200],
  once: ['retail', 'urgent'],
  twice: ['retail', 'urgent', 'urgent'],
};
const TWICE = { statuses: [200, 200], isSame: true };
const ONE = { statuses: [200, 412], status: 'shipped', note: null };
const BOTH = { statuses: [200, 200], status: 'shipped', note: 'checked' };

/** The flaws of PATCH. */
export const patchRows: Readonly<Record<string, Row>> = {
  'keyed-patch-applied-again': row(keyedPatches, KEYED, {
    ...KEYED,
    once: ['retail', 'urgent', 'urgent'],
    twice: ['retail', 'urgent', 'urgent', 'urgent'],
  }),
  'keyed-patch-replay-crashes': row(keyedPatches, KEYED, { ...KEYED, statuses: [200, 500, 200] }),
  'patch-appends-tags': row(patchedTwice, TWICE, { ...TWICE, isSame: false }),
  'patch-repeat-crashes': row(patchedTwice, TWICE, { ...TWICE, statuses: [200, 500] }),
  'patch-writes-whole-record': row(freePatches, BOTH, { ...BOTH, status: 'open' }),
  'contended-patch-crashes': row(concurrentPatches, ONE, { statuses: [500, 500], status: 'open', note: null }),
};
