import type { Flaw } from '../flaw.js';
import type { Reply } from '../reply.js';

export const replayReformatted: Flaw = {
  id: 'replay-reformatted',
  title: 'A retry gets the same JSON, written in other bytes.',
  exposes: { check: 'key-replay-response', code: 'reformatted', resource: 'order' },
  hooks: base => ({
    replay: async (attempt, stored) => indented(await base.replay(attempt, stored)),
  }),
};

function indented(reply: Reply): Reply {
  return reply.body === null ? reply : { ...reply, body: JSON.stringify(JSON.parse(reply.body), null, 2) };
}
