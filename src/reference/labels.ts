import type { Behaviour } from './behaviour.js';
import { labelDraft } from './drafts.js';
import { conditions, type Incoming } from './incoming.js';
import { idIn } from './orders.js';
import { page, wantedIn } from './paging.js';
import { visible } from './reading.js';
import type { Label } from './records.js';
import { empty, type MaybeReply, type Reply } from './reply.js';
import type { Route, Routes } from './routes.js';
import type { World } from './world.js';
import { notFound, putReply, unmet } from './writing.js';

/** Labels: made and replaced by PUT to an id of the client's; `If-None-Match: *` makes it a create alone. */
export const labelRoutes: Routes = (world, behaviour) => {
  const list: readonly Route[] = [
    { method: 'GET', path: '/labels', handle: request => page(request, listed(request, world), world, behaviour) },
  ];
  return [
    ...(world.choices.list ? list : []),
    { method: 'GET', path: '/labels/:id', handle: request => read(request, world, behaviour) },
    { method: 'PUT', path: '/labels/:id', handle: request => put(request, world, behaviour) },
    { method: 'DELETE', path: '/labels/:id', handle: request => remove(request, world, behaviour) },
  ];
};

function listed(request: Incoming, world: World): readonly Label[] {
  const text = wantedIn(request, 'text', world);
  return world.labels
    .all()
    .filter(label => visible(world, label) !== undefined && (text === null || label.text === text));
}

function read(request: Incoming, world: World, behaviour: Behaviour): Reply {
  const label = visible(world, world.labels.get(idIn(request)));
  return label === undefined ? notFound() : behaviour.shown(label, conditions(request));
}

function put(request: Incoming, world: World, behaviour: Behaviour): MaybeReply {
  const { clock, labels } = world;
  const draft = labelDraft(request.body);
  if (draft.refusal !== null) return draft.refusal;
  const id = idIn(request);
  return behaviour.putLabel({
    id,
    conditions: conditions(request),
    draft: draft.value,
    find: () => labels.get(id),
    commit: said => {
      const existing = labels.get(id);
      const updatedAtMs = clock.nowMs();
      const { version, createdAtMs } = existing ?? { version: 0, createdAtMs: updatedAtMs };
      const label: Label = { ...said, kind: 'label', id, version: version + 1, createdAtMs, updatedAtMs };
      labels.put(label);
      return putReply(world, behaviour, label, existing === undefined);
    },
  });
}

function remove(request: Incoming, { labels, lock, choices }: World, behaviour: Behaviour): MaybeReply {
  const id = idIn(request);
  return lock(`label:${id}`, async () => {
    const label = labels.get(id);
    const refusal = label === undefined ? null : unmet(conditions(request), label, behaviour);
    if (refusal !== null) return refusal;
    return labels.remove(id) || choices.deleteMissing === 204 ? empty(204) : notFound();
  });
}
