import type { Flaw } from '../flaw.js';
import { KEY_HEADER } from '../key-layer.js';

export const emptyKeyShared: Flaw = {
  id: 'empty-key-shared',
  title: 'An empty key counts as a key, which all requests with an empty one share.',
  exposes: { check: 'key-invalid-no-5xx', code: 'collapsed', resource: 'order' },
  hooks: base => ({
    keyInvalid: attempt =>
      attempt.incoming.headers.get(KEY_HEADER) === '' ? base.keyLayer(attempt) : base.keyInvalid(attempt),
  }),
};
