import type { HeaderLine, Request, Response } from '../core/http.js';
import { operationsOf, type Outgoing, type Resource } from '../core/resource.js';

/** What is stored at a place; `null` once it was deleted. */
type State = { readonly body: string; readonly version: number } | null;

/**
 * An API made of thin air, that answers as it should: it remembers what was written where, gives versions, replays a key, and
 * knows nothing of time.
 */
export function createStandIn(resources: readonly Resource[]): (sent: Outgoing) => Response {
  const byOperation = new Map(resources.flatMap(one => operationsOf(one).map(({ name }) => [name, one] as const)));
  const states = new Map<string, State>();
  const keyed = new Map<string, Response>();
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

  return sent => {
    const { method, path, headers, body } = sent.request;
    const repeat = `${method} ${path} ${JSON.stringify(headers)} ${body}`;
    const known = sent.operation.contract.key === null ? undefined : keyed.get(repeat);
    if (known !== undefined) return known;
    const answer = fresh(sent);
    keyed.set(repeat, answer);
    return answer;
  };
}

function isStale({ headers }: Request, version: number | undefined): boolean {
  const named = headers.find(([name]) => name.toLowerCase() === 'if-match')?.[1];
  return named !== undefined && version !== undefined && named !== `"${version}"`;
}

function response(status: number, body: string, version: number | null = null): Response {
  const headers: readonly HeaderLine[] = version === null ? [] : [['etag', `"${version}"`]];
  return { status, headers, body, bodyEncoding: 'utf8', bodyBytes: body.length, truncated: false };
}
