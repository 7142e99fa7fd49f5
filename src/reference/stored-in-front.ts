import type { Attempt } from './behaviour.js';
import type { Incoming } from './incoming.js';
import { endpointOf, KEY_HEADER, kept } from './key-layer.js';
import type { Reply } from './reply.js';

/** Answers kept in front of the API, by endpoint and key alone. */
export interface AnswersInFront {
  /** The key layer, with each of its successes kept. */
  readonly keeping: (layer: (attempt: Attempt) => Promise<Reply>) => (attempt: Attempt) => Promise<Reply>;
  readonly find: (incoming: Incoming) => Reply | null;
}

/** A store that knows nothing of callers, for flaws that look at the key before the token. */
export function createAnswersInFront(): AnswersInFront {
  const answers = new Map<string, Reply>();
  return {
    keeping: layer => async attempt => {
      const reply = await layer(attempt);
      if (reply.status < 300) answers.set(`${endpointOf(attempt.incoming)} ${attempt.given}`, kept(reply));
      return reply;
    },
    find: incoming => answers.get(`${endpointOf(incoming)} ${incoming.headers.get(KEY_HEADER) ?? ''}`) ?? null,
  };
}
