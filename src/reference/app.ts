import { Hono, type Context } from 'hono';
import { guardedRoutes, type Place } from './access.js';
import { accountRoutes } from './accounts.js';
import { assemble } from './assemble.js';
import { createBystander } from './bystander.js';
import { declaredBy, LIMIT_PATH, MAILS_PATH, RESTART_PATH } from './declared.js';
import { createEdge } from './edge.js';
import type { Flaw } from './flaw.js';
import type { IdempotencyStore } from './idempotency-store.js';
import { incoming, unacceptable } from './incoming.js';
import { labelRoutes } from './labels.js';
import { noteRoutes } from './notes.js';
import { openApiDocument } from './openapi.js';
import { orderRoutes } from './orders.js';
import type { ReferenceClock } from './reference-clock.js';
import { crash, empty, isObject, json, problem, withReplyHeader, type Reply } from './reply.js';
import { replyOf, toResponse } from './response.js';
import type { Route, Routes } from './routes.js';
import { addStanding } from './standing.js';
import { shopRoutes } from './shop/routes.js';
import { styled } from './styles/styled.js';
import type { Style } from './styles/style.js';
import { isGuarded, settled, type Choices } from './choices.js';
import { isGone, respond } from './wire.js';
import { createWorld } from './world.js';
import { notFound } from './writing.js';

export interface ReferenceOptions {
  /** Where the API is mounted: empty, or a path that begins with a slash and does not end with one. */
  readonly basePath?: string;
  readonly clock: ReferenceClock;
  /** A new id with each call, unique in the instance. */
  readonly ids: () => string;
  readonly store: IdempotencyStore;
  /** `null` = a correct API. */
  readonly flaw: Flaw | null;
  readonly choices: Partial<Choices>;
  /** How it speaks on the wire; `null` = plainly. */
  readonly style?: Style | null;
  /** Milliseconds between check and act in a flaw that has such a window. */
  readonly windowMs?: number;
}

/** One instance of the API. `env` is what the Node server hands over, for answers that go past it. */
export interface ReferenceApp {
  readonly fetch: (request: Request, env?: unknown) => Promise<Response>;
}

/**
 * The reference API: orders and their notes, accounts and deposits, labels. Idempotency keys with a stored answer, PUT to
 * ids of the client's, graceful DELETE, strong ETags with preconditions; where it tells tenants apart, each has records and
 * keys of its own. Its document is at `/openapi.json`. All state belongs to the instance and its store.
 */
export function createReferenceApp({
  basePath = '',
  windowMs = 5,
  flaw,
  choices: chosen,
  style = null,
  ...surroundings
}: ReferenceOptions): ReferenceApp {
  const choices = settled({ ...flaw?.choices, ...chosen, ...style?.choices }, style?.isTagged);
  const place = (): Place => {
    const world = createWorld({ ...surroundings, basePath, windowMs, choices });
    addStanding(world);
    return { world, behaviour: assemble(world, flaw?.hooks ?? null) };
  };
  const { world, behaviour } = place();
  const own = isGuarded(choices) ? guardedRoutes(apiRoutes, place, choices.callers) : apiRoutes(world, behaviour);
  const plain = openApiDocument({ basePath, choices, declared: declaredBy(choices, flaw?.declares) });
  const document = style === null ? plain : style.document(plain);
  const described: Route = { method: 'GET', path: '/openapi.json', handle: () => json(200, document) };
  // What tests do to the surroundings; no part of the API it describes.
  const staged = (path: string, happens: () => void): Route => ({
    method: 'POST',
    path,
    handle: () => {
      happens();
      return empty(204);
    },
  });
  const caught: Route = { method: 'GET', path: MAILS_PATH, handle: () => json(200, { mails: world.mails }) };
  const stages = [staged(RESTART_PATH, behaviour.restarted), staged(LIMIT_PATH, behaviour.limited), caught];
  const hono = routed(basePath, [...own, described, ...stages], behaviour.options);
  const spoken =
    style === null ? null : styled(style, world, async (request, env) => hono.fetch(request, bindings(env)));
  const edge = createEdge(choices, world.clock);
  const bystander = createBystander(world);

  const answered = async (asked: Request, env: unknown): Promise<Response> => {
    const request = edge.admitted(asked);
    const own = (one: Request, bound?: unknown) =>
      spoken === null ? hono.fetch(one, bindings(bound)) : spoken.fetch(one, bound);
    if (request.method !== 'HEAD') return edge.sent(asked, await own(request, env));
    const get = await edge.sent(asked, await own(new Request(request.url, { headers: request.headers })));
    return respond(behaviour.head(await replyOf(get)), env);
  };

  return {
    fetch: async (request, env) => {
      bystander.catchUp();
      const refusal = edge.refusal();
      if (refusal === null) return answered(request, env);
      return edge.sent(request, toResponse(spoken === null ? refusal : spoken.restyled(refusal, request)));
    },
  };
}

const operationRoutes: Routes = ({ operations }) => [
  { method: 'GET', path: '/operations/:id', handle: ({ params }) => operations.polled(params['id'] ?? '') },
];

const apiRoutes: Routes = (world, behaviour) => [
  ...(world.choices.createAnswer === 'operation' ? operationRoutes(world, behaviour) : []),
  ...orderRoutes(world, behaviour),
  ...noteRoutes(world, behaviour),
  ...accountRoutes(world, behaviour),
  ...labelRoutes(world, behaviour),
  ...(world.choices.shop ? shopRoutes(world, behaviour) : []),
];

function routed(basePath: string, routes: readonly Route[], asked: (path: string) => void): Hono {
  const hono = new Hono();
  for (const route of routes) hono.on(route.method, `${basePath}${route.path}`, context => answer(context, route));
  for (const [path, methods] of methodsByPath(routes)) {
    hono.all(`${basePath}${path}`, ({ req }) => {
      if (req.method === 'OPTIONS') asked(req.path.slice(basePath.length));
      return toResponse(otherMethod(req.method, methods));
    });
  }
  hono.notFound(() => toResponse(notFound()));
  hono.onError(() => toResponse(crash()));
  return hono;
}

async function answer(context: Context, { handle }: Route): Promise<Response> {
  const { raw } = context.req;
  const request = await incoming(raw, context.req.param(), () => isGone(raw, context.env));
  return toResponse(unacceptable(request) ?? (await handle(request)));
}

function methodsByPath(routes: readonly Route[]): ReadonlyMap<string, readonly string[]> {
  const methods = new Map<string, readonly string[]>();
  for (const { method, path } of routes) {
    methods.set(path, [...(methods.get(path) ?? []), ...(method === 'GET' ? ['GET', 'HEAD'] : [method])]);
  }
  return methods;
}

function otherMethod(method: string, methods: readonly string[]): Reply {
  const allow = [...methods, 'OPTIONS'].join(', ');
  const reply = method === 'OPTIONS' ? empty(204) : problem(405, 'method', 'The resource has no such method');
  return withReplyHeader(reply, 'allow', allow);
}

function bindings(env: unknown): object | undefined {
  return isObject(env) ? env : undefined;
}
