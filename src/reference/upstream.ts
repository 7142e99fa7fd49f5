import { problem, type Reply } from './reply.js';
import type { Choices } from './choices.js';

/** What stands behind and before the API on the way of a keyed operation, and is in trouble at times. */
export interface Upstream {
  /** The operation, or a refusal in its place: then nothing was done. */
  readonly through: (execute: () => Promise<Reply>) => Promise<Reply>;
  /** The answer as it reaches the client: at times a gateway that gave up has the word. */
  readonly delivered: (reply: Reply) => Reply;
}

const TITLES = { 429: 'Too many requests', 502: 'Bad gateway', 503: 'Not available at the moment' } as const;

/** The troubles that the choices of an API ask for. */
export function createUpstream({ upstreamFailsEvery, upstreamStatus, timeoutEvery }: Choices): Upstream {
  let executed = 0;
  let answered = 0;
  return {
    async through(execute) {
      executed += 1;
      const isFailing = upstreamFailsEvery > 0 && executed % upstreamFailsEvery === 0;
      return isFailing ? problem(upstreamStatus, 'upstream', TITLES[upstreamStatus]) : execute();
    },
    delivered(reply) {
      answered += 1;
      const isLate = timeoutEvery > 0 && answered % timeoutEvery === 0;
      return isLate ? gatewayTimeout() : reply;
    },
  };
}

/** The answer of a gateway that waited long enough (RFC 9110 section 15.6.5). */
export function gatewayTimeout(): Reply {
  return problem(504, 'timeout', 'Gateway timeout');
}
