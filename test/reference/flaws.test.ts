import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { flawNamed, flaws } from '../../src/reference/flaws/index.js';
import { FAILING_NOTE } from '../../src/reference/orders.js';
import { DEFAULT_VARIANT } from '../../src/reference/variant.js';
import { ORDER, referenceClient, type ReferenceClient } from '../support/reference-client.js';
import { SCOPE_ROWS } from '../support/scope-rows.js';
import { conditionalRows } from './rows/conditional.js';
import { patchRows } from './rows/patch.js';
import { row, type Row } from './rows/row.js';

const OTHER = { ...ORDER, amount: 100.5 };
const PUT_BODY = { amount: 10, status: 'confirmed', reference: 'ref', note: 'replaced', tags: ['retail'] };
const THREE = [1, 2, 3];

const statuses = (answers: readonly { readonly status: number }[]) => answers.map(({ status }) => status).toSorted();

/** The same request twice under one key: what the second answer is, next to the first. */
async function replayed(api: ReferenceClient) {
  const [first, again] = [await api.order(ORDER, 'k'), await api.order(ORDER, 'k')];
  return {
    status: again.status,
    isSameId: again.id === first.id,
    isSameText: again.text === first.text,
    count: await api.count(),
  };
}

/** A key with another payload, then the first payload again. */
async function mismatched(api: ReferenceClient) {
  const first = await api.order(ORDER, 'k');
  const { status } = await api.order(OTHER, 'k');
  const count = await api.count();
  const amount = (await api.get(first.id)).json['amount'];
  return { status, count, amount, again: (await api.order(ORDER, 'k')).status };
}

async function duplicated(api: ReferenceClient) {
  const [first, again] = [await api.account('o'), await api.account('o')];
  return { status: again.status, isSameId: again.id === first.id, count: await api.count('/accounts?owner=o') };
}

/** The same PUT twice, each with the current tag. */
async function putTwice(api: ReferenceClient) {
  const { id } = await api.order();
  const put = async () => api.put(id, PUT_BODY, (await api.get(id)).etag);
  const first = await put();
  const { updatedAt: _, ...one } = (await api.get(id)).json;
  const again = await put();
  const { updatedAt: __, ...two } = (await api.get(id)).json;
  const differs = Object.keys(two).filter(name => JSON.stringify(one[name]) !== JSON.stringify(two[name]));
  return { statuses: [first.status, again.status], differs, count: await api.count() };
}

/** A PUT with the optional field, then one without it. */
async function putWithout(api: ReferenceClient) {
  const { id } = await api.order();
  await api.put(id, PUT_BODY, (await api.get(id)).etag);
  const { note: _, ...rest } = PUT_BODY;
  await api.put(id, rest, (await api.get(id)).etag);
  return (await api.get(id)).json['note'];
}

async function labelWithout(api: ReferenceClient) {
  await api.label('l', { text: 't', colour: 'red' });
  await api.label('l', { text: 't' });
  return (await api.send('GET', '/labels/l')).json['colour'];
}

/** PUTs to one new address at once: the answers, whether the state is one of them, and how many records there are. */
async function labelsMade(api: ReferenceClient) {
  const answers = await Promise.all(THREE.map(n => api.label('l', { text: `t${n}`, weight: n })));
  const { text, weight } = (await api.send('GET', '/labels/l')).json;
  return { statuses: statuses(answers), isWhole: text === `t${String(weight)}`, count: await api.count('/labels') };
}

/** Create-only PUTs to one new address at once, and one more: the answers, and whose state it is. */
async function labelsClaimed(api: ReferenceClient) {
  const claim = (n: number) => api.label('l', { text: `t${n}` }, { 'if-none-match': '*' });
  const answers = await Promise.all(THREE.map(claim));
  const again = await claim(4);
  const { text } = (await api.send('GET', '/labels/l')).json;
  return { statuses: statuses(answers), again: again.status, isTaken: text !== 't4' };
}

/** PUTs of one label at once: the answers, and which of them the state is made of. */
async function labelsMet(api: ReferenceClient) {
  await api.label('l', { text: 't0', weight: 0 });
  const answers = await Promise.all(THREE.map(n => api.label('l', { text: `t${n}`, weight: n })));
  const { text, weight } = (await api.send('GET', '/labels/l')).json;
  const winner = answers[Number(String(text).slice(1)) - 1];
  return { statuses: statuses(answers), isWhole: text === `t${String(weight)}`, isWinner: winner?.status === 200 };
}

/** Two reads without a change between them. */
async function readTwice(api: ReferenceClient) {
  const { id } = await api.order();
  const [one, two] = [await api.get(id), await api.get(id)];
  const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);
  return {
    isSameTag: one.etag === two.etag,
    isSameText: one.text === two.text,
    isSameJson: same(Object.entries(one.json).toSorted(), Object.entries(two.json).toSorted()),
    isQuoted: /^(W\/)?".*"$/.test(one.etag ?? ''),
    cached: (await api.get(id, { 'if-none-match': two.etag ?? '' })).status,
  };
}

/** A client that goes away, and its retries: at once, and after a while. */
async function abandoned(api: ReferenceClient) {
  await api.abandoned(ORDER, 'k');
  const retry = await api.order(ORDER, 'k');
  const isThere = retry.status < 300 && (await api.get(retry.id)).status === 200;
  const count = await api.count();
  api.clock.advance(3_000);
  return { status: retry.status, isThere, count, later: (await api.order(ORDER, 'k')).status };
}

async function changedTag(api: ReferenceClient) {
  const { id, etag } = await api.order();
  const strong = etag?.startsWith('W/') === true ? null : etag;
  const patched = await api.patch(id, { amount: 20 }, strong);
  const { etag: after } = await api.get(id);
  return { isKept: after === etag, isWeak: strong === null, isAnswered: patched.etag === after };
}

/** A change with a tag that is outdated, or was never issued. */
async function staleWrite(api: ReferenceClient) {
  const { id, etag } = await api.order();
  await api.patch(id, { amount: 1 }, etag);
  const stale = await api.patch(id, { amount: 2 }, etag);
  const { amount } = (await api.get(id)).json;
  const unknown = await api.patch(id, { amount: 3 }, '"unknown"');
  return { stale: stale.status, amount, unknown: unknown.status };
}

async function concurrentWrites(api: ReferenceClient) {
  const { id, etag } = await api.order();
  const answers = await Promise.all(THREE.map(amount => api.patch(id, { amount }, etag)));
  const { amount } = (await api.get(id)).json;
  const winners = answers.filter(({ status }) => status === 200).map(answer => answer.json['amount']);
  const stale = await api.patch(id, { amount: 4 }, etag);
  return { statuses: statuses(answers), isWinners: winners.includes(amount), stale: stale.status };
}

async function unconditional(api: ReferenceClient) {
  const { id } = await api.order();
  return (await api.put(id, PUT_BODY)).status;
}

async function deletedTwice(api: ReferenceClient) {
  const { id } = await api.order();
  const first = await api.remove(id);
  const gone = (await api.get(id)).status;
  const again = await api.remove(id);
  const unknown = await api.remove('never-there');
  return { statuses: [first.status, gone, again.status, (await api.get(id)).status], unknown: unknown.status };
}

async function concurrentDeletes(api: ReferenceClient) {
  const { id } = await api.order();
  const answers = await Promise.all(THREE.map(() => api.remove(id)));
  return { statuses: statuses(answers), after: (await api.get(id)).status };
}

async function deletedThenRead(api: ReferenceClient) {
  const { id } = await api.order();
  await api.remove(id);
  return { status: (await api.get(id)).status, count: await api.count() };
}

async function readThrice(api: ReferenceClient) {
  const { id, json } = await api.order();
  for (const _ of THREE) await api.get(id);
  const { json: after } = await api.get(id);
  return {
    count: await api.count(),
    differs: Object.keys(after).filter(name => String(after[name]) !== String(json[name])),
  };
}

async function headed(api: ReferenceClient) {
  const { id } = await api.order();
  const [get, head] = [await api.get(id), await api.head(id)];
  const same = (name: string) => get.headers.get(name) === head.headers.get(name);
  return {
    status: head.status,
    hasBody: head.text !== '',
    isSameLength: same('content-length'),
    isSameType: same('content-type'),
  };
}

async function raced(api: ReferenceClient) {
  const answers = await Promise.all(THREE.map(() => api.order(ORDER, 'k')));
  const count = await api.count();
  return { statuses: statuses(answers), count, again: (await api.order(ORDER, 'k')).status };
}

/** Accounts of one owner at once, and one more. */
async function ownersMet(api: ReferenceClient) {
  const answers = await Promise.all(THREE.map(() => api.account('o')));
  const again = (await api.account('o')).status;
  return { statuses: statuses(answers), count: await api.count('/accounts?owner=o'), again };
}

/** Deposits to one account at once: the answers, and the balance. */
async function paidIn(api: ReferenceClient) {
  const { id } = await api.account('o');
  const answers = await Promise.all(THREE.map(() => api.deposit(id, 5)));
  const { balance } = (await api.send('GET', `/accounts/${id}`)).json;
  return { statuses: statuses(answers), balance };
}

async function late(api: ReferenceClient) {
  await api.order(ORDER, 'k');
  api.clock.advance(4_000);
  await api.order(ORDER, 'k');
  return api.count();
}

/** A retry of the create after the DELETE. */
async function retriedAfterDelete(api: ReferenceClient) {
  const { id } = await api.order(ORDER, 'k');
  await api.remove(id);
  const { status } = await api.order(ORDER, 'k');
  return { status, old: (await api.get(id)).status, count: await api.count() };
}

/** A repeat, twice, when the key has lived for longer than 4 seconds. */
async function expired(api: ReferenceClient) {
  await api.order(ORDER, 'k');
  api.clock.advance(5_000);
  const [first, again] = [await api.order(ORDER, 'k'), await api.order(ORDER, 'k')];
  return { statuses: [first.status, again.status], count: await api.count() };
}

/** What the store keeps of a key while its request is under way, and afterwards; seconds, -1 = for ever. */
async function keptInStore(api: ReferenceClient) {
  const seconds = async () => (await api.inspect('k')).map(({ ttlMs }) => (ttlMs < 0 ? -1 : Math.ceil(ttlMs / 1000)));
  const answer = api.order(ORDER, 'k');
  let pending = await seconds();
  while (pending.length === 0) pending = await seconds();
  await answer;
  return { pending, finished: await seconds() };
}

const KEPT = { pending: [60], finished: [86_400] };
const RETRY = { status: 201, old: 404, count: 0 };
const EXPIRED = { statuses: [201, 201], count: 2 };
const REPLAY = { status: 201, isSameId: true, isSameText: true, count: 1 };
const MISMATCH = { status: 422, count: 1, amount: 99.99, again: 201 };
const DUPLICATE = { status: 409, isSameId: false, count: 1 };
const PUT = { statuses: [200, 200], differs: [], count: 1 };
const READ = { isSameTag: true, isSameText: true, isSameJson: true, isQuoted: true, cached: 304 };
const CHANGE = { isKept: false, isWeak: false, isAnswered: true };
const STALE = { stale: 412, amount: 1, unknown: 412 };
const WRITES = { statuses: [200, 412, 412], isWinners: true, stale: 412 };
const DELETE = { statuses: [204, 404, 404, 404], unknown: 404 };
const DELETES = { statuses: [204, 404, 404], after: 404 };
const GONE = { status: 404, count: 0 };
const SAFE = { count: 1, differs: [] };
const HEAD = { status: 200, hasBody: false, isSameLength: true, isSameType: true };
const RACE = { statuses: [201, 409, 409], count: 1, again: 201 };
const LABELS = { statuses: [200, 200, 200], isWhole: true, isWinner: true };
const MADE = { statuses: [200, 200, 201], isWhole: true, count: 1 };
const CLAIMED = { statuses: [201, 412, 412], again: 412, isTaken: true };
const OWNERS = { statuses: [201, 409, 409], count: 1, again: 409 };
const DEPOSITS = { statuses: [201, 201, 201], balance: 15 };

const twoKeys = async (api: ReferenceClient) => {
  const [one, two] = [await api.order(ORDER, 'a'), await api.order(ORDER, 'b')];
  return { status: two.status, isSameId: one.id === two.id, count: await api.count() };
};
const keyless = async (api: ReferenceClient) => (await api.order(ORDER, null)).status;

const ABANDONED = { status: 201, isThere: true, count: 1, later: 201 };
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

const ROWS: Readonly<Record<string, Row>> = {
  'key-ignored': row(replayed, REPLAY, { status: 201, isSameId: false, isSameText: false, count: 2 }),
  'replay-crashes': row(replayed, REPLAY, { status: 500, isSameId: false, isSameText: false, count: 1 }),
  'replay-other-id': row(replayed, REPLAY, { status: 201, isSameId: false, isSameText: false, count: 1 }),
  'replay-empty': row(replayed, REPLAY, { status: 201, isSameId: false, isSameText: false, count: 1 }),
  'replay-not-found': row(replayed, REPLAY, { status: 404, isSameId: false, isSameText: false, count: 1 }),
  'replay-conflict': row(replayed, REPLAY, { status: 409, isSameId: false, isSameText: false, count: 1 }),
  'replay-unreadable': row(replayed, REPLAY, { status: 500, isSameId: false, isSameText: false, count: 1 }),
  'replay-ok-instead-of-created': row(replayed, REPLAY, { ...REPLAY, status: 200 }),
  'replay-reformatted': row(replayed, REPLAY, { ...REPLAY, isSameText: false }),
  'replay-drops-location': row(replayedHeaders, HEADERS, { ...HEADERS, differs: ['location'] }),
  'replay-retyped': row(replayedHeaders, HEADERS, { ...HEADERS, differs: ['content-type'] }),
  'replay-coding-stored': row(replayedHeaders, HEADERS, { ...HEADERS, differs: ['content-encoding'] }),
  'session-stored': row(replayedHeaders, HEADERS, { ...HEADERS, isSession: true }),
  'keys-kept-per-replica': row(repeated, REPEATED, { ...REPEATED, others: 1, count: 2 }),
  'replay-id-varies': row(repeated, REPEATED, { ...REPEATED, others: 1 }),
  'replay-status-varies': row(repeated, REPEATED, { ...REPEATED, statuses: [200, 201, 201, 201] }),
  'second-key-deduplicated': row(
    twoKeys,
    { status: 201, isSameId: false, count: 2 },
    { status: 201, isSameId: true, count: 1 },
  ),
  'create-returns-existing': row(
    twoKeys,
    { status: 201, isSameId: false, count: 2 },
    { status: 200, isSameId: true, count: 1 },
  ),
  'mismatch-executed': row(mismatched, MISMATCH, { ...MISMATCH, status: 201, count: 2 }),
  'mismatch-replayed': row(mismatched, MISMATCH, { ...MISMATCH, status: 201 }),
  'mismatch-changes-original': row(mismatched, MISMATCH, { ...MISMATCH, amount: 100.5 }),
  'mismatch-crashes': row(mismatched, MISMATCH, { ...MISMATCH, status: 500 }),
  'mismatch-spoils-key': row(mismatched, MISMATCH, { ...MISMATCH, again: 422 }),
  'payload-part-of-key': row(rewritten, { status: 422, count: 1 }, { status: 201, count: 2 }),
  'key-not-demanded': row(keyless, 400, 201),
  'optional-key-demanded': row(keyless, 201, 400),
  'missing-key-conflict': row(keyless, 400, 409),
  'missing-key-crashes': row(keyless, 400, 500),
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
  'key-stored-after-effect': row(raced, RACE, { statuses: [201, 201, 201], count: 3, again: 201 }),
  'contended-key-refused': row(raced, RACE, { statuses: [409, 409, 409], count: 0, again: 409 }),
  'concurrent-key-crashes': row(raced, RACE, { ...RACE, statuses: [201, 500, 500] }),
  'deposit-lost': row(paidIn, DEPOSITS, { ...DEPOSITS, balance: 5 }),
  'deposit-refused-but-booked': row(paidIn, DEPOSITS, { ...DEPOSITS, statuses: [201, 409, 409] }),
  'concurrent-deposit-crashes': row(paidIn, DEPOSITS, { statuses: [201, 500, 500], balance: 5 }),
  'loser-given-other-id': row(racedIds, { statuses: [201, 201], ids: 1 }, { statuses: [201, 201], ids: 2 }),
  'loser-crashes': row(raced, RACE, { ...RACE, statuses: [201, 500, 500] }),
  'loser-bad-request': row(raced, RACE, { ...RACE, statuses: [201, 400, 400] }),
  'race-leaves-key-locked': row(raced, RACE, { ...RACE, again: 409 }),
  'unique-not-enforced': row(duplicated, DUPLICATE, { status: 201, isSameId: false, count: 2 }),
  'no-key': row(replayed, REPLAY, { status: 201, isSameId: false, isSameText: false, count: 2 }),
  'duplicate-created-again': row(duplicated, DUPLICATE, { status: 201, isSameId: true, count: 1 }),
  'duplicate-crashes': row(duplicated, DUPLICATE, { ...DUPLICATE, status: 500 }),
  'unique-checked-before-insert': row(ownersMet, OWNERS, { ...OWNERS, statuses: [201, 201, 201], count: 3 }),
  'unique-violation-crashes': row(ownersMet, OWNERS, { ...OWNERS, statuses: [201, 500, 500] }),
  'put-appends-tags': row(putTwice, PUT, { ...PUT, differs: ['tags'] }),
  'put-bumps-counter': row(putTwice, PUT, { ...PUT, differs: ['submissions'] }),
  'put-reassigns-clerk': row(putTwice, PUT, { ...PUT, differs: ['clerk'] }),
  'put-adds-record': row(putTwice, PUT, { ...PUT, count: 3 }),
  'put-repeat-refused': row(putTwice, PUT, { ...PUT, statuses: [200, 422] }),
  'put-always-created': row(putTwice, PUT, { ...PUT, statuses: [201, 201] }),
  'put-repeat-crashes': row(putTwice, PUT, { ...PUT, statuses: [200, 500] }),
  'put-keeps-omitted': row(putWithout, null, 'replaced'),
  'put-keeps-colour': row(labelWithout, null, 'red'),
  'concurrent-put-creates-two': row(labelsMade, MADE, { ...MADE, count: 3 }),
  'put-created-in-two-steps': row(labelsMade, MADE, { ...MADE, isWhole: false }),
  'concurrent-put-all-created': row(labelsMade, MADE, { ...MADE, statuses: [201, 201, 201] }),
  'concurrent-put-create-crashes': row(labelsMade, MADE, { ...MADE, statuses: [201, 500, 500] }),
  'put-written-in-two-steps': row(labelsMet, LABELS, { ...LABELS, isWhole: false }),
  'concurrent-put-adds-up': row(labelsMet, LABELS, { ...LABELS, isWhole: false }),
  'concurrent-put-refused-but-written': row(labelsMet, LABELS, {
    statuses: [200, 409, 409],
    isWhole: true,
    isWinner: false,
  }),
  'concurrent-put-crashes': row(labelsMet, LABELS, { ...LABELS, statuses: [200, 500, 500] }),
  'replica-lags-under-one-tag': row(readTwice, READ, { ...READ, isSameText: false, isSameJson: false }),
  'etag-random': row(readTwice, READ, { ...READ, isSameTag: false }),
  'etag-unquoted': row(readTwice, READ, { ...READ, isQuoted: false }),
  'not-modified-never': row(readTwice, READ, { ...READ, cached: 200 }),
  'member-order-random': row(readTwice, READ, { ...READ, isSameText: false }),
  'etag-kept-within-a-minute': row(changedTag, CHANGE, { ...CHANGE, isKept: true }),
  'weak-etag-kept': row(changedTag, { ...CHANGE, isWeak: true }, { ...CHANGE, isWeak: true, isKept: true }),
  'write-answers-other-etag': row(changedTag, CHANGE, { ...CHANGE, isAnswered: false }),
  'if-match-ignored': row(staleWrite, STALE, { stale: 200, amount: 2, unknown: 200 }),
  'if-match-any-issued': row(staleWrite, STALE, { ...STALE, stale: 200, amount: 2 }),
  'if-match-unknown-applied': row(staleWrite, STALE, { ...STALE, unknown: 200 }),
  'stale-write-refused-but-applied': row(staleWrite, STALE, { ...STALE, amount: 2 }),
  'stale-write-forbidden': row(staleWrite, STALE, { ...STALE, stale: 403, unknown: 403 }),
  'stale-write-crashes': row(staleWrite, STALE, { ...STALE, stale: 500, unknown: 500 }),
  'if-match-checked-before-work': row(concurrentWrites, WRITES, { ...WRITES, statuses: [200, 200, 200] }),
  'loser-overwrites-winner': row(concurrentWrites, WRITES, { ...WRITES, isWinners: false }),
  'contended-write-refused': row(concurrentWrites, WRITES, { statuses: [412, 412, 412], isWinners: false, stale: 200 }),
  'contended-write-crashes': row(concurrentWrites, WRITES, { ...WRITES, statuses: [200, 500, 500] }),
  'if-none-match-ignored': row(labelsClaimed, CLAIMED, { statuses: [200, 200, 201], again: 200, isTaken: false }),
  'if-none-match-checked-before-insert': row(labelsClaimed, CLAIMED, { ...CLAIMED, statuses: [200, 200, 201] }),
  'if-none-match-conflict': row(labelsClaimed, CLAIMED, { ...CLAIMED, statuses: [201, 409, 409], again: 409 }),
  'if-none-match-crashes': row(labelsClaimed, CLAIMED, { ...CLAIMED, statuses: [201, 500, 500], again: 500 }),
  'overwrites-silently': row(unconditional, 428, 200, DEFAULT_VARIANT),
  'precondition-not-demanded': row(unconditional, 428, 200, DEFAULT_VARIANT),
  'delete-repeat-crashes': row(deletedTwice, DELETE, { ...DELETE, statuses: [204, 404, 500, 404] }),
  'delete-repeat-restores': row(deletedTwice, DELETE, { ...DELETE, statuses: [204, 404, 204, 200] }),
  'delete-repeat-bad-request': row(deletedTwice, DELETE, { ...DELETE, statuses: [204, 404, 400, 404] }),
  'delete-unknown-crashes': row(deletedTwice, DELETE, { ...DELETE, unknown: 500 }),
  'concurrent-delete-crashes': row(concurrentDeletes, DELETES, { ...DELETES, statuses: [204, 500, 500] }),
  'concurrent-delete-undone': row(concurrentDeletes, DELETES, { statuses: [204, 204, 204], after: 200 }),
  'deleted-still-readable': row(deletedThenRead, GONE, { ...GONE, status: 200 }),
  'deleted-still-listed': row(deletedThenRead, GONE, { ...GONE, count: 1 }),
  'deleted-forbidden': row(deletedThenRead, GONE, { ...GONE, status: 403 }),
  'deleted-read-crashes': row(deletedThenRead, GONE, { ...GONE, status: 500 }),
  'read-creates-record': row(readThrice, SAFE, { ...SAFE, count: 5 }),
  'read-changes-field': row(readThrice, SAFE, { ...SAFE, differs: ['amount'] }),
  'read-counts-views': row(readThrice, SAFE, { ...SAFE, differs: ['views'] }),
  'head-with-body': row(headed, HEAD, { ...HEAD, hasBody: true }),
  'head-other-length': row(headed, HEAD, { ...HEAD, isSameLength: false }),
  'head-other-type': row(headed, HEAD, { ...HEAD, isSameType: false }),
  'head-unsupported': row(headed, HEAD, { ...HEAD, status: 405, isSameLength: false, isSameType: false }),
  'head-crashes': row(headed, HEAD, { ...HEAD, status: 500, isSameLength: false, isSameType: false }),
  'abort-forgets-key': row(abandoned, ABANDONED, { ...ABANDONED, count: 2 }),
  'abort-undoes-effect': row(abandoned, ABANDONED, { ...ABANDONED, isThere: false, count: 0 }),
  'abort-renames-record': row(abandoned, ABANDONED, { ...ABANDONED, isThere: false }),
  'abort-breaks-key': row(abandoned, ABANDONED, { ...ABANDONED, status: 500, isThere: false, later: 500 }),
  'abort-burns-key': row(abandoned, ABANDONED, { status: 422, isThere: false, count: 0, later: 422 }),
  'abort-leaves-key-in-flight': row(abandoned, ABANDONED, { status: 409, isThere: false, count: 1, later: 409 }),
  'abort-holds-key-long': row(abandoned, ABANDONED, { status: 409, isThere: false, count: 1, later: 201 }),
  'read-replayed-by-key': row(readUnderKey, UNDER_KEY, { ...UNDER_KEY, amount: 99.99 }),
  'read-answers-create': row(readUnderKey, UNDER_KEY, { ...UNDER_KEY, created: [201, 99.99] }),
  'read-refused-with-key': row(readUnderKey, UNDER_KEY, {
    status: 400,
    amount: undefined,
    created: [400, undefined],
  }),
  'ttl-shorter-than-declared': row(late, 1, 2),
  'ttl-short-undeclared': row(late, 1, 2),
  ...conditionalRows,
  ...patchRows,
  ...SCOPE_ROWS,
  'key-kept-for-ever': row(keptInStore, KEPT, { ...KEPT, finished: [-1] }),
  'pending-key-kept-for-ever': row(keptInStore, KEPT, { ...KEPT, pending: [-1] }),
  'key-short-in-store': row(keptInStore, KEPT, { ...KEPT, finished: [3600] }),
  'deleted-key-forgotten': row(retriedAfterDelete, RETRY, { ...RETRY, count: 1 }),
  'deleted-order-restored': row(retriedAfterDelete, RETRY, { ...RETRY, old: 200, count: 1 }),
  'retry-of-deleted-crashes': row(retriedAfterDelete, RETRY, { ...RETRY, status: 500 }),
  'expired-key-stuck': row(expired, EXPIRED, { statuses: [409, 409], count: 1 }),
  'expired-key-crashes': row(expired, EXPIRED, { statuses: [500, 500], count: 1 }),
  'expired-key-refused': row(expired, EXPIRED, { statuses: [400, 400], count: 1 }),
  'expired-key-executed': row(expired, { statuses: [410, 410], count: 1 }, EXPIRED, {
    ttlSeconds: 4,
    expiredStatus: 410,
  }),
};

describe.each(flaws)('$id', flaw => {
  const { does, flawed, correct, against } = ROWS[flaw.id] ?? row(async () => 'no row', null, null);

  test('misbehaves as its title says', async () => {
    expect(await does(referenceClient({ flaw }))).toEqual(flawed);
  });

  test('is not what the correct API does', async () => {
    expect(flawed).not.toEqual(correct);
    expect(await does(referenceClient({ variant: against ?? flaw.variant ?? {} }))).toEqual(correct);
  });
});

test('each flaw is a file of its own, named as its id, and found by it', () => {
  const files = readdirSync(new URL('../../src/reference/flaws/', import.meta.url))
    .filter(file => file !== 'index.ts')
    .map(file => file.replace(/\.ts$/, ''));
  expect(flaws.map(({ id }) => id).toSorted()).toEqual(files.toSorted());
  expect(flaws.map(({ id }) => flawNamed(id))).toEqual(flaws);
  expect(flawNamed('nothing')).toBe(undefined);
});
