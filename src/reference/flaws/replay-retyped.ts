import type { Flaw } from '../flaw.js';
import { withReplyHeader } from '../reply.js';

export const replayRetyped: Flaw = {
  id: 'replay-retyped',
  title: 'A retry is answered as text/plain, since only the text of the first answer is stored.',
  exposes: { check: 'key-replay-headers', code: 'header-changed', resource: 'order' },
  hooks: base => ({
    replay: async (attempt, stored) =>
      withReplyHeader(await base.replay(attempt, stored), 'content-type', 'text/plain; charset=utf-8'),
  }),
};
