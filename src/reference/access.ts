import type { AccessBehaviour, Behaviour } from './behaviour.js';
import type { Incoming } from './incoming.js';
import { problem, type MaybeReply, type Reply } from './reply.js';
import type { Route, Routes } from './routes.js';
import { callerOf, TENANTS } from './tenants.js';
import type { Choices } from './choices.js';
import type { World } from './world.js';

/** What a correct API adds to its refusals: nothing. */
export const accessBehaviour: AccessBehaviour = { unauthenticated: () => null, forbidden: () => null };

/** A world with its behaviour. */
export interface Place {
  readonly world: World;
  readonly behaviour: Behaviour;
}

/**
 * The routes of an API in which each tenant has a world of its own: 401 without a valid token, 403 for a change by one
 * who may only read.
 */
export function guardedRoutes(
  routesOf: Routes,
  placeOf: (tenant: string) => Place,
  callers: Choices['callers'],
): readonly Route[] {
  const places = new Map(TENANTS.map(tenant => [tenant, placeOf(tenant)]));
  const own = new Map([...places].map(([tenant, { world, behaviour }]) => [tenant, routesOf(world, behaviour)]));
  const behaviours = [...places.values()].map(({ behaviour }) => behaviour);
  const [model = []] = own.values();

  const handle = (request: Incoming, at: number): MaybeReply => {
    const caller = callerOf(request.headers, callers);
    if (caller === null) return said(behaviours, 'unauthenticated', request) ?? unauthorized();
    const known = { ...request, caller: caller.tenant };
    if (!caller.mayWrite && request.method !== 'GET') return said(behaviours, 'forbidden', known) ?? forbidden();
    return own.get(caller.tenant)?.[at]?.handle(known) ?? unauthorized();
  };
  return model.map(({ method, path }, at) => ({ method, path, handle: request => handle(request, at) }));
}

function said(behaviours: readonly Behaviour[], what: keyof AccessBehaviour, request: Incoming): Reply | null {
  return behaviours.map(behaviour => behaviour[what](request)).find(reply => reply !== null) ?? null;
}

function unauthorized(): Reply {
  const headers = { 'www-authenticate': 'Bearer' };
  return problem(401, 'unauthorized', 'A valid token is required', { headers });
}

function forbidden(): Reply {
  return problem(403, 'forbidden', 'This token may only read');
}
