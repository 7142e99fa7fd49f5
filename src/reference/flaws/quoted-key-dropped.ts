import type { Flaw } from '../flaw.js';
import { KEY_HEADER } from '../key-layer.js';

export const quotedKeyDropped: Flaw = {
  id: 'quoted-key-dropped',
  title: 'A key in quotes is not understood, and the request is carried out as if it had none.',
  exposes: { check: 'key-structured-string', code: 'quoted-unprotected', resource: 'order' },
  hooks: base => ({
    keyLayer: attempt =>
      attempt.incoming.headers.get(KEY_HEADER)?.startsWith('"') === true ? attempt.execute() : base.keyLayer(attempt),
  }),
};
