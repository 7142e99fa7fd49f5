import { FAILING_NOTE } from '../../../src/reference/orders.js';
import { ORDER, type ReferenceClient } from '../../support/reference-client.js';
import { row, type Row } from './row.js';
import { OTHER, statuses } from './common.js';

/** Two orders under keys that differ; the second has another payload. */
const underKeys = (one: string, two: string) => async (api: ReferenceClient) => {
  const [first, second] = [await api.order(ORDER, one), await api.order(OTHER, two)];
  return { statuses: [first.status, second.status], count: await api.count() };
};

const quotedTwice = async (api: ReferenceClient) => {
  const answers = [await api.order(ORDER, '"k"'), await api.order(ORDER, '"k"')];
  return { statuses: statuses(answers), count: await api.count() };
};

const UUID = 'b0f5d1c4-5a7e-4d3e-9c1f-0123456789ab';

const INVALID = { statuses: [400, 400], count: 0 };

const APART = { statuses: [201, 201], count: 2 };

/** Four repeats of one request under one key. */
async function repeated(api: ReferenceClient) {
  const first = await api.order(ORDER, 'k');
  const answers = [];
  for (let at = 0; at < 4; at++) answers.push(await api.order(ORDER, 'k'));
  return {
    statuses: statuses(answers),
    others: answers.filter(({ id }) => id !== first.id).length,
    count: await api.count(),
  };
}

const REPEATED = { statuses: [201, 201, 201, 201], others: 0, count: 1 };

async function replayedHeaders(api: ReferenceClient) {
  const [first, again] = [await api.order(ORDER, 'k'), await api.order(ORDER, 'k')];
  const differs = ['location', 'etag', 'content-type', 'content-encoding'].filter(
    name => first.headers.get(name) !== again.headers.get(name),
  );
  const [one, two, other] = [first, again, await api.order(ORDER, 'other')].map(({ headers }) =>
    headers.get('set-cookie'),
  );
  return { differs, isSession: one !== null && one === two && one !== other };
}

const HEADERS = { differs: [], isSession: false };

/** Two at once under one key, and whether the ids of those that were accepted are one. */
async function racedIds(api: ReferenceClient) {
  const answers = await Promise.all([1, 2].map(() => api.order(ORDER, 'k')));
  return { statuses: statuses(answers), ids: new Set(answers.map(({ id }) => id)).size };
}

/** Reads with a key, before and after a change, and with the key of the create. */
async function readUnderKey(api: ReferenceClient) {
  const { id, etag } = await api.order(ORDER, 'create');
  const keyed = (key: string) => api.get(id, { 'idempotency-key': key });
  const before = await keyed('read');
  await api.patch(id, { amount: 7 }, etag);
  const [after, created] = [await keyed('read'), await keyed('create')];
  return { status: before.status, amount: after.json['amount'], created: [created.status, created.json['amount']] };
}

const UNDER_KEY = { status: 200, amount: 7, created: [200, 7] };

/** One JSON value in other bytes, under one key. */
async function rewritten(api: ReferenceClient) {
  await api.order(ORDER, 'k');
  const again = await api.order(JSON.stringify(ORDER, null, 2), 'k');
  return { status: again.status, count: await api.count() };
}

/** A request that is refused or fails, again, and then the valid one, all under one key. */
const afterError = (wrong: object) => async (api: ReferenceClient) => {
  const answers = [];
  for (const body of [wrong, wrong, ORDER]) answers.push(await api.order(body, 'k'));
  return { statuses: answers.map(({ status }) => status), count: await api.count() };
};

const refusing = afterError({ ...ORDER, amount: -1 });

const failing = afterError({ ...ORDER, note: FAILING_NOTE });

const REFUSED = { statuses: [400, 400, 201], count: 1 };

const FAILED = { statuses: [500, 500, 201], count: 1 };

export const keysRows: Readonly<Record<string, Row>> = {
  'replay-drops-location': row(replayedHeaders, HEADERS, { ...HEADERS, differs: ['location'] }),
  'replay-retyped': row(replayedHeaders, HEADERS, { ...HEADERS, differs: ['content-type'] }),
  'replay-coding-stored': row(replayedHeaders, HEADERS, { ...HEADERS, differs: ['content-encoding'] }),
  'session-stored': row(replayedHeaders, HEADERS, { ...HEADERS, isSession: true }),
  'keys-kept-per-replica': row(repeated, REPEATED, { ...REPEATED, others: 1, count: 2 }),
  'replay-id-varies': row(repeated, REPEATED, { ...REPEATED, others: 1 }),
  'replay-status-varies': row(repeated, REPEATED, { ...REPEATED, statuses: [200, 201, 201, 201] }),
  'payload-part-of-key': row(rewritten, { status: 422, count: 1 }, { status: 201, count: 2 }),
  'invalid-key-crashes': row(underKeys('', 'x'.repeat(256)), INVALID, { ...INVALID, statuses: [500, 500] }),
  'empty-key-shared': row(underKeys('', ''), INVALID, { statuses: [201, 422], count: 1 }),
  'quoted-key-dropped': row(quotedTwice, { statuses: [201, 201], count: 1 }, { statuses: [201, 201], count: 2 }),
  'keys-truncated': row(underKeys(`${UUID}-a`, `${UUID}-b`), APART, { statuses: [201, 422], count: 1 }),
  'uuid-case-folded': row(underKeys(UUID, UUID.toUpperCase()), APART, { statuses: [201, 422], count: 1 }),
  'crash-after-effect': row(failing, FAILED, { ...FAILED, count: 3 }),
  'refusal-leaves-key-locked': row(refusing, REFUSED, { statuses: [400, 409, 409], count: 0 }),
  'refusal-stored': row(refusing, REFUSED, { statuses: [400, 400, 400], count: 0 }),
  'error-stored': row(failing, FAILED, { statuses: [500, 500, 500], count: 0 }),
  'error-leaves-key-locked': row(failing, FAILED, { statuses: [500, 409, 409], count: 0 }),
  'loser-given-other-id': row(racedIds, { statuses: [201, 201], ids: 1 }, { statuses: [201, 201], ids: 2 }),
  'read-replayed-by-key': row(readUnderKey, UNDER_KEY, { ...UNDER_KEY, amount: 99.99 }),
  'read-answers-create': row(readUnderKey, UNDER_KEY, { ...UNDER_KEY, created: [201, 99.99] }),
  'read-refused-with-key': row(readUnderKey, UNDER_KEY, {
    status: 400,
    amount: undefined,
    created: [400, undefined],
  }),
};
