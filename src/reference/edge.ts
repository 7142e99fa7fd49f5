import { gzipSync } from 'node:zlib';
import type { ReferenceClock } from './reference-clock.js';
import { problem, withReplyHeader, type Reply } from './reply.js';
import type { Choices } from './choices.js';

/** What stands before the API: it turns requests away before anything has happened, compresses, closes connections. */
export interface Edge {
  /** The refusal of a request that comes too soon or at a bad moment, `null` when it may go on. */
  readonly refusal: () => Reply | null;
  /** The request as the API is to see it. */
  readonly admitted: (request: Request) => Request;
  /** The answer as it leaves. */
  readonly sent: (request: Request, response: Response) => Promise<Response>;
}

/** What a strong tag ends in when its representation was compressed: other bytes, another tag (RFC 9110 section 8.8.3.3). */
const SUFFIX = '-gzip';

/** The edge that the choices of an API ask for. */
export function createEdge(choices: Choices, clock: ReferenceClock): Edge {
  const { unavailableEvery, rateLimit, gzip, closes } = choices;
  let requests = 0;
  let second = { atMs: -Infinity, taken: 0 };

  const isUnavailable = () => unavailableEvery > 0 && requests % unavailableEvery === 0;

  const isTooMany = () => {
    if (rateLimit === 0) return false;
    const nowMs = clock.nowMs();
    if (nowMs - second.atMs >= 1000) second = { atMs: nowMs, taken: 0 };
    second.taken += 1;
    return second.taken > rateLimit;
  };

  return {
    refusal: () => {
      requests += 1;
      if (isTooMany()) return withReplyHeader(problem(429, 'rate', 'Too many requests'), 'retry-after', '1');
      if (!isUnavailable()) return null;
      return withReplyHeader(problem(503, 'unavailable', 'Not available at the moment'), 'retry-after', '1');
    },

    admitted: request => (gzip ? withPlainTags(request) : request),

    sent: async (request, response) => {
      const shown = gzip && acceptsGzip(request) ? await compressed(response) : response;
      if (closes) shown.headers.set('connection', 'close');
      return shown;
    },
  };
}

function acceptsGzip({ headers }: Request): boolean {
  return /\bgzip\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))/i.test(headers.get('accept-encoding') ?? '');
}

/** A tag of compressed bytes names the same version of the resource. */
function withPlainTags(request: Request): Request {
  const headers = new Headers(request.headers);
  for (const name of ['if-match', 'if-none-match']) {
    const given = headers.get(name);
    if (given !== null) headers.set(name, given.replaceAll(`${SUFFIX}"`, '"'));
  }
  return new Request(request, { headers });
}

async function compressed(response: Response): Promise<Response> {
  if (response.body === null) return response;
  const bytes = gzipSync(await response.text());
  const headers = new Headers(response.headers);
  const tag = headers.get('etag');
  if (tag !== null && !tag.startsWith('W/')) headers.set('etag', tag.replace(/"$/, `${SUFFIX}"`));
  headers.set('content-encoding', 'gzip');
  headers.set('vary', 'accept-encoding');
  headers.set('content-length', String(bytes.length));
  return new Response(new Uint8Array(bytes), { status: response.status, headers });
}
