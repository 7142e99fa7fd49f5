import { expect, test } from 'vitest';
import { ORDER, referenceClient } from '../support/reference-client.js';

const PUT_BODY = { amount: 10, status: 'confirmed', reference: 'ref', tags: ['retail'] };

test('PUT creates at an id of the client, then replaces the whole of it', async () => {
  const api = referenceClient({ choices: { preconditionRequired: false } });
  const made = await api.put('mine', { ...PUT_BODY, note: 'n' });
  const again = await api.put('mine', PUT_BODY);
  expect([made.status, made.headers.get('location'), again.status]).toEqual([201, '/orders/mine', 200]);
  expect((await api.get('mine')).json['note']).toBe(null);
  expect(await api.count()).toBe(1);
});

test('a repeated PUT leaves the same state but for the time of update', async () => {
  const api = referenceClient({ choices: { preconditionRequired: false } });
  await api.put('mine', PUT_BODY);
  const { updatedAt: _, ...before } = (await api.get('mine')).json;
  await api.put('mine', PUT_BODY);
  expect((await api.get('mine')).json).toMatchObject(before);
});

test('a PUT is answered without a validator, a PATCH with the one GET then gives', async () => {
  const api = referenceClient();
  const { id, etag } = await api.order();
  expect((await api.put(id, PUT_BODY, etag)).etag).toBe(null);
  const patched = await api.patch(id, { status: 'shipped' }, (await api.get(id)).etag);
  expect(patched.etag).toBe((await api.get(id)).etag);
});

test('the tag is strong, stays while nothing changes, and changes with each write in the same instant', async () => {
  const api = referenceClient({ choices: { workMs: 0 } });
  const { id, etag } = await api.order();
  expect(etag).toMatch(/^"[\w-]+"$/);
  expect((await api.get(id)).etag).toBe(etag);
  await api.patch(id, { amount: ORDER.amount }, etag);
  expect((await api.get(id)).etag).not.toBe(etag);
});

test('If-None-Match with the current tag gets 304, with another one the representation', async () => {
  const api = referenceClient();
  const { id, etag } = await api.order();
  const same = await api.get(id, { 'if-none-match': `"x", W/${etag}` });
  expect([same.status, same.text, same.etag]).toEqual([304, '', etag]);
  expect((await api.get(id, { 'if-none-match': '"x"' })).status).toBe(200);
});

test.each(['PUT', 'PATCH', 'DELETE'])('%s with an outdated tag gets 412 and changes nothing', async method => {
  const api = referenceClient();
  const { id, etag } = await api.order();
  await api.patch(id, { status: 'shipped' }, etag);
  const before = (await api.get(id)).text;
  const stale = await api.send(method, `/orders/${id}`, method === 'DELETE' ? undefined : PUT_BODY, {
    'if-match': etag ?? '',
  });
  expect(stale.status).toBe(412);
  expect((await api.get(id)).text).toBe(before);
});

test('an account and a note are deleted under If-Match too', async () => {
  const api = referenceClient();
  const [order, account] = [await api.order(), await api.account('o')];
  const note = await api.send('POST', `/orders/${order.id}/notes`, { text: 't' }, { 'idempotency-key': 'n' });
  for (const [path, tag] of [
    [`/accounts/${account.id}`, account.etag],
    [`/orders/${order.id}/notes/${note.id}`, note.etag],
  ]) {
    const remove = (ifMatch: string) => api.send('DELETE', path ?? '', undefined, { 'if-match': ifMatch });
    expect([(await remove('"other"')).status, (await remove(tag ?? '')).status]).toEqual([412, 204]);
  }
});

test('of concurrent changes to one version exactly one wins, and its state stays', async () => {
  const api = referenceClient();
  const { id, etag } = await api.order();
  const answers = await Promise.all([1, 2, 3, 4].map(amount => api.patch(id, { amount }, etag)));
  expect(answers.map(answer => answer.status).toSorted()).toEqual([200, 412, 412, 412]);
  const winner = answers.find(answer => answer.status === 200);
  expect((await api.get(id)).json['amount']).toBe(winner?.json['amount']);
});

test('a change without If-Match is refused with 428 where that is required', async () => {
  const api = referenceClient();
  const { id } = await api.order();
  expect([(await api.put(id, PUT_BODY)).status, (await api.patch(id, {})).status]).toEqual([428, 428]);
  expect((await api.remove(id)).status).toBe(204);
});

test('If-None-Match: * creates once', async () => {
  const api = referenceClient();
  const create = () => api.send('PUT', '/orders/mine', PUT_BODY, { 'if-none-match': '*' });
  const answers = await Promise.all([create(), create(), create()]);
  expect(answers.map(answer => answer.status).toSorted()).toEqual([201, 412, 412]);
});

test('If-Match on an order that is gone does not bring it back', async () => {
  const api = referenceClient();
  const { id, etag } = await api.order();
  await api.remove(id);
  expect((await api.put(id, PUT_BODY, etag)).status).toBe(412);
  expect((await api.put(id, PUT_BODY, '*')).status).toBe(412);
  expect((await api.get(id)).status).toBe(404);
});

test('a weak tag never matches If-Match', async () => {
  const api = referenceClient({ choices: { etag: 'weak' } });
  const { id, etag } = await api.order();
  expect(etag).toMatch(/^W\/"/);
  expect((await api.patch(id, { amount: 1 }, etag)).status).toBe(412);
  expect((await api.patch(id, { amount: 1 })).status).toBe(200);
});

test.each([404, 410, 204] as const)('a DELETE again is answered with %i and nothing comes back', async status => {
  const api = referenceClient({ choices: { deleteMissing: status } });
  const { id } = await api.order();
  const answers = [await api.remove(id), await api.remove(id)];
  expect(answers.map(answer => answer.status)).toEqual([204, status]);
  expect((await api.get(id)).status).toBe(status === 410 ? 410 : 404);
  expect(await api.count()).toBe(0);
  expect((await api.remove('never')).status).toBe(status === 204 ? 204 : 404);
});

test('of concurrent DELETEs one deletes, the others find it gone', async () => {
  const api = referenceClient();
  const { id } = await api.order();
  const answers = await Promise.all([1, 2, 3].map(() => api.remove(id)));
  expect(answers.map(answer => answer.status).toSorted()).toEqual([204, 404, 404]);
});

test('a soft delete leaves the order readable, marked, out of the list, and closed', async () => {
  const api = referenceClient({ choices: { softDelete: true } });
  const { id } = await api.order();
  await api.remove(id);
  expect((await api.get(id)).json['status']).toBe('deleted');
  expect(await api.count()).toBe(0);
  expect((await api.put(id, PUT_BODY)).status).toBe(409);
  expect((await api.remove(id)).status).toBe(404);
});

test('HEAD answers as GET without the body, and gives its length', async () => {
  const api = referenceClient();
  const { id } = await api.order();
  const [get, head] = [await api.get(id), await api.head(id)];
  expect([head.status, head.text, head.etag]).toEqual([200, '', get.etag]);
  expect(Object.fromEntries(head.headers)).toEqual(Object.fromEntries(get.headers));
  expect(head.headers.get('content-length')).toBe(String(get.text.length));
});

test('one account per owner, also when requests meet', async () => {
  const api = referenceClient();
  const answers = await Promise.all([1, 2, 3].map(() => api.account('o')));
  expect(answers.map(answer => answer.status).toSorted()).toEqual([201, 409, 409]);
  expect(await api.count('/accounts?owner=o')).toBe(1);
});

test('notes belong to their order and go with it', async () => {
  const api = referenceClient();
  const { id } = await api.order();
  const key = { 'idempotency-key': 'n' };
  const made = await api.send('POST', `/orders/${id}/notes`, { text: 't' }, key);
  expect(made.headers.get('location')).toBe(`/orders/${id}/notes/${made.id}`);
  expect(await api.count(`/orders/${id}/notes?text=t`)).toBe(1);
  await api.remove(id);
  expect((await api.send('GET', `/orders/${id}/notes/${made.id}`)).status).toBe(404);
});

test('a list is paged, and its pages together are all records once', async () => {
  const api = referenceClient();
  const made: string[] = [];
  for (let n = 0; n < 5; n++) made.push((await api.order()).id);
  const pages = [await api.send('GET', '/orders?reference=ref&limit=2')];
  for (let next = pages[0]?.json['next']; typeof next === 'string'; next = pages.at(-1)?.json['next']) {
    pages.push(await api.send('GET', `/orders?reference=ref&limit=2&after=${next}`));
  }
  expect(pages.flatMap(page => JSON.parse(page.text).items.map((item: { id: string }) => item.id))).toEqual(made);
  expect(pages[0]?.headers.get('link')).toContain('rel="next"');
});

test('a new record shows after the lag', async () => {
  const api = referenceClient({ choices: { lagMs: 100 } });
  const { id } = await api.order();
  expect([(await api.get(id)).status, await api.count()]).toEqual([404, 0]);
  api.clock.advance(100);
  expect([(await api.get(id)).status, await api.count()]).toEqual([200, 1]);
});

test('volatile fields differ between two reads, and the tag is weak', async () => {
  const api = referenceClient({ choices: { volatileFields: true } });
  const { id, etag } = await api.order();
  const [one, two] = [await api.get(id), await api.get(id)];
  expect(one.json['requestId']).not.toBe(two.json['requestId']);
  expect([etag?.slice(0, 2), one.etag]).toEqual(['W/', two.etag]);
});

test.each([
  ['not JSON', '{', 400],
  ['no object', '[]', 400],
  ['no amount', '{}', 400],
  ['amount as text', '{"amount":"1"}', 400],
])('a body that is not valid is refused (%s)', async (_, body, status) => {
  expect((await referenceClient().order(body)).status).toBe(status);
});

test('what is not there is 404, a method that is not there 405 with Allow', async () => {
  const api = referenceClient({ choices: { list: false } });
  expect((await api.send('GET', '/nothing')).status).toBe(404);
  const list = await api.send('GET', '/orders');
  expect([list.status, list.headers.get('allow')]).toEqual([405, 'POST, OPTIONS']);
  expect((await api.send('OPTIONS', '/orders')).status).toBe(204);
});

test('a label is made and replaced whole by PUT, listed by its text, and gone after DELETE', async () => {
  const api = referenceClient();
  const made = await api.label('l', { text: 't', colour: 'red', weight: 2 });
  const again = await api.label('l', { text: 't' });
  expect([made.status, made.headers.get('location'), again.status]).toEqual([201, '/labels/l', 200]);
  expect((await api.send('GET', '/labels/l')).json).toMatchObject({ id: 'l', text: 't', colour: null, weight: 0 });
  expect(await api.count('/labels?text=t')).toBe(1);
  const remove = () => api.send('DELETE', '/labels/l');
  expect([(await remove()).status, (await remove()).status, await api.count('/labels')]).toEqual([204, 404, 0]);
});

test('a label is written under If-Match, and made once under If-None-Match: *', async () => {
  const api = referenceClient();
  const claim = () => api.label('l', { text: 't' }, { 'if-none-match': '*' });
  const answers = await Promise.all([claim(), claim(), claim()]);
  expect(answers.map(answer => answer.status).toSorted()).toEqual([201, 412, 412]);
  const { etag } = await api.send('GET', '/labels/l');
  const write = () => api.label('l', { text: 'u' }, { 'if-match': etag ?? '' });
  expect([(await write()).status, (await write()).status]).toEqual([200, 412]);
});

test('deposits that meet are all added', async () => {
  const api = referenceClient();
  const { id } = await api.account('o');
  await Promise.all([1, 2, 3, 4].map(() => api.deposit(id, 2.5)));
  expect((await api.send('GET', `/accounts/${id}`)).json['balance']).toBe(10);
});

test('a create may be answered with 200, which says nothing of where it is', async () => {
  const api = referenceClient({ choices: { createStatus: 200 } });
  const made = await api.order();
  expect([made.status, made.headers.get('location')]).toEqual([200, null]);
  const { paths } = JSON.parse((await api.send('GET', '/openapi.json')).text);
  expect(Object.keys(paths['/orders'].post.responses)).toContain('200');
});

test('where PUT keeps a note that is left out, PATCH takes it away, and the document does not speak of replacing', async () => {
  const api = referenceClient({ choices: { putOmitted: 'kept', preconditionRequired: false } });
  const { id } = await api.order({ ...ORDER, note: 'n' });
  const notes = [];
  await api.put(id, ORDER);
  notes.push((await api.get(id)).json['note']);
  await api.patch(id, { note: null });
  notes.push((await api.get(id)).json['note']);
  expect(notes).toEqual(['n', null]);
  const { paths } = JSON.parse((await api.send('GET', '/openapi.json')).text);
  expect(paths['/orders/{id}'].put.summary).not.toMatch(/replace/i);
});
