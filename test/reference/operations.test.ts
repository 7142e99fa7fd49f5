import { expect, test } from 'vitest';
import type { Choices } from '../../src/reference/choices.js';
import { ORDER, referenceClient } from '../support/reference-client.js';

const api = (choices: Partial<Choices>) => referenceClient({ choices });

test('a create begins an operation, which leads to the record when it is done', async () => {
  const { order, send, clock, count } = api({ createAnswer: 'operation' });
  const made = await order();
  const at = made.headers.get('operation-location') ?? '';
  expect([made.status, made.json, made.headers.get('location')]).toEqual([
    202,
    { id: made.id, status: 'running', done: false },
    null,
  ]);
  expect([(await send('GET', at)).json['done'], await count()]).toEqual([false, 0]);
  clock.advance(300);
  const { json } = await send('GET', at);
  expect(json).toMatchObject({ id: made.id, status: 'succeeded', done: true });
  expect((await send('GET', String(json['resource']))).json['amount']).toBe(ORDER.amount);
  expect((await send('GET', '/operations/none')).status).toBe(404);
});

test.each(['same', 'new'] as const)(
  'a replay shows an operation (%s) that ends in the same record',
  async replayedOperation => {
    const { order, send, clock, count } = api({ createAnswer: 'operation', replayedOperation });
    const [made, again] = [await order(ORDER, 'k'), await order(ORDER, 'k')];
    expect([again.status, again.id === made.id]).toEqual([202, replayedOperation === 'same']);
    clock.advance(300);
    const ends = [];
    for (const { id } of [made, again]) ends.push((await send('GET', `/operations/${id}`)).json['resource']);
    expect([ends[0] === ends[1], await count()]).toEqual([true, 1]);
  },
);

test('a pending record is there, cannot be changed, and is active in the end under another tag', async () => {
  const { order, get, patch, remove, clock } = api({ createAnswer: 'pending' });
  const made = await order();
  expect([made.status, made.json['state']]).toEqual([202, 'pending']);
  const pending = await get(made.id);
  expect([pending.status, pending.etag, (await patch(made.id, { amount: 1 }, pending.etag)).status]).toEqual([
    200,
    made.etag,
    409,
  ]);
  clock.advance(300);
  const active = await get(made.id);
  expect([active.json['state'], active.etag === pending.etag]).toEqual(['active', false]);
  expect((await patch(made.id, { amount: 1 }, active.etag)).status).toBe(200);
  const other = await order();
  expect([(await remove(other.id)).status, (await get(other.id)).status]).toEqual([204, 404]);
});

test('nothing is paid into a pending account', async () => {
  const { account, deposit, clock } = api({ createAnswer: 'pending' });
  const { id } = await account('o');
  expect((await deposit(id, 5)).status).toBe(409);
  clock.advance(300);
  expect((await deposit(id, 5)).status).toBe(201);
});

test('the document says how a create is followed', async () => {
  const documentOf = async (createAnswer: Choices['createAnswer']) =>
    JSON.parse((await api({ createAnswer }).send('GET', '/openapi.json')).text);
  const operation = await documentOf('operation');
  expect(operation.paths['/orders'].post.responses['202'].headers).toHaveProperty('OperationLocation');
  expect(operation.paths).toHaveProperty('/operations/{id}');
  const pending = await documentOf('pending');
  expect(pending.components.schemas.Order.properties.state.enum).toEqual(['pending', 'active']);
});
