import type { Behaviour, Write, WriteBehaviour } from './behaviour.js';
import { strongMatch, weakMatch } from './entity-tags.js';
import type { Conditions } from './incoming.js';
import type { Order, Stored } from './records.js';
import { crash, empty, json, problem, withReplyHeader, type Reply } from './reply.js';
import type { World } from './world.js';

/** How a correct API makes, changes and deletes records. */
export function writeBehaviour(world: World, self: () => Behaviour): WriteBehaviour {
  return { ...lockedWrites(world, self), ...refusals(world, self), ...effects(world, self) };
}

type Locked = Pick<WriteBehaviour, 'create' | 'write' | 'putLabel' | 'deposit' | 'act'>;

/** The writes themselves: check, work and write under one lock. */
function lockedWrites(world: World, self: () => Behaviour): Locked {
  const { clock, ids, lock, choices } = world;
  const work = () => clock.sleep(choices.workMs);
  return {
    create: creation =>
      lock(creation.unique ?? `new:${ids()}`, async () => {
        const twin = creation.twin();
        if (twin !== undefined) return self().duplicate(creation, twin);
        await work();
        return self().created(creation.insert());
      }),

    write: write =>
      lock(`order:${write.id}`, async () => {
        const refusal = refusalOf(write, self());
        if (refusal !== null) return refusal;
        await work();
        return write.commit();
      }),

    putLabel: ({ id, conditions, draft, find, commit }) =>
      lock(`label:${id}`, async () => {
        const refusal = unmet(conditions, find(), self());
        if (refusal !== null) return refusal;
        await work();
        return commit(draft);
      }),

    deposit: ({ account, amount, find, absent, commit }) =>
      lock(`account:${account}`, async () => {
        if (find() === undefined) return absent();
        await work();
        const found = find();
        if (found === undefined) return absent();
        return isPending(world, found) ? stillPending() : commit(paid(found.balance, amount));
      }),

    act: act =>
      lock(`item:${act.id}`, async () => {
        const refusal = act.refusal();
        if (refusal !== null) return refusal;
        await work();
        if (act.isDue()) act.effect();
        return act.commit();
      }),
  };
}

type Refusals = Pick<WriteBehaviour, 'failing' | 'duplicate' | 'precondition' | 'refused' | 'absent'>;

/** Why a write does not take place, and what is answered then. */
function refusals(world: World, self: () => Behaviour): Refusals {
  const { orders, choices } = world;
  return {
    failing: () => crash(),

    duplicate: () => problem(409, 'duplicate', 'A record with this value exists'),

    precondition: write => {
      const current = write.find();
      if (write.method !== 'DELETE' && current !== undefined && isPending(world, current)) return stillPending();
      const isTaken = choices.softDelete && write.find() === undefined && orders.deleted(write.id) !== undefined;
      if (isTaken) return problem(409, 'deleted', 'The order was deleted');
      return precondition(write, self(), choices.preconditionRequired);
    },

    refused: ({ refusal }) => refusal,

    absent: ({ method, id }) => {
      if (method !== 'DELETE') return self().orderNotFound(id);
      const isKnown = orders.deleted(id) !== undefined;
      if (choices.deleteMissing === 204) return empty(204);
      return choices.deleteMissing === 410 && isKnown ? gone() : notFound();
    },
  };
}

type Effects = Pick<WriteBehaviour, 'replaced' | 'written' | 'remove' | 'created'>;

/** What a write leaves behind, and what is answered to it. */
function effects(world: World, self: () => Behaviour): Effects {
  const { clock, ids, orders, choices } = world;
  return {
    replaced: (existing, draft, id) => {
      const nowMs = clock.nowMs();
      const order = existing ?? newOrder(id, ids(), nowMs);
      const note = draft.note ?? (choices.putOmitted === 'kept' ? order.note : null);
      return { ...order, ...draft, note, version: order.version + 1, updatedAtMs: nowMs };
    },

    written: (write, order, isNew) => {
      if (write.method === 'PUT') return putReply(world, self(), order, isNew);
      if (isNew) return createdReply(world, self(), order, true);
      if (choices.writeAnswer === 'empty') return empty(204);
      return tagged(bodyReply(200, self(), order), self().etagOf(order));
    },

    remove: id => {
      const order = orders.get(id);
      if (order !== undefined && choices.softDelete) orders.put(markedDeleted(order, clock.nowMs()));
      orders.remove(id);
    },

    created: record => postedReply(world, self(), record),
  };
}

/** Whether a record is not done yet. */
export function isPending({ clock, choices }: World, { createdAtMs }: Stored): boolean {
  return choices.createAnswer === 'pending' && clock.nowMs() - createdAtMs < choices.finishMs;
}

function stillPending(): Reply {
  return problem(409, 'pending', 'The record is not active yet', { headers: { 'retry-after': '1' } });
}

/** A balance with an amount added, to the cent. */
export function paid(balance: number, amount: number): number {
  return Math.round((balance + amount) * 100) / 100;
}

/** Why a write must not go on: nothing there, or a precondition that does not hold. */
export function refusalOf(write: Write, behaviour: Behaviour): Reply | null {
  const isThere = write.find() !== undefined;
  if (!isThere && write.method !== 'PUT') return behaviour.absent(write);
  return behaviour.precondition(write);
}

/** A new order with nothing said yet. */
export function newOrder(id: string, unique: string, nowMs: number): Order {
  return {
    kind: 'order',
    id,
    version: 0,
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
    amount: 0,
    status: 'open',
    reference: null,
    note: null,
    tags: [],
    receipt: `R-${unique}`,
    deletedAtMs: null,
  };
}

function markedDeleted(order: Order, nowMs: number): Order {
  return { ...order, version: order.version + 1, status: 'deleted', updatedAtMs: nowMs, deletedAtMs: nowMs };
}

/** Where a record lives, from the root of the server. */
export function placeOf(basePath: string, record: Stored): string {
  switch (record.kind) {
    case 'order':
      return `${basePath}/orders/${encodeURIComponent(record.id)}`;
    case 'account':
      return `${basePath}/accounts/${record.id}`;
    case 'label':
      return `${basePath}/labels/${encodeURIComponent(record.id)}`;
    case 'item':
      return `${basePath}${record.at}/${encodeURIComponent(record.id)}`;
    case 'note':
      return `${basePath}/orders/${encodeURIComponent(record.order)}/notes/${record.id}`;
  }
}

/** The answer for something that is not there. */
export function notFound(): Reply {
  return problem(404, 'not-found', 'There is no such resource');
}

/** The answer for something that was there (RFC 9110 section 15.5.11). */
export function gone(): Reply {
  return problem(410, 'gone', 'The resource was deleted');
}

/** A refused precondition (RFC 9110 section 15.5.13). */
export function preconditionFailed(): Reply {
  return problem(412, 'precondition-failed', 'The resource has changed', {
    detail: 'Read it again and send the change with its current ETag.',
  });
}

/** The refusal If-Match or If-None-Match demands for a record; `null` when they hold or are not there. */
export function unmet(
  { ifMatch, ifNoneMatch }: Conditions,
  current: Stored | undefined,
  behaviour: Pick<Behaviour, 'etagOf'>,
): Reply | null {
  const tag = current === undefined ? null : behaviour.etagOf(current);
  if (ifMatch !== null && (current === undefined || !strongMatch(ifMatch, tag))) return preconditionFailed();
  if (ifNoneMatch !== null && current !== undefined && weakMatch(ifNoneMatch, tag)) return preconditionFailed();
  return null;
}

function precondition(write: Write, behaviour: Behaviour, isRequired: boolean): Reply | null {
  const current = write.find();
  const refusal = unmet(write.conditions, current, behaviour);
  if (refusal !== null) return refusal;
  if (!isRequired || write.conditions.ifMatch !== null || current === undefined || write.method === 'DELETE')
    return null;
  return problem(428, 'precondition-required', 'The change must name the version it is made to', {
    detail: 'Send the ETag of the order as If-Match.',
  });
}

function bodyReply(status: number, behaviour: Behaviour, record: Stored): Reply {
  const reply = json(status, null);
  return { ...reply, body: behaviour.serialise(behaviour.represent(record, 'write'), 'write') };
}

/** The answer to a PUT of a whole record: without a validator, since what is stored is not what was sent (RFC 9110 section 9.3.4). */
export function putReply(world: World, behaviour: Behaviour, record: Stored, isNew: boolean): Reply {
  if (isNew) return createdReply(world, behaviour, record, false);
  return world.choices.writeAnswer === 'empty' ? empty(204) : bodyReply(200, behaviour, record);
}

function createdReply({ basePath }: World, behaviour: Behaviour, record: Stored, isTagged: boolean): Reply {
  const reply = withReplyHeader(bodyReply(201, behaviour, record), 'location', placeOf(basePath, record));
  return isTagged ? tagged(reply, behaviour.etagOf(record)) : reply;
}

/** The answer to a POST that made a record, by the choice of `createAnswer`. */
function postedReply(world: World, behaviour: Behaviour, record: Stored): Reply {
  const place = { location: placeOf(world.basePath, record) };
  switch (world.choices.createAnswer) {
    case 'representation': {
      const reply = createdReply(world, behaviour, record, true);
      return world.choices.createStatus === 201 ? reply : withoutPlace({ ...reply, status: 200 });
    }
    case 'empty':
      return tagged(empty(201, place), behaviour.etagOf(record));
    case 'accepted':
      return json(202, { job: world.ids(), status: 'accepted' }, place);
    case 'operation':
      return world.operations.started(place.location);
    case 'pending':
      return { ...createdReply(world, behaviour, record, true), status: 202 };
  }
}

function withoutPlace({ headers, ...reply }: Reply): Reply {
  const { location: _, ...others } = headers;
  return { ...reply, headers: others };
}

function tagged(reply: Reply, tag: string | null): Reply {
  return tag === null ? reply : withReplyHeader(reply, 'etag', tag);
}
