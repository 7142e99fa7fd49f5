import type { Behaviour, Creation } from './behaviour.js';
import { noteDraft } from './drafts.js';
import { strongMatch } from './entity-tags.js';
import { conditions, type Incoming } from './incoming.js';
import { keyed } from './key-layer.js';
import { idIn } from './orders.js';
import { page, wantedIn } from './paging.js';
import { visible } from './reading.js';
import type { Note } from './records.js';
import { empty, type MaybeReply, type Reply } from './reply.js';
import type { Route, Routes } from './routes.js';
import type { World } from './world.js';
import { notFound, preconditionFailed } from './writing.js';

/** Notes of an order. They go with their order. */
export const noteRoutes: Routes = (world, behaviour) => {
  const list: readonly Route[] = [
    { method: 'GET', path: '/orders/:id/notes', handle: request => listed(request, world, behaviour) },
  ];
  return [
    { method: 'POST', path: '/orders/:id/notes', handle: request => create(request, world, behaviour) },
    ...(world.choices.list ? list : []),
    { method: 'GET', path: '/orders/:id/notes/:note', handle: request => read(request, world, behaviour) },
    { method: 'DELETE', path: '/orders/:id/notes/:note', handle: request => remove(request, world, behaviour) },
  ];
};

function listed(request: Incoming, world: World, behaviour: Behaviour): Reply {
  const order = idIn(request);
  if (world.orders.get(order) === undefined) return behaviour.orderNotFound(order);
  const text = wantedIn(request, 'text', world);
  const wanted = (note: Note) => note.order === order && (text === null || note.text === text);
  const notes = world.notes.all().filter(note => wanted(note) && visible(world, note) !== undefined);
  return page(request, notes, world, behaviour);
}

function create(request: Incoming, world: World, behaviour: Behaviour): Promise<Reply> {
  const order = idIn(request);
  return keyed(request, world, behaviour, async () => {
    const text = noteDraft(request.body);
    if (text.refusal !== null) return text.refusal;
    if (world.orders.get(order) === undefined) return behaviour.orderNotFound(order);
    return behaviour.create(creation(order, text.value, world));
  });
}

function creation(order: string, text: string, { clock, ids, notes }: World): Creation {
  return {
    unique: null,
    twin: () => undefined,
    alike: () => notes.all().find(note => note.order === order && note.text === text),
    insert: () => {
      const nowMs = clock.nowMs();
      const note: Note = { kind: 'note', id: ids(), order, text, version: 1, createdAtMs: nowMs, updatedAtMs: nowMs };
      notes.put(note);
      return note;
    },
  };
}

function find(request: Incoming, { notes }: World): Note | undefined {
  const note = notes.get(request.params['note'] ?? '');
  return note?.order === idIn(request) ? note : undefined;
}

function read(request: Incoming, world: World, behaviour: Behaviour): Reply {
  const note = visible(world, find(request, world));
  return note === undefined ? notFound() : behaviour.shown(note, conditions(request));
}

function remove(request: Incoming, world: World, behaviour: Behaviour): MaybeReply {
  const note = find(request, world);
  const { ifMatch } = conditions(request);
  const isStale = note !== undefined && ifMatch !== null && !strongMatch(ifMatch, behaviour.etagOf(note));
  if (isStale) return preconditionFailed();
  if (note !== undefined) world.notes.remove(note.id);
  return note !== undefined || world.choices.deleteMissing === 204 ? empty(204) : notFound();
}
