import type { Flaw } from '../flaw.js';
import { KEY_HEADER } from '../key-layer.js';
import type { Reply } from '../reply.js';

export const readReplayedByKey: Flaw = {
  id: 'read-replayed-by-key',
  title: 'A read that carries a key gets the first answer of that key for ever.',
  exposes: { check: 'safe-ignores-key', code: 'stale-read', resource: 'order' },
  hooks: base => {
    const answers = new Map<string, Reply>();
    return {
      read: async (incoming, show) => {
        const key = incoming.headers.get(KEY_HEADER);
        if (key === null) return base.read(incoming, show);
        const name = `${key} ${incoming.target}`;
        const reply = answers.get(name) ?? (await base.read(incoming, show));
        answers.set(name, reply);
        return reply;
      },
    };
  },
};
