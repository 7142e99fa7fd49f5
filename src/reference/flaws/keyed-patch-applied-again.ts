import type { Flaw } from '../flaw.js';

export const keyedPatchAppliedAgain: Flaw = {
  id: 'keyed-patch-applied-again',
  title: 'The key layer stands before POST alone: a PATCH is applied again under its key.',
  exposes: { check: 'patch-key-single-apply', code: 'applied-twice', resource: 'tags' },
  choices: { preconditionRequired: false },
  hooks: base => ({
    keyLayer: attempt => (attempt.incoming.method === 'PATCH' ? attempt.execute() : base.keyLayer(attempt)),
  }),
};
