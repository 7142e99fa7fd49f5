import { spoiltByAbort } from '../abandonment.js';
import type { Flaw } from '../flaw.js';
import { withJson } from '../reply.js';

export const abortRenamesRecord: Flaw = {
  id: 'abort-renames-record',
  title: 'When the client goes away the answer that is kept for its retry names an order that does not exist.',
  exposes: { check: 'key-abort-then-retry', code: 'other-record', resource: 'order' },
  hooks: (base, world) =>
    spoiltByAbort(base, world, (_, reply) => ({
      kind: 'stored',
      reply: withJson(reply, value => ({ ...value, id: world.ids() })),
    })),
};
