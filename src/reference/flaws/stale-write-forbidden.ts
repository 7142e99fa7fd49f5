import type { Flaw } from '../flaw.js';
import { problem } from '../reply.js';

export const staleWriteForbidden: Flaw = {
  id: 'stale-write-forbidden',
  title: 'A change to an outdated version is refused with 403.',
  exposes: { check: 'if-match-stale-rejected', code: 'odd-status', resource: 'order' },
  hooks: base => ({
    precondition: write =>
      base.precondition(write)?.status === 412 ? problem(403, 'forbidden', 'Forbidden') : base.precondition(write),
  }),
};
