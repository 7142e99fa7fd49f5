import type { Flaw } from '../flaw.js';
import { crash } from '../reply.js';

export const staleWriteCrashes: Flaw = {
  id: 'stale-write-crashes',
  title: 'A change to an outdated version is answered with 500.',
  exposes: { check: 'if-match-stale-rejected', code: 'crashed', resource: 'order' },
  hooks: base => ({
    precondition: write => (base.precondition(write)?.status === 412 ? crash() : base.precondition(write)),
  }),
};
