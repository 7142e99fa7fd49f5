import type { Reply } from '../reply.js';
import { replyOf, toResponse } from '../response.js';
import type { Asked, Style, Surroundings } from './style.js';

type Fetch = (request: Request, env?: unknown) => Promise<Response>;

/** A way into the API in a style, and the reply of whoever stands before it as the style has it. */
export interface Styled {
  readonly fetch: Fetch;
  readonly restyled: (reply: Reply, request: Request) => Reply;
}

/** The plain API behind a style. Its document is no part of what is translated. */
export function styled(style: Style, surroundings: Surroundings, plain: Fetch): Styled {
  const { toPlain, toWire } = style.open(surroundings);
  const { basePath } = surroundings;
  return {
    restyled: (reply, request) => toWire(reply, askedBy(request, basePath, null)),
    async fetch(request, env) {
      const asked = askedBy(request, basePath, request.body === null ? null : await request.text());
      if (asked.path === '/openapi.json') return plain(request, env);
      const wanted = toPlain(asked);
      if ('status' in wanted) return toResponse(wanted);
      return toResponse(toWire(await replyOf(await plain(written(wanted, request, basePath), env)), asked));
    },
  };
}

function askedBy(request: Request, basePath: string, body: string | null): Asked {
  const { pathname, searchParams: query } = new URL(request.url);
  return { method: request.method, path: pathname.slice(basePath.length), query, headers: request.headers, body };
}

function written({ method, path, query, headers, body }: Asked, { url, signal }: Request, basePath: string): Request {
  const target = new URL(url);
  target.pathname = `${basePath}${path}`;
  target.search = query.toString();
  return new Request(target, { method, headers, signal, ...(body === null ? {} : { body }) });
}
