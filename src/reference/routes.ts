import type { Behaviour } from './behaviour.js';
import type { Incoming } from './incoming.js';
import type { MaybeReply } from './reply.js';
import type { World } from './world.js';

/** One operation of the API; `:name` in a path is a parameter. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly handle: (request: Incoming) => MaybeReply;
}

/** Makes the routes of a resource over one world. */
export type Routes = (world: World, behaviour: Behaviour) => readonly Route[];
