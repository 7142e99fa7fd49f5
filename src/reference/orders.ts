import type { Behaviour, Creation, Refused, Write } from './behaviour.js';
import { orderDraft, orderDraftOver, orderDraftPatched, type OrderDraft } from './drafts.js';
import { conditions, type Incoming } from './incoming.js';
import { KEY_HEADER, keyed } from './key-layer.js';
import { page, wantedIn } from './paging.js';
import type { Order } from './records.js';
import { empty, type MaybeReply, type Reply } from './reply.js';
import type { Route, Routes } from './routes.js';
import type { World } from './world.js';

/** An order with this note fails: a test system's way to see what an error leaves behind. */
export const FAILING_NOTE = 'make this fail';

/** Orders: made by a keyed POST or by PUT to an id of the client's, changed under If-Match. */
export const orderRoutes: Routes = (world, behaviour) => {
  const list: readonly Route[] = [
    {
      method: 'GET',
      path: '/orders',
      handle: request => page(request, listed(request, world, behaviour), world, behaviour),
    },
  ];
  return [
    { method: 'POST', path: '/orders', handle: request => create(request, world, behaviour) },
    ...(world.choices.list ? list : []),
    { method: 'GET', path: '/orders/:id', handle: request => read(request, behaviour) },
    { method: 'PUT', path: '/orders/:id', handle: request => replace(request, world, behaviour) },
    { method: 'PATCH', path: '/orders/:id', handle: request => update(request, world, behaviour) },
    { method: 'DELETE', path: '/orders/:id', handle: request => remove(request, world, behaviour) },
  ];
};

/** Whether a PUT says what is there already. */
export function isRepeated({ draft, find }: Write): boolean {
  const order = find();
  return order !== undefined && draft !== null && wording(order) === wording(draft);
}

/** The id of an order in the path. */
export function idIn({ params }: Incoming): string {
  return params['id'] ?? '';
}

function wording({ amount, status, reference, note, tags }: OrderDraft): string {
  return JSON.stringify([amount, status, reference, note, tags]);
}

function listed(request: Incoming, world: World, behaviour: Behaviour): readonly Order[] {
  const reference = wantedIn(request, 'reference', world);
  return behaviour.listedOrders().filter(order => reference === null || order.reference === reference);
}

function create(request: Incoming, world: World, behaviour: Behaviour): Promise<Reply> {
  return keyed(request, world, behaviour, async () => {
    const draft = orderDraft(request.body);
    if (draft.refusal !== null) return behaviour.refused(refused(request, null, draft.refusal));
    const make = () => behaviour.create(creation(draft.value, world, behaviour));
    return draft.value.note === FAILING_NOTE ? behaviour.failing(make) : make();
  });
}

function refused({ method, body }: Incoming, id: string | null, refusal: Reply): Refused {
  return { kind: 'order', method, id, body, refusal };
}

function creation(draft: OrderDraft, { ids, orders }: World, behaviour: Behaviour): Creation {
  return {
    unique: null,
    twin: () => undefined,
    alike: () => orders.all().find(order => draft.reference !== null && order.reference === draft.reference),
    insert: () => {
      const order = behaviour.replaced(undefined, draft, ids());
      orders.put(order);
      return order;
    },
  };
}

function read(request: Incoming, behaviour: Behaviour): MaybeReply {
  const order = behaviour.findOrder(idIn(request));
  if (order === undefined) return behaviour.orderNotFound(idIn(request));
  return behaviour.read(request, () => {
    const reply = behaviour.shown(order, conditions(request));
    behaviour.afterRead(order);
    return reply;
  });
}

function replace(request: Incoming, { orders }: World, behaviour: Behaviour): MaybeReply {
  const draft = orderDraft(request.body);
  const id = idIn(request);
  if (draft.refusal !== null) return behaviour.refused(refused(request, id, draft.refusal));
  const find = () => orders.get(id);
  const write: Write = {
    method: 'PUT',
    id,
    conditions: conditions(request),
    draft: draft.value,
    find,
    commit: () => {
      const existing = find();
      const order = behaviour.replaced(existing, draft.value, id);
      orders.put(order);
      return behaviour.written(write, order, existing === undefined);
    },
  };
  return behaviour.write(write);
}

/** A key is honoured where one is sent; setting a field again needs none. */
function update(request: Incoming, world: World, behaviour: Behaviour): MaybeReply {
  const execute = async () => change(request, world, behaviour);
  const isKeyed = world.choices.keyIn === 'header' && request.headers.has(KEY_HEADER);
  return isKeyed ? keyed(request, world, behaviour, execute) : execute();
}

function change(request: Incoming, { clock, orders }: World, behaviour: Behaviour): MaybeReply {
  const id = idIn(request);
  const find = () => orders.get(id);
  const current = find();
  // Refused before it is tried: a change that is not valid has no precondition to fail.
  const early = current === undefined ? null : draftOf(current, request).refusal;
  if (early !== null) return behaviour.refused(refused(request, id, early));
  const write: Write = {
    method: 'PATCH',
    id,
    conditions: conditions(request),
    draft: null,
    find,
    commit: () => {
      const existing = find();
      if (existing === undefined) return behaviour.absent(write);
      const draft = draftOf(existing, request);
      if (draft.refusal !== null) return draft.refusal;
      const order = { ...existing, ...draft.value, version: existing.version + 1, updatedAtMs: clock.nowMs() };
      orders.put(order);
      return behaviour.written(write, order, false);
    },
  };
  return behaviour.write(write);
}

function draftOf(order: Order, { headers, body }: Incoming): ReturnType<typeof orderDraft> {
  const isSteps = /json-patch/i.test(headers.get('content-type') ?? '');
  return isSteps ? orderDraftPatched(order, body) : orderDraftOver(order, body);
}

function remove(request: Incoming, { notes, orders }: World, behaviour: Behaviour): MaybeReply {
  const id = idIn(request);
  const find = () => orders.get(id);
  const write: Write = {
    method: 'DELETE',
    id,
    conditions: conditions(request),
    draft: null,
    find,
    commit: () => {
      if (find() === undefined) return behaviour.absent(write);
      behaviour.remove(id);
      for (const note of notes.all()) if (note.order === id) notes.remove(note.id);
      return empty(204);
    },
  };
  return behaviour.write(write);
}
