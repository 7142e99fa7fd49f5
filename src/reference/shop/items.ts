import type { Behaviour } from '../behaviour.js';
import type { Item, Members } from '../records.js';
import { json, problem, withReplyHeader, type Reply } from '../reply.js';
import type { World } from '../world.js';
import { paid } from '../writing.js';

/** A number among the members of a record; 0 without one. */
export function numberIn({ members }: Item, name: string): number {
  const value = members[name];
  return typeof value === 'number' ? value : 0;
}

/** A text among the members of a record; empty without one. */
export function textIn({ members }: Item, name: string): string {
  const value = members[name];
  return typeof value === 'string' ? value : '';
}

/** Changes members of a record, at once; hands back what it is then. Nothing where there is none. */
export function change({ clock, items }: World, id: string, members: Members): Item | undefined {
  const item = items.get(id);
  if (item === undefined) return undefined;
  const changed = {
    ...item,
    members: { ...item.members, ...members },
    version: item.version + 1,
    updatedAtMs: clock.nowMs(),
  };
  items.put(changed);
  return changed;
}

/** Adds to a number of a record, at once. */
export function add(world: World, id: string, name: string, amount: number): void {
  const item = world.items.get(id);
  if (item !== undefined) change(world, id, { [name]: paid(numberIn(item, name), amount) });
}

/** A record as the answer to what was done to it. */
export function shownItem(behaviour: Behaviour, item: Item): Reply {
  const reply = { ...json(200, null), body: behaviour.serialise(behaviour.represent(item, 'write'), 'write') };
  const tag = behaviour.etagOf(item);
  return tag === null ? reply : withReplyHeader(reply, 'etag', tag);
}

/** The refusal of what the state of a record does not allow. */
export function notNow(title: string): Reply {
  return problem(409, 'state', title);
}
