import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { flawNamed, flaws } from '../../src/reference/flaws/index.js';
import { DEFAULT_CHOICES } from '../../src/reference/choices.js';
import { ORDER, referenceClient, type ReferenceClient } from '../support/reference-client.js';
import { scopeRows } from './rows/scope.js';
import { conditionalRows } from './rows/conditional.js';
import { patchRows } from './rows/patch.js';
import { row, type Row } from './rows/row.js';
import { OTHER, PUT_BODY, RACE, THREE, raced, statuses } from './rows/common.js';
import { keysRows } from './rows/keys.js';
import { labelsRows } from './rows/labels.js';
import { lifetimeRows } from './rows/lifetime.js';
import { shopRows } from './rows/shop.js';
import { acceptedRows } from './rows/accepted.js';
import { readsRows } from './rows/reads.js';
import { lockRows } from './rows/locks.js';
import { troubleRows } from './rows/trouble.js';

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

const twoKeys = async (api: ReferenceClient) => {
  const [one, two] = [await api.order(ORDER, 'a'), await api.order(ORDER, 'b')];
  return { status: two.status, isSameId: one.id === two.id, count: await api.count() };
};

const keyless = async (api: ReferenceClient) => (await api.order(ORDER, null)).status;

const ROWS: Readonly<Record<string, Row>> = {
  ...keysRows,
  ...labelsRows,
  ...lifetimeRows,
  'key-ignored': row(replayed, REPLAY, { status: 201, isSameId: false, isSameText: false, count: 2 }),
  'replay-crashes': row(replayed, REPLAY, { status: 500, isSameId: false, isSameText: false, count: 1 }),
  'replay-other-id': row(replayed, REPLAY, { status: 201, isSameId: false, isSameText: false, count: 1 }),
  'replay-empty': row(replayed, REPLAY, { status: 201, isSameId: false, isSameText: false, count: 1 }),
  'replay-not-found': row(replayed, REPLAY, { status: 404, isSameId: false, isSameText: false, count: 1 }),
  'replay-conflict': row(replayed, REPLAY, { status: 409, isSameId: false, isSameText: false, count: 1 }),
  'replay-unreadable': row(replayed, REPLAY, { status: 500, isSameId: false, isSameText: false, count: 1 }),
  'replay-ok-instead-of-created': row(replayed, REPLAY, { ...REPLAY, status: 200 }),
  'replay-reformatted': row(replayed, REPLAY, { ...REPLAY, isSameText: false }),
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
  'key-not-demanded': row(keyless, 400, 201),
  'optional-key-demanded': row(keyless, 201, 400),
  'missing-key-conflict': row(keyless, 400, 409),
  'missing-key-crashes': row(keyless, 400, 500),
  'key-stored-after-effect': row(raced, RACE, { statuses: [201, 201, 201], count: 3, again: 201 }),
  'contended-key-refused': row(raced, RACE, { statuses: [409, 409, 409], count: 0, again: 409 }),
  'concurrent-key-crashes': row(raced, RACE, { ...RACE, statuses: [201, 500, 500] }),
  'loser-crashes': row(raced, RACE, { ...RACE, statuses: [201, 500, 500] }),
  'loser-bad-request': row(raced, RACE, { ...RACE, statuses: [201, 400, 400] }),
  'race-leaves-key-locked': row(raced, RACE, { ...RACE, again: 409 }),
  'unique-not-enforced': row(duplicated, DUPLICATE, { status: 201, isSameId: false, count: 2 }),
  'no-key': row(replayed, REPLAY, { status: 201, isSameId: false, isSameText: false, count: 2 }),
  'duplicate-created-again': row(duplicated, DUPLICATE, { status: 201, isSameId: true, count: 1 }),
  'duplicate-crashes': row(duplicated, DUPLICATE, { ...DUPLICATE, status: 500 }),
  'put-appends-tags': row(putTwice, PUT, { ...PUT, differs: ['tags'] }),
  'put-bumps-counter': row(putTwice, PUT, { ...PUT, differs: ['submissions'] }),
  'put-reassigns-clerk': row(putTwice, PUT, { ...PUT, differs: ['clerk'] }),
  'put-adds-record': row(putTwice, PUT, { ...PUT, count: 3 }),
  'put-repeat-refused': row(putTwice, PUT, { ...PUT, statuses: [200, 422] }),
  'put-always-created': row(putTwice, PUT, { ...PUT, statuses: [201, 201] }),
  'put-repeat-crashes': row(putTwice, PUT, { ...PUT, statuses: [200, 500] }),
  'replica-lags-under-one-tag': row(readTwice, READ, { ...READ, isSameText: false, isSameJson: false }),
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
  'overwrites-silently': row(unconditional, 428, 200, DEFAULT_CHOICES),
  'precondition-not-demanded': row(unconditional, 428, 200, DEFAULT_CHOICES),
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
  ...conditionalRows,
  ...patchRows,
  ...scopeRows,
  ...troubleRows,
  ...lockRows,
  ...readsRows,
  ...acceptedRows,
  ...shopRows,
};

describe.each(flaws)('$id', flaw => {
  const { does, flawed, correct, against } = ROWS[flaw.id] ?? row(async () => 'no row', null, null);

  test('misbehaves as its title says', async () => {
    expect(await does(referenceClient({ flaw }))).toEqual(flawed);
  });

  test('is not what the correct API does', async () => {
    expect(flawed).not.toEqual(correct);
    expect(await does(referenceClient({ choices: against ?? flaw.choices ?? {} }))).toEqual(correct);
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
