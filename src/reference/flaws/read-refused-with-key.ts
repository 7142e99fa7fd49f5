import type { Flaw } from '../flaw.js';
import { KEY_HEADER } from '../key-layer.js';
import { problem } from '../reply.js';

export const readRefusedWithKey: Flaw = {
  id: 'read-refused-with-key',
  title: 'A read that carries a key is refused with 400.',
  exposes: { check: 'safe-ignores-key', code: 'refused-with-key', resource: 'order' },
  hooks: base => ({
    read: (incoming, show) =>
      incoming.headers.has(KEY_HEADER)
        ? problem(400, 'key-not-supported', 'A read takes no idempotency key')
        : base.read(incoming, show),
  }),
};
