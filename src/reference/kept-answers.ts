import type { Behaviour, KeyBehaviour } from './behaviour.js';
import type { Reply } from './reply.js';

/** A key layer that keeps for ever what no key layer should, whatever the request says when its key comes again. */
export function keepingAnswers(base: Behaviour, isKept: (reply: Reply) => boolean): Pick<KeyBehaviour, 'keyLayer'> {
  const answers = new Map<string, Reply>();
  return {
    keyLayer: async attempt => {
      const reply = answers.get(attempt.key) ?? (await base.keyLayer(attempt));
      if (isKept(reply)) answers.set(attempt.key, reply);
      return reply;
    },
  };
}
