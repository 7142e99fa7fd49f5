import type { Flaw } from '../flaw.js';
import { withReplyHeader } from '../reply.js';

export const replayCodingStored: Flaw = {
  id: 'replay-coding-stored',
  title: 'A retry carries the Content-Encoding of the first answer over a body that is not coded.',
  exposes: { check: 'key-replay-headers', code: 'unreadable', resource: 'order' },
  hooks: base => ({
    replay: async (attempt, stored) => withReplyHeader(await base.replay(attempt, stored), 'content-encoding', 'gzip'),
  }),
};
