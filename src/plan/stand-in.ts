import type { HeaderLine, Request, Response } from '../core/http.js';
import type { Operation } from '../core/operation.js';
import { operationsOf, type Outgoing, type Resource } from '../core/resource.js';
import type { Scope } from '../core/scope.js';

/** What is stored at a place; `null` once it was deleted. */
type State = { readonly body: string; readonly version: number } | null;

/** An API to rehearse on. */
export interface StandIn {
  readonly respond: (sent: Outgoing) => Response;
  /** How often an operation was carried out on what it acts on. */
  readonly actsOf: (operation: Operation, scope: Scope) => number;
}

/**
 * An API made of thin air, that answers as it should: it remembers what was written where, gives versions, replays a key, and
 * knows nothing of time.
 */
export function createStandIn(resources: readonly Resource[]): StandIn {
  const byOperation = new Map(resources.flatMap(one => operationsOf(one).map(({ name }) => [name, one] as const)));
  const states = new Map<string, State>();
  const keyed = new Map<string, Response>();
  const acts = new Map<string, number>();
  let ids = 0;

  function created({ operation, request, scope }: Outgoing): Response {
    const resource = byOperation.get(operation.name);
    const id = resource?.id.from?.(scope) ?? String(++ids);
    states.set(`${operation.resource}/${id}`, { body: request.body ?? '', version: 1 });
    const answer = response(201, request.body ?? '{}');
    return resource?.id.chosenBy === 'server' ? resource.id.place(answer, id) : answer;
  }

  function fresh(sent: Outgoing): Response {
    const { operation, request, scope } = sent;
    const acted = actedOn(operation, scope);
    acts.set(acted, (acts.get(acted) ?? 0) + 1);
    const at = `${operation.resource}/${String(scope.values['id'] ?? '')}`;
    const state = states.get(at);
    switch (operation.role) {
      case 'create':
        return created(sent);
      case 'replace':
      case 'update':
        if (isStale(request, state?.version)) return response(412, '');
        states.set(at, { body: request.body ?? '', version: (state?.version ?? 0) + 1 });
        return response(200, request.body ?? '{}');
      case 'delete':
        if (state === null) return response(404, '');
        if (isStale(request, state?.version)) return response(412, '');
        states.set(at, null);
        return response(204, '');
      case 'read':
        return state === null ? response(404, '') : response(200, state?.body ?? '{}', state?.version ?? 1);
      case 'list':
      case 'other':
        return response(200, '[]');
      default:
        return response(201, '{}');
    }
  }

  const respond = (sent: Outgoing): Response => {
    const { method, path, headers, body } = sent.request;
    const repeat = `${method} ${path} ${JSON.stringify(headers)} ${body}`;
    const known = sent.operation.contract.key === null ? undefined : keyed.get(repeat);
    if (known !== undefined) return known;
    const answer = fresh(sent);
    keyed.set(repeat, answer);
    return answer;
  };

  return { respond, actsOf: (operation, scope) => acts.get(actedOn(operation, scope)) ?? 0 };
}

/** What an operation moves: the resource it acts on; for a create what its parents are. */
function actedOn({ role, resource }: Operation, { values }: Scope): string {
  const kept = Object.entries(values).filter(([name]) => role !== 'create' || name.endsWith('.id'));
  return `${role} ${resource} ${JSON.stringify(kept)}`;
}

function isStale({ headers }: Request, version: number | undefined): boolean {
  const named = headers.find(([name]) => name.toLowerCase() === 'if-match')?.[1];
  return named !== undefined && version !== undefined && named !== `"${version}"`;
}

function response(status: number, body: string, version: number | null = null): Response {
  const headers: readonly HeaderLine[] = version === null ? [] : [['etag', `"${version}"`]];
  return { status, headers, body, bodyEncoding: 'utf8', bodyBytes: body.length, truncated: false };
}
