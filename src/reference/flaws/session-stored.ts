import type { Flaw } from '../flaw.js';
import { withReplyHeader } from '../reply.js';

export const sessionStored: Flaw = {
  id: 'session-stored',
  title: 'Each answer begins a session with a cookie, and a retry is given the session of the first one.',
  exposes: { check: 'key-replay-headers', code: 'session-replayed', resource: 'order' },
  hooks: (base, { ids }) => {
    const sessions = new Map<string, string>();
    return {
      keyLayer: async attempt => {
        const session = sessions.get(attempt.key) ?? ids();
        sessions.set(attempt.key, session);
        return withReplyHeader(await base.keyLayer(attempt), 'set-cookie', `session=${session}; HttpOnly`);
      },
    };
  },
};
