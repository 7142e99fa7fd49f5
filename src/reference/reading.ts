import { Buffer } from 'node:buffer';
import type { Behaviour, ReadBehaviour } from './behaviour.js';
import { strongMatch, strongTag, weakMatch } from './entity-tags.js';
import type { Conditions } from './incoming.js';
import type { Stored } from './records.js';
import { json, type Reply } from './reply.js';
import type { World } from './world.js';
import { gone, isPending, notFound, preconditionFailed } from './writing.js';

/** How a correct API shows its records. */
export function readBehaviour(world: World, self: () => Behaviour): ReadBehaviour {
  const { clock, ids, orders, choices } = world;
  return {
    findOrder: id => visible(world, orders.get(id)) ?? (choices.softDelete ? orders.deleted(id) : undefined),
    orderNotFound: id => (choices.deleteMissing === 410 && orders.deleted(id) !== undefined ? gone() : notFound()),
    listedOrders: () => orders.all().filter(order => visible(world, order) !== undefined),
    read: (_, show) => show(),
    readItem: (_, show) => show(),
    shown: (record, conditions) => shown(record, conditions, self()),
    afterRead: () => undefined,

    represent: record => ({
      ...membersOf(record),
      ...stateOf(world, record),
      ...revisionOf(world, record),
      ...(choices.volatileFields ? { servedAt: new Date(clock.nowMs()).toISOString(), requestId: ids() } : {}),
    }),

    serialise: value => JSON.stringify(value),
    etagOf: record => tagOf({ ...record, ...stateOf(world, record) }, choices.etag),
    noneMatch: (header, record) => weakMatch(header, self().etagOf(record)),
    options: () => undefined,
    head: get => ({ ...get, body: null }),
  };
}

/** The record, unless it is too new to be seen. */
export function visible<R extends Stored>({ clock, choices }: World, record: R | undefined): R | undefined {
  const lagMs = choices.createAnswer === 'operation' ? choices.finishMs : choices.lagMs;
  return record === undefined || clock.nowMs() - record.createdAtMs < lagMs ? undefined : record;
}

/** How far the making of a record is, where the API shows it. */
function stateOf(world: World, record: Stored): { readonly state?: 'pending' | 'active' } {
  if (world.choices.createAnswer !== 'pending') return {};
  return { state: isPending(world, record) ? 'pending' : 'active' };
}

/** The reply with the length of its body, as GET has it and HEAD must repeat it (RFC 9110 section 9.3.2). */
export function measured(reply: Reply): Reply {
  if (reply.body === null) return reply;
  return { ...reply, headers: { ...reply.headers, 'content-length': String(Buffer.byteLength(reply.body)) } };
}

function shown(record: Stored, { ifMatch, ifNoneMatch }: Conditions, behaviour: Behaviour): Reply {
  const tag = behaviour.etagOf(record);
  const tags = tag === null ? {} : { etag: tag };
  if (ifMatch !== null && !strongMatch(ifMatch, tag)) return preconditionFailed();
  if (ifNoneMatch !== null && behaviour.noneMatch(ifNoneMatch, record))
    return { status: 304, headers: tags, body: null };
  const body = behaviour.serialise(behaviour.represent(record, 'read'), 'read');
  return { ...json(200, null, { ...tags, 'cache-control': 'no-cache' }), body };
}

function revisionOf({ revisions, choices }: World, { id }: Stored): { readonly modifiedIndex?: number } {
  if (choices.revision === 'none') return {};
  return { modifiedIndex: choices.revision === 'of-record' ? revisions.of(id) : revisions.now() };
}

function tagOf(record: Stored, kind: 'strong' | 'weak' | 'none'): string | null {
  if (kind === 'none') return null;
  return kind === 'weak' ? `W/${strongTag(record)}` : strongTag(record);
}

function membersOf(record: Stored): Readonly<Record<string, unknown>> {
  const times = { createdAt: iso(record.createdAtMs), updatedAt: iso(record.updatedAtMs) };
  switch (record.kind) {
    case 'order': {
      const { id, amount, status, reference, note, tags, receipt, deletedAtMs } = record;
      const mark = deletedAtMs === null ? {} : { deletedAt: iso(deletedAtMs) };
      return { id, amount, status, reference, note, tags, receipt, ...times, ...mark };
    }
    case 'account': {
      const { id, owner, currency, balance } = record;
      return { id, owner, currency, balance, ...times };
    }
    case 'label': {
      const { id, text, colour, weight } = record;
      return { id, text, colour, weight, ...times };
    }
    case 'item':
      return { id: record.id, ...record.members, ...times };
    case 'note': {
      const { id, order, text } = record;
      return { id, order, text, ...times };
    }
  }
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
