import type { Flaw } from '../flaw.js';
import { KEY_HEADER } from '../key-layer.js';
import type { Reply } from '../reply.js';

export const readAnswersCreate: Flaw = {
  id: 'read-answers-create',
  title: 'A read with the key of a create is answered with what the create was answered with.',
  exposes: { check: 'safe-ignores-key', code: 'create-replayed', resource: 'order' },
  hooks: base => {
    const answers = new Map<string, Reply>();
    return {
      keyLayer: async attempt => {
        const reply = await base.keyLayer(attempt);
        answers.set(attempt.given, reply);
        return reply;
      },
      read: (incoming, show) => answers.get(incoming.headers.get(KEY_HEADER) ?? '') ?? base.read(incoming, show),
    };
  },
};
