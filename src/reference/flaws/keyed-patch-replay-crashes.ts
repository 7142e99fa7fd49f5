import type { Flaw } from '../flaw.js';
import { crash } from '../reply.js';

export const keyedPatchReplayCrashes: Flaw = {
  id: 'keyed-patch-replay-crashes',
  title: 'A PATCH that comes again under its key is answered with 500.',
  exposes: { check: 'patch-key-single-apply', code: 'replay-crashed', resource: 'tags' },
  hooks: base => ({
    replay: (attempt, stored) => (attempt.incoming.method === 'PATCH' ? crash() : base.replay(attempt, stored)),
  }),
};
