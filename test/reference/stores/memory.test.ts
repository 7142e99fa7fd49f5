import { expect, test } from 'vitest';
import { createMemoryStore } from '../../../src/reference/stores/memory.js';
import { countingIds, createReferenceClock } from '../../support/reference-clock.js';

const response = { status: 201, headers: { location: '/x' }, body: '{}' };

function fresh(pendingMs = 1000) {
  const clock = createReferenceClock();
  return { clock, store: createMemoryStore({ clock, ids: countingIds(), pendingMs }) };
}

async function token(store: ReturnType<typeof createMemoryStore>, key = 'k'): Promise<string> {
  const begun = await store.begin(key, 'print');
  return begun.kind === 'new' ? begun.token : `not new: ${begun.kind}`;
}

test('of several that begin at once one is new, the others meet it in flight with its fingerprint', async () => {
  const { store } = fresh();
  const begun = await Promise.all([store.begin('k', 'print'), store.begin('k', 'other'), store.begin('k', 'print')]);
  expect(begun.map(({ kind }) => kind)).toEqual(['new', 'in-flight', 'in-flight']);
  expect(begun[1]).toEqual({ kind: 'in-flight', fingerprint: 'print' });
});

test('an answer is kept for its lifetime', async () => {
  const { clock, store } = fresh();
  await store.finish('k', { token: await token(store), fingerprint: 'print', response, ttlSeconds: 10 });
  clock.advance(9_999);
  expect(await store.begin('k', 'other')).toEqual({ kind: 'done', fingerprint: 'print', response });
  clock.advance(1);
  expect((await store.begin('k', 'other')).kind).toBe('new');
});

test('a key that was begun and never finished frees itself', async () => {
  const { clock, store } = fresh(1000);
  await token(store);
  clock.advance(999);
  expect((await store.begin('k', 'print')).kind).toBe('in-flight');
  clock.advance(1);
  expect((await store.begin('k', 'print')).kind).toBe('new');
});

test('one whose time was up can neither finish nor free what another has taken over', async () => {
  const { clock, store } = fresh(1000);
  const slow = await token(store);
  clock.advance(1000);
  await token(store);
  await store.abandon('k', slow);
  await store.finish('k', { token: slow, fingerprint: 'print', response, ttlSeconds: 10 });
  expect((await store.begin('k', 'print')).kind).toBe('in-flight');
});

test('an abandoned key is free', async () => {
  const { store } = fresh();
  await store.abandon('k', await token(store));
  expect((await store.begin('k', 'print')).kind).toBe('new');
});
